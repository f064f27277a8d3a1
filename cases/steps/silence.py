"""3 · Resolve, the last road: when a silence may count. Never for whom the question did not reach, or who was away."""

from datetime import datetime

from cases.deadlines import due_moment
from cases.enums import EntryKind, Side
from cases.models import Case, Confirmation, Entry
from cases.policy import calendar_of, rules_of
from cases.refusals import Refused
from cases.timeline import Kind


def check(*, case: Case, waiting: Confirmation, now: datetime) -> None:
    """Raise `Refused` unless the silence after a question may count.

    Ten working days, a logged call attempt since, a letter that reached them, and nobody away (product: Resolve).
    """
    allowed = rules_of(case.policy_version_id)["confirm"]["docket"]
    if due_moment(calendar_of(case.calendar_version_id), allowed, waiting.asked_at) > now:
        raise Refused("Silence counts only ten working days after they were asked.")
    if waiting.contact.bounced_at is not None:
        raise Refused("Letters to this address come back, so they were never asked. Ask at a working address.")
    away = case.events.filter(kind=Kind.AUTO_ANSWERED, at__gt=waiting.asked_at)
    if away.filter(contact=waiting.contact_id).exists():
        raise Refused("They were away: a machine answered for them. Their silence says nothing; call or ask again.")
    calls = Entry.objects.filter(case=case, kind=EntryKind.CALL, side=Side.OURS, at__gt=waiting.asked_at)
    if not calls.exists():
        raise Refused("Nobody has tried to call them since they were asked. Call once and log it, reached or not.")
