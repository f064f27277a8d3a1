"""Whom a survey asks: who confirms, else who reported, else somebody else at the customer."""

from datetime import datetime, timedelta

from cases import presence
from cases.enums import Severity
from cases.models import Case, Contact
from cases.policy import rules_of
from cases.timeline import Kind
from surveys.models import Invitation

NO_CONTACT = "no_contact"
NO_ADDRESS = "no_address"
BOUNCED = "bounced"
OPTED_OUT = "opted_out"
NOT_ARRIVED = "not_arrived"
RECENTLY_ASKED = "recently_asked"
OURS = "ours"
ALWAYS_ASKED = (Severity.HIGH, Severity.CRITICAL)


def whom(*, case: Case, now: datetime, first: bool = False) -> tuple[Contact | None, str]:
    """Return who is asked; or None and the short code of why the first in line cannot be.

    The `first` question of a round has gone to nobody yet, so nobody is looked for whom it did not reach.

    Locks the customer's contacts, so that two cases never ask the same person at once. Somebody asked lately is
    spared, and nobody is asked in their place (product: one invitation per contact in 30 days, except after a
    reopening or for high and critical). Of a confidential case only those who know of it already hear.
    """
    line = _in_line(case)  # locks before anything is read of them
    tried = set() if first else written_to(case)
    spared = _recently_asked(case, now)
    reason = ""
    for person in line:
        why = _why_not(person, tried, spared)
        if not why:
            return person, ""
        reason = reason or why
        if reason == RECENTLY_ASKED:
            break
    return None, reason or NO_CONTACT


def written_to(case: Case) -> set[int]:
    """Return the contacts this round's survey has gone to already, whether it arrived or not."""
    asked = case.events.filter(kind=Kind.SURVEY_SENT, round=case.round)
    return set(asked.values_list("contact_id", flat=True))


def may_hear(contact: Contact) -> bool:
    """Tell whether survey letters can and may still go to this contact."""
    return not _why_not(contact, set(), set())


def _in_line(case: Case) -> list[Contact]:
    people = {
        person.pk: person
        for person in Contact.objects.select_for_update(no_key=True).filter(customer=case.customer_id).order_by("id")
    }
    known = [pk for pk in (case.confirmer_id, case.reporter_id) if pk in people]
    others = [] if case.confidential else list(people)
    return [people[pk] for pk in dict.fromkeys([*known, *others])]


def _why_not(person: Contact, tried: set[int], spared: set[int]) -> str:
    if not person.email or person.erased_at is not None:
        return NO_ADDRESS
    if person.bounced_at is not None:
        return BOUNCED
    if person.opted_out_at is not None:
        return OPTED_OUT
    if presence.is_ours(person.email):
        return OURS
    if person.pk in tried:
        return NOT_ARRIVED
    return RECENTLY_ASKED if person.pk in spared else ""


def _recently_asked(case: Case, now: datetime) -> set[int]:
    if case.round > 1 or case.severity in ALWAYS_ASKED:
        return set()
    since = now - timedelta(days=rules_of(case.policy_version_id)["survey"]["apart_days"])
    asked = Invitation.objects.filter(contact__customer=case.customer_id, sent_at__gt=since).exclude(case=case)
    return set(asked.values_list("contact_id", flat=True))
