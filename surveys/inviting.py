"""Asking: a few days after the confirmation each case asks its customer once a round.

A sweep first plans an invitation for every case that was put right and has not asked yet, then lets those leave
whose moment has come (product: Survey; One invitation per contact in 30 days).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import passes
from accounts.models import Pass
from cases import sweeping, timeline
from cases.enums import CaseState, StepNumber, StepState
from cases.locking import hold
from cases.models import Case, Contact, Step
from cases.policy import rules_of
from cases.steps import survey
from surveys import choosing, letters, questions
from surveys.models import Invitation, InvitationState

SWEEP = "invite"
BATCH = 200
# Longer than the survey is open: a late reader still finds who to call.
LIFETIME = timedelta(days=90)


def invite_due(now: datetime, *, limit: int = BATCH) -> int:
    """Plan invitations for cases newly put right, and send those whose moment has come; return how many of these."""
    plan_new(now, limit=limit)
    aside = sweeping.set_aside(SWEEP, "Invitation")
    waiting = Invitation.objects.filter(state=InvitationState.PLANNED, next_at__lte=now).exclude(pk__in=aside)
    rows = list(waiting.order_by("next_at", "id")[:limit])
    return sweeping.each(SWEEP, rows, lambda row: leave(row, now), now=now)


def plan_new(now: datetime, *, limit: int = BATCH) -> int:
    """Plan an invitation for each case whose present round was put right and has none; return how many.

    Imported history is never asked. Three statements, however many cases; a second run adds nothing. A case whose
    rules cannot be read is set aside and stops no other.
    """
    step = Step.objects.filter(
        case=OuterRef("pk"), round=OuterRef("round"), number=StepNumber.SURVEY, state=StepState.PLANNED
    )
    asked = Invitation.objects.filter(case=OuterRef("pk"), round=OuterRef("round"))
    cases = Case.objects.live().filter(Exists(step), ~Exists(asked), state=CaseState.RESOLVED)
    cases = cases.exclude(pk__in=sweeping.set_aside(SWEEP, "Case")).order_by("resolved_at", "id")[:limit]
    rows = [row for _, row in sweeping.worked_out(SWEEP, cases, lambda case: _planned(case, now), now=now)]
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def delay_of(case: Case) -> timedelta:
    """Return how long after the confirmation a case asks: the installation's own setting, else its policy's days."""
    if settings.SURVEY_DELAY is not None:
        return settings.SURVEY_DELAY
    return timedelta(days=rules_of(case.policy_version_id)["survey"]["after_days"])


@transaction.atomic
def leave(planned: Invitation | int, now: datetime) -> None:
    """Send one planned invitation, or write down why nobody could be asked. Called off where the case went back."""
    case, invitation = hold_invitation(planned)
    if invitation.state != InvitationState.PLANNED or invitation.next_at is None or invitation.next_at > now:
        return
    if overtaken(case, invitation):
        end(invitation, InvitationState.CALLED_OFF)
    else:
        ask(case=case, invitation=invitation, now=now)


def ask(*, case: Case, invitation: Invitation, now: datetime) -> None:
    """Send the question to the first who can be asked and was not yet, inside the caller's transaction."""
    contact, why = choosing.whom(case=case, now=now, first=invitation.contact_id is None)
    if contact is None:
        give_up(case=case, invitation=invitation, reason=why, now=now)
    else:
        _send(case, invitation, contact, now)


def give_up(*, case: Case, invitation: Invitation, reason: str, now: datetime) -> None:
    """Complete the survey step as *could not be asked*, with the reason as a short code."""
    invitation.reason = reason
    end(invitation, InvitationState.NOT_ASKED)
    facts = {"invitation": invitation.pk, "how": "not_asked", "reason": reason}
    contact = invitation.contact
    timeline.record(case=case, kind=timeline.Kind.SURVEY_ENDED, now=now, contact=contact, facts=facts)
    survey.complete(case=case, how="not_asked", now=now)


def hold_invitation(one: Invitation | int) -> tuple[Case, Invitation]:
    """Lock the case of an invitation, with its people beside it, then the invitation, and return both fresh."""
    row = Invitation.objects.only("case").get(pk=one) if isinstance(one, int) else one
    case = hold(row.case_id, beside=("owner", "team__lead"))
    locked = Invitation.objects.select_for_update(no_key=True, of=("self",))
    invitation = locked.select_related("contact", "link", "message", "form").get(pk=row.pk)
    invitation.case = case
    return case, invitation


def overtaken(case: Case, invitation: Invitation) -> bool:
    """Tell whether the case went back to work, or asked otherwise, since this invitation was planned."""
    return case.round != invitation.round or not step_is_open(case)


def step_is_open(case: Case) -> bool:
    """Tell whether the survey step of the present round is still planned."""
    return Step.objects.filter(case=case, round=case.round, number=StepNumber.SURVEY, state=StepState.PLANNED).exists()


def end(invitation: Invitation, state: InvitationState) -> None:
    """Put an invitation into a state in which nothing more leaves."""
    invitation.state, invitation.next_at = state, None
    invitation.save(update_fields=["state", "next_at", "reason"])


def days(case: Case, name: str) -> list[timedelta]:
    """Return a survey time of the case's policy, `reminder_days` or `open_days`, as lengths of time."""
    given = rules_of(case.policy_version_id)["survey"][name]
    return [timedelta(days=day) for day in (given if isinstance(given, list) else [given])]


def _planned(case: Case, now: datetime) -> Invitation:
    leaves_at = case.resolved_at + delay_of(case)
    return Invitation(case=case, round=case.round, planned_at=now, next_at=leaves_at)


def _send(case: Case, invitation: Invitation, contact: Contact, now: datetime) -> None:
    target = f"invitation-{invitation.pk}"
    if invitation.link is not None:
        passes.revoke(purpose=Pass.Purpose.SURVEY, target=target, now=now)
    invitation.link = passes.issue(purpose=Pass.Purpose.SURVEY, target=target, now=now, lifetime=LIFETIME)
    invitation.contact, invitation.state, invitation.reminders = contact, InvitationState.SENT, 0
    invitation.sent_at, invitation.closes_at = now, now + days(case, "open_days")[0]
    invitation.next_at = min(now + days(case, "reminder_days")[0], invitation.closes_at)
    invitation.form = questions.current()
    invitation.message = letters.survey(invitation=invitation, case=case, now=now)
    invitation.save()
    facts = {"invitation": invitation.pk, "closes_at": invitation.closes_at.isoformat()}
    timeline.record(case=case, kind=timeline.Kind.SURVEY_SENT, now=now, contact=contact, facts=facts)
