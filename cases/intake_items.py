"""Messages that belong to no case: each waits two working hours at most until somebody says what it is.

Accepted it becomes a case received at the message's own time; put on a case it lands there like a reply; set aside it
needs a reason, can be brought back, is counted, and a lead looks at a sample each week (product: Letters in and out).
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Role, User
from cases import deadlines, landing, opening, presence, senders, sweeping, words, worktime
from cases.arrival_kinds import IntakeState, SampleResult
from cases.locking import hold_living
from cases.models import Case, IntakeItem
from cases.policy import calendar_of, rules_of
from cases.refusals import Refused
from mail import notices
from mail.models import Inbound, InboundState

SWEEP = "intake"
LATE, VERY_LATE = 100, 125
SAMPLE = 5
WEEK = timedelta(days=7)
LONGEST_REASON = 2_000


def url_of(item: IntakeItem) -> str:
    """Return the page of an intake item."""
    return f"/intake/{item.pk}/"


def lay(*, inbound: Inbound, now: datetime, meant_for: Case | None = None) -> IntakeItem:
    """Lay a message before those who open cases, with its clock and who it may be from. Inside a transaction.

    One `meant_for` a case, which names a colleague without a proof, is laid before whoever reads on that case.
    """
    match = senders.match(inbound.sender)
    arrived = inbound.received_at
    item = IntakeItem(inbound=inbound, customer=match.customer, contact=match.contact, matched_by=match.by)
    item.meant_for = meant_for
    item.arrived_at = arrived
    item.due_at = item.chase_at = _due(item, arrived, LATE)
    item.save()
    kind = "intake_unproved" if landing.names_a_colleague_unproved(inbound) else "intake_new"
    _tell(_first_told(item), item, kind, now)
    return item


def _first_told(item: IntakeItem) -> list[User]:
    if item.meant_for is not None:
        first = presence.reader_of(item.meant_for)
    else:
        first = item.customer.account_manager if item.customer else None
    return [first] if first is not None and first.is_active else _leads(item)


@transaction.atomic
def lay_by_hand(*, inbound: Inbound, now: datetime) -> IntakeItem:
    """Let a message taken for a machine's wait in the intake after all, its time counted from now.

    Raise `Refused` where it belongs to a case or waits there already.
    """
    row = Inbound.objects.select_for_update(no_key=True, of=("self",)).get(pk=inbound.pk)
    if IntakeItem.objects.filter(inbound=row).exists():
        raise Refused("This message waits in the intake already.")
    if row.state != InboundState.TAKEN or row.thread_id is not None:
        raise Refused("This message belongs to a case, or has not been read yet.")
    row.received_at = now
    return lay(inbound=row, now=now)


def _due(item: IntakeItem, start: datetime, percent: int) -> datetime:
    """Return when so many percent of the time for an intake item have passed, in the hours that fit its sender."""
    allowed = rules_of(opening.policy_version().pk).time("intake")
    customer = item.customer
    team_id = customer.team_id if customer else None
    calendar = calendar_of(opening.calendar_version(customer=customer, team_id=team_id).pk)
    due_at = deadlines.due_moment(calendar, allowed, start)
    if percent == LATE:
        return due_at
    return worktime.add(calendar, start, worktime.between(calendar, start, due_at) * percent // 100)


def _tell(people, item: IntakeItem, kind: str, now: datetime) -> None:
    inbound = item.inbound
    facts = {"who": inbound.sender_name or inbound.sender or "somebody", "subject": inbound.subject[:120]}
    for person in people:
        key = f"{kind}-{item.pk}-{item.told}-{item.brought_back}"
        notices.tell(user=person, key=key, kind=kind, facts=facts, url=url_of(item), now=now)


def warn_due(now: datetime) -> int:
    """Tell the leads of items whose time is up, and the chair of those a quarter past it; return of how many."""
    aside = sweeping.set_aside(SWEEP, "IntakeItem")
    late = IntakeItem.objects.filter(state=IntakeState.WAITING, chase_at__lte=now).exclude(pk__in=aside)
    rows = list(late.select_related("inbound", "customer__team__lead").order_by("chase_at")[:200])
    return sweeping.each(SWEEP, rows, lambda item: _warn(item, now), now=now)


def _warn(item: IntakeItem, now: datetime) -> bool:
    row = _hold(item)
    if row.state != IntakeState.WAITING or row.chase_at is None or row.chase_at > now:
        return False
    row.told = LATE if row.told < LATE else VERY_LATE
    row.chase_at = _due(row, row.arrived_at, VERY_LATE) if row.told == LATE else None
    row.save(update_fields=["told", "chase_at"])
    _tell(_leads(row) if row.told == LATE else filter(None, [presence.chair()]), row, "intake_late", now)
    return True


def _leads(item: IntakeItem) -> list[User]:
    if item.meant_for is not None:
        lead = presence.lead_of(item.meant_for) or presence.chair()
        return [lead] if lead is not None and lead.pk != item.meant_for.about_user_id else []
    team = item.customer.team if item.customer else None
    if team is not None and team.lead is not None and team.lead.is_active:
        return [team.lead]
    return list(User.objects.working_here().with_role(Role.LEAD))


def _hold(item: IntakeItem) -> IntakeItem:
    rows = IntakeItem.objects.select_for_update(no_key=True, of=("self",))
    related = ("inbound", "customer__team__lead", "decided_by", "case", "meant_for__team__lead")
    return rows.select_related(*related).get(pk=item.pk)


def hold_waiting(item: IntakeItem) -> IntakeItem:
    """Return the item locked. Raise `Refused` where somebody has decided already."""
    row = _hold(item)
    if row.state == IntakeState.WAITING:
        return row
    by = row.decided_by.name if row.decided_by else "Somebody"
    if row.state == IntakeState.ASIDE:
        raise Refused(f"{by} has set this message aside. Bring it back first.")
    raise Refused(f"{by} has put this message on {row.case.number if row.case else 'a case'} already.")


def accepted(*, item: IntakeItem, case: Case, actor: User, now: datetime) -> None:
    """Note that a message became this case, inside the transaction that opened it; replies to it find the case."""
    row = hold_waiting(item)
    _decide(row, IntakeState.ACCEPTED, actor, now, case=case)
    Inbound.objects.filter(pk=row.inbound_id).update(thread=case.thread_id)


@transaction.atomic
def add_to(*, item: IntakeItem, case: Case, actor: User, now: datetime) -> Case:
    """Put a message on a case it belongs to; it counts there as their word. Raise `Refused` if decided already."""
    living = hold_living(case)
    row = hold_waiting(item)
    landing.land(case=living, inbound=row.inbound, now=now, by=actor)
    _decide(row, IntakeState.ADDED, actor, now, case=living)
    Inbound.objects.filter(pk=row.inbound_id).update(thread=living.thread_id)
    return living


@transaction.atomic
def set_aside(*, item: IntakeItem, actor: User, reason: str, now: datetime) -> None:
    """Set a message aside: it is no complaint and no case. Raise `Refused` without a reason."""
    if not reason.strip():
        raise Refused("Say why this needs no case. A lead may look at it later.", field="reason")
    row = hold_waiting(item)
    row.reason = words.write(text=reason[:LONGEST_REASON], now=now)
    _decide(row, IntakeState.ASIDE, actor, now)


@transaction.atomic
def bring_back(*, item: IntakeItem, actor: User, now: datetime) -> None:
    """Let a message that was set aside wait again, its two working hours counted from now."""
    row = _hold(item)
    if row.state != IntakeState.ASIDE:
        raise Refused("This message is not set aside. Reload the page to see where it stands.")
    row.state, row.decided_at, row.decided_by = IntakeState.WAITING, None, None
    row.brought_back += 1
    row.arrived_at, row.told = now, 0
    row.due_at = row.chase_at = _due(row, now, LATE)
    row.save()


def _decide(row: IntakeItem, state: IntakeState, actor: User, now: datetime, *, case: Case | None = None) -> None:
    row.state, row.case, row.decided_at, row.decided_by, row.chase_at = state, case, now, actor, None
    row.save()


def draw_sample(now: datetime) -> int:
    """Once a week choose some of what was set aside in the week before, for a lead to look at; return how many."""
    monday = (now - timedelta(days=now.weekday())).date()
    if IntakeItem.objects.filter(sampled_on=monday).exists():
        return 0
    since = now - timedelta(days=now.weekday()) - WEEK
    rows = IntakeItem.objects.filter(state=IntakeState.ASIDE, sampled_on=None, decided_at__gte=since)
    drawn = sorted(rows.filter(decided_at__date__lt=monday), key=lambda item: _lot(item, str(monday)))[:SAMPLE]
    IntakeItem.objects.filter(pk__in=[item.pk for item in drawn]).update(sampled_on=monday)
    for item in drawn:
        _tell(_leads(item), item, "intake_sample", now)
    return len(drawn)


def _lot(item: IntakeItem, week: str) -> str:
    """Draw lots that come out the same for whoever draws, and that nobody chooses."""
    return hashlib.sha256(f"{week} {item.pk} {item.decided_at}".encode()).hexdigest()


@transaction.atomic
def judge(*, item: IntakeItem, actor: User, right: bool, now: datetime) -> None:
    """Say whether a message of the sample was rightly set aside; one that was not is brought back."""
    row = _hold(item)
    if row.sampled_on is None or row.state != IntakeState.ASIDE:
        raise Refused("This message is not in a sample, or was brought back already.")
    if row.decided_by_id == actor.pk:
        raise Refused("You have set it aside yourself. Another lead looks at it.")
    row.sample_result = SampleResult.RIGHT if right else SampleResult.WRONG
    row.sampled_by, row.sampled_at = actor, now
    row.save(update_fields=["sample_result", "sampled_by", "sampled_at"])
    if not right:
        bring_back(item=row, actor=actor, now=now)
