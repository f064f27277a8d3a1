"""The only way from a customer's link, or a colleague's address, to a row (promises S2, S3)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from accounts import passes
from accounts.models import Pass, User
from cases.access import visible_to
from cases.models import Case, Confirmation, Contact
from surveys.models import Answer, Invitation

_PERSONS = ("contact", "case__customer", "case__owner", "case__team__lead")
_CASE = ("customer", "owner", "team__lead", "merged_into")


@dataclass(frozen=True)
class Following:
    """A contact who follows a case."""

    case: Case
    contact: Contact


def confirmation_for(token: str, now: datetime) -> Confirmation | None:
    """Return the question a confirm link opens, or None: unknown, expired and revoked look the same."""
    return confirmation_of(passes.find(token=token, purpose=Pass.Purpose.CONFIRM, now=now))


def invitation_for(token: str, now: datetime) -> Invitation | None:
    """Return the invitation a survey link opens, or None: unknown, expired and revoked look the same."""
    return invitation_of(passes.find(token=token, purpose=Pass.Purpose.SURVEY, now=now))


def status_for(token: str, now: datetime) -> Following | None:
    """Return whom and which case a status link opens, or None: unknown, expired and revoked look the same."""
    return following_of(passes.find(token=token, purpose=Pass.Purpose.STATUS, now=now))


def following_of(link: Pass | None) -> Following | None:
    """Return case and contact behind a pass; of a merged case the one it went into."""
    if link is None or not link.target.startswith("status-"):
        return None
    case_pk, contact_pk = link.target.removeprefix("status-").split("-")
    case = Case.objects.select_related(*_CASE).filter(pk=case_pk).first()
    contact = Contact.objects.filter(pk=contact_pk, erased_at=None).first()
    if case is None or contact is None:
        return None
    return Following(_survivor(case), contact)


def _survivor(case: Case) -> Case:
    while case.merged_into_id is not None:
        case = Case.objects.select_related(*_CASE).get(pk=case.merged_into_id)
    return case


def confirmation_of(link: Pass | None) -> Confirmation | None:
    """Return the question behind a pass."""
    rows = Confirmation.objects.select_related(*_PERSONS, "offer__result", "words")
    return rows.filter(pk=_target(link, "confirmation-")).first()


def invitation_of(link: Pass | None) -> Invitation | None:
    """Return the invitation behind a pass, with its answer."""
    rows = Invitation.objects.select_related(*_PERSONS, "answer__words", "form")
    return rows.filter(pk=_target(link, "invitation-"), contact__isnull=False).first()


def answers_for(user: User) -> QuerySet[Answer]:
    """Return the answers this person may read: those of cases they may read."""
    return Answer.objects.filter(invitation__case__in=visible_to(user))


def answer_for(user: User, pk: int) -> Answer:
    """Return one answer this person may read. Raise Http404 otherwise."""
    answer = answers_for(user).filter(pk=pk).first()
    if answer is None:
        raise Http404
    return answer


def _target(link: Pass | None, kind: str) -> int | None:
    if link is None or not link.target.startswith(kind):
        return None
    return int(link.target.removeprefix(kind))
