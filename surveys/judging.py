"""The verdict: at Send, or 30 minutes after the last part; a low one sends the case back (product: Survey page).

A mean of the 1–5 marks under 3, or any 1, reopens the case, tells owner and lead with the words, and lies on the
docket at once. An answer is held as unverified only where a machine may have given it; then the lead decides, never
the owner, within 4 working hours, and undecided after 2 days it counts.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cases import access, deadlines, escalation, plan, presence, sweeping, timeline, workflow
from cases.enums import CaseState, DueKind, EscalationReason, Outcome
from cases.locking import hold_living
from cases.models import Case
from cases.refusals import Refused
from cases.steps import survey
from mail.models import Message
from surveys import letters, telling, verdicts
from surveys.inviting import hold_invitation, step_is_open
from surveys.models import Answer, Invitation, InvitationState, SurveyVerdict
from surveys.reminding import next_moment

SWEEP = "judge"
BATCH = 200
REST = timedelta(minutes=30)
HELD_AT_MOST = timedelta(days=2)
TIME_TO_DECIDE = "4h"
JUDGED = (SurveyVerdict.FINE, SurveyVerdict.LOOK, SurveyVerdict.REOPEN)
ENDED_WELL = (Outcome.RECOVERED, Outcome.ACCEPTED_SILENTLY)


def judge_due(now: datetime, *, limit: int = BATCH) -> int:
    """Judge answers whose parts have rested, and count held ones nobody decided on; return how many."""
    aside = sweeping.set_aside(SWEEP, "Answer")
    rested = Q(kept_at__lte=now - REST) & ~Q(verdict=SurveyVerdict.HELD)
    undecided = Q(kept_at__lte=now - HELD_AT_MOST, verdict=SurveyVerdict.HELD)
    waiting = Answer.objects.filter(rested | undecided, judged_at=None).exclude(pk__in=aside)
    rows = list(waiting.order_by("kept_at", "id")[:limit])
    return sweeping.each(SWEEP, rows, lambda row: judge_rested(row.pk, now), now=now)


@transaction.atomic
def judge_rested(answer_pk: int, now: datetime) -> None:
    """Judge one answer unless somebody was faster; a held one counts now."""
    case, invitation, answer = _hold(answer_pk)
    rest = HELD_AT_MOST if answer.verdict == SurveyVerdict.HELD else REST
    if answer.judged_at is not None or answer.kept_at > now - rest:
        return
    if answer.verdict == SurveyVerdict.HELD:
        _settle(case, invitation, answer, now)
    else:
        judge(case=case, invitation=invitation, answer=answer, now=now)


def judge(*, case: Case, invitation: Invitation, answer: Answer, now: datetime) -> None:
    """Judge a locked answer, or hold it as unverified, inside the caller's transaction."""
    facts = {"invitation": invitation.pk, **answer.marks}
    timeline.record(
        case=case,
        kind=timeline.Kind.SURVEY_ANSWERED,
        now=now,
        contact=invitation.contact,
        words=answer.words,
        facts=facts,
    )
    doubt = _doubt(invitation, answer)
    if doubt:
        _hold_back(case, invitation, answer, doubt, now)
    else:
        _settle(case, invitation, answer, now)


@transaction.atomic
def decide_held(*, answer: Answer, actor: User, counts: bool, now: datetime) -> SurveyVerdict:
    """Say as lead whether a held answer is theirs. If not, it is set aside and the survey stays open.

    Raise `Refused` for anybody but the lead, for the case's own owner, and where it is decided already.
    """
    case, invitation, held = _hold(answer.pk)
    if not access.may_lead(actor, case) or actor.pk == case.owner_id:
        raise Refused("Whether this answer counts is for the team lead to say, and never for the owner of the case.")
    if held.verdict != SurveyVerdict.HELD or held.judged_at is not None:
        raise Refused("This answer is no longer held. Reload the page to see what was decided.")
    if counts:
        _settle(case, invitation, held, now, actor)
    else:
        _set_aside(case, invitation, held, now, actor)
    return SurveyVerdict(held.verdict)


def release(*, case: Case, answer: Answer, now: datetime) -> None:
    """Take back the doubt about an answer: something new was given, and the lead need not decide any more."""
    answer.verdict, answer.held_why = SurveyVerdict.PENDING, ""
    if deadlines.stop(case=case, kind=DueKind.REPLY, ref=-answer.pk, now=now):
        plan.refresh(case)


def _hold(answer_pk: int) -> tuple[Case, Invitation, Answer]:
    invitation_pk = Answer.objects.values_list("invitation_id", flat=True).get(pk=answer_pk)
    case, invitation = hold_invitation(invitation_pk)
    locked = Answer.objects.select_for_update(no_key=True, of=("self",)).select_related("words")
    answer = locked.get(pk=answer_pk)
    answer.invitation = invitation
    return case, invitation, answer


# Doubt


def _doubt(invitation: Invitation, answer: Answer) -> str:
    """Return why the answer may not be theirs, as a short code, or nothing."""
    has_words = answer.words is not None
    delivered = _delivered_at(invitation, answer.kept_at)
    if verdicts.too_fast(posted_at=answer.kept_at, delivered_at=delivered, has_words=has_words):
        return "too_fast"
    just_before = answer.submissions.filter(final=True, at__gt=answer.kept_at - verdicts.TOO_FAST)
    return "contradictory" if verdicts.contradicts(answer.marks, [one.marks for one in just_before]) else ""


def _delivered_at(invitation: Invitation, before: datetime) -> datetime | None:
    keys = [letters.key_of(invitation, invitation.contact_id, number) for number in letters.LETTERS]
    left = Message.objects.filter(key__in=keys, sent_at__lte=before).order_by("-sent_at")
    return left.values_list("sent_at", flat=True).first()


def _hold_back(case: Case, invitation: Invitation, answer: Answer, doubt: str, now: datetime) -> None:
    """Keep the answer from acting until the lead has said whether it is theirs; ask the customer if it is low."""
    answer.verdict, answer.held_why = SurveyVerdict.HELD, doubt
    answer.save(update_fields=["verdict", "held_why"])
    lead = presence.lead_of(case)
    deadlines.start(
        case=case,
        kind=DueKind.REPLY,
        ref=-answer.pk,
        allowed=TIME_TO_DECIDE,
        started_at=now,
        owner_id=lead.pk if lead else None,
    )
    facts = {"invitation": invitation.pk, "verdict": SurveyVerdict.HELD.value, "why": doubt}
    timeline.record(case=case, kind=timeline.Kind.SURVEY_JUDGED, now=now, facts=facts)
    plan.refresh(case)
    telling.held(case=case, answer=answer, invitation=invitation, now=now)
    if verdicts.verdict_of(answer.marks, has_words=False) == SurveyVerdict.REOPEN:
        letters.was_this_you(invitation=invitation, case=case, now=now)


def _set_aside(case: Case, invitation: Invitation, answer: Answer, now: datetime, actor: User) -> None:
    """Leave a machine's answer out: it stays held for good, and the customer is still asked."""
    deadlines.stop(case=case, kind=DueKind.REPLY, ref=-answer.pk, now=now)
    answer.judged_at = now
    answer.save(update_fields=["judged_at"])
    invitation.state, invitation.next_at = InvitationState.SENT, next_moment(case, invitation, now)
    invitation.save(update_fields=["state", "next_at"])
    facts = {"invitation": invitation.pk, "verdict": "set_aside"}
    timeline.record(case=case, kind=timeline.Kind.SURVEY_JUDGED, now=now, actor=actor, facts=facts)
    plan.refresh(case)


# Verdict


def _settle(case: Case, invitation: Invitation, answer: Answer, now: datetime, actor: User | None = None) -> None:
    """Give the verdict and act on it. A later better answer is kept and told, and undoes nothing."""
    found = verdicts.verdict_of(answer.marks, has_words=answer.words is not None)
    deadlines.stop(case=case, kind=DueKind.REPLY, ref=-answer.pk, now=now)
    before = SurveyVerdict(answer.verdict)
    answer.verdict, answer.judged_at = verdicts.worse(before, found), now
    answer.save(update_fields=["verdict", "judged_at"])
    facts = {"invitation": invitation.pk, "verdict": found.value, "earlier": before.value}
    timeline.record(case=case, kind=timeline.Kind.SURVEY_JUDGED, now=now, actor=actor, facts=facts)
    if found == SurveyVerdict.REOPEN and before != SurveyVerdict.REOPEN:
        _send_back(case, invitation, answer, now)
    else:
        _complete(case, invitation, now, settles=True)
        telling.answered(case=case, invitation=invitation, answer=answer, changed=before in JUDGED, now=now)
    plan.refresh(case)


def _complete(case: Case, invitation: Invitation, now: datetime, *, settles: bool) -> None:
    if case.round == invitation.round and step_is_open(case):
        survey.complete(case=case, how="answered", now=now, settles=settles)


def _send_back(case: Case, invitation: Invitation, answer: Answer, now: datetime) -> None:
    """Reopen the case, unless it is open again already, and lay it on the docket; owner and lead are told.

    Of a case merged meanwhile the surviving one is meant.
    """
    _complete(case, invitation, now, settles=False)
    case = hold_living(case)
    reopens = _may_reopen(case)
    if reopens:
        workflow.reopen(case=case, why="low_answer", now=now, contact=invitation.contact, words=answer.words)
    escalation.escalate(case=case, reason=EscalationReason.LOW_ANSWER, ref=answer.pk, now=now, words=answer.words)
    telling.low(case=case, invitation=invitation, answer=answer, reopened=reopens, now=now)


def _may_reopen(case: Case) -> bool:
    """Tell whether the case is put right or closed that way; one ended by an act is the council's to take up again."""
    return case.state == CaseState.RESOLVED or (case.state == CaseState.CLOSED and case.outcome in ENDED_WELL)
