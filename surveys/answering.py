"""Taking an answer: each part is kept as it is given, Send is final, and both may be changed until the survey closes.

Earlier marks stay readable: every press is a Submission row. An answer's words are a text of the case.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from cases import letters, words
from cases.models import Case, Event, Words
from cases.refusals import Refused
from cases.steps import survey
from surveys import extras, judging
from surveys.inviting import hold_invitation
from surveys.models import Answer, Invitation, InvitationState, Submission, SurveyVerdict

_NONE: extras.Given = {}


@transaction.atomic
def keep_part(
    *, invitation: Invitation, marks: Mapping[str, int], text: str, now: datetime, more: extras.Given = _NONE
) -> Answer | None:
    """Keep what is filled in so far; None where nothing is. Judged once it has rested for 30 minutes.

    A mark left out keeps its earlier value; `more` answers optional questions by their key.
    Raise `Refused` once the survey is closed.
    """
    case, held = hold_invitation(invitation)
    check_open(held, now)
    answer = _answer(held, now)
    fresh = extras.news(held, answer, more)
    if not _take(case, answer, marks, text, now, bool(fresh)):
        return answer if answer.pk else None
    _save(held, answer)
    extras.keep(case=case, answer=answer, fresh=fresh, now=now)
    _note(answer, now)
    return answer


@transaction.atomic
def send(
    *, invitation: Invitation, marks: Mapping[str, int], text: str, now: datetime, more: extras.Given = _NONE
) -> Answer:
    """Take the answer as final and judge it in the same transaction; the same answer sent twice changes nothing.

    Raise `Refused` for an empty answer, and once the survey is closed.
    """
    case, held = hold_invitation(invitation)
    check_open(held, now)
    answer = _answer(held, now)
    fresh = extras.news(held, answer, more)
    changed = _take(case, answer, marks, text, now, bool(fresh))
    if not answer.marks and answer.words is None and not (fresh or extras.marks_of(answer)):
        raise Refused(_("Nothing is filled in yet. Choose at least one number, or write a word."))
    if answer.sent_at is not None and not changed and answer.verdict != SurveyVerdict.HELD:
        return answer
    answer.sent_at = answer.kept_at = now
    _save(held, answer)
    extras.keep(case=case, answer=answer, fresh=fresh, now=now)
    _note(answer, now, final=True)
    judging.judge(case=case, invitation=held, answer=answer, now=now)
    return answer


def check_open(invitation: Invitation, now: datetime) -> None:
    """Raise `Refused` once the survey is closed."""
    if not is_open(invitation, now):
        raise Refused(
            _("This survey is closed. If something is still missing, ask us to call you: the button is below.")
        )


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Tell whether an answer may be given or changed: to the end of the day we named, where its reader lives."""
    if invitation.closes_at is None:
        return False
    here = invitation.closes_at.astimezone(ZoneInfo(letters.zone_of(invitation.case, invitation.contact)))
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return now < midnight


def _answer(invitation: Invitation, now: datetime) -> Answer:
    known = Answer.objects.select_for_update(no_key=True, of=("self",)).select_related("words")
    return known.filter(invitation=invitation).first() or Answer(invitation=invitation, kept_at=now)


def _take(case: Case, answer: Answer, marks: Mapping[str, int], text: str, now: datetime, says_extra: bool) -> bool:
    """Put what was given into the answer; tell whether anything is new. A new part is judged anew."""
    fresh = {name: mark for name, mark in marks.items() if getattr(answer, name) != mark}
    before = answer.words.text if answer.words else ""
    says_more = text.strip() != before.strip()
    if not (fresh or says_more or says_extra):
        return False
    for name, mark in fresh.items():
        setattr(answer, name, mark)
    if says_more:
        answer.words = _replaced(case, answer.words, text, now)
    answer.kept_at, answer.judged_at = now, None
    if answer.verdict == SurveyVerdict.HELD:
        judging.release(case=case, answer=answer, now=now)
    return True


def _replaced(case: Case, old: Words | None, text: str, now: datetime) -> Words | None:
    """Return the row of the new text. What the timeline has not told yet is typing, and leaves no trace."""
    row = words.write(text=text, now=now, case=case) if text.strip() else None
    if old is not None and not Event.objects.filter(words=old).exists():
        Answer.objects.filter(words=old).update(words=row)
        old.delete()
    return row


def _note(answer: Answer, now: datetime, *, final: bool = False) -> None:
    marks = {**answer.marks, **extras.marks_of(answer)}
    Submission.objects.create(answer=answer, at=now, marks=marks, final=final)


def _save(invitation: Invitation, answer: Answer) -> None:
    answer.save()
    if invitation.state == InvitationState.SILENT:
        survey.answered_after_all(case=invitation.case)
    invitation.state, invitation.next_at = InvitationState.ANSWERED, None
    invitation.save(update_fields=["state", "next_at"])
