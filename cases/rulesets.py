"""Further calendars and policies beside the default ones, and for whom they count."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import admin_log
from accounts.models import Team, User
from accounts.text import clean
from cases import holidays
from cases.models import Calendar, CalendarUse, CalendarVersion, Category, Customer, Policy, PolicyVersion
from cases.refusals import Refused


@transaction.atomic
def add_calendar(*, actor: User, name: str, now: datetime) -> Calendar:
    """Add a calendar that begins as the default one is now. Raise `Refused` for a name that is taken."""
    like = CalendarVersion.objects.filter(calendar__is_default=True).order_by("-number").first()
    facts = {key: value for key, value in holidays.own(like.facts).items() if key not in ("country", "region")}
    calendar = _named(Calendar, name)
    CalendarVersion.objects.create(calendar=calendar, number=1, facts=facts, made_at=now, made_by=actor)
    admin_log.record(actor=actor, kind="calendar_added", facts={"calendar": calendar.pk}, now=now)
    return calendar


@transaction.atomic
def add_policy(*, actor: User, name: str, category: Category | None, tier: str, now: datetime) -> Policy:
    """Add a policy for a category, a tier or both, that begins as the default one is now.

    Raise `Refused` at the field where it says neither, or another one counts for the same already.
    """
    if category is None and not tier:
        raise Refused("Say for which category or which customers it counts.", field="category")
    same = Policy.objects.filter(category=category, tier=tier, is_default=False).first()
    if same is not None:
        raise Refused(f"“{same.name}” counts for these cases already. Change that one.", field="category")
    like = PolicyVersion.objects.filter(policy__is_default=True).order_by("-number").first()
    policy = _named(Policy, name, category=category, tier=tier)
    PolicyVersion.objects.create(policy=policy, number=1, facts=like.facts, made_at=now, made_by=actor)
    admin_log.record(actor=actor, kind="policy_added", facts={"policy": policy.pk}, now=now)
    return policy


@transaction.atomic
def use_calendar(
    *, actor: User, calendar: Calendar, now: datetime, team: Team | None = None, customer: Customer | None = None
) -> CalendarUse:
    """Let a calendar count for a team or a customer, from the next case on. Raise `Refused` where another one does."""
    if (team is None) == (customer is None):
        raise Refused("Choose one team, or one customer.", field="team")
    whose = {"team": team} if team is not None else {"customer": customer}
    other = CalendarUse.objects.filter(**whose).select_related("calendar").first()
    if other is not None:
        who = (team or customer).name
        raise Refused(f"{who} works by “{other.calendar.name}”. Take that back first.", field=next(iter(whose)))
    use = CalendarUse.objects.create(calendar=calendar, **whose)
    facts = {"calendar": calendar.pk, **{name: row.pk for name, row in whose.items()}}
    admin_log.record(actor=actor, kind="calendar_used", facts=facts, now=now)
    return use


@transaction.atomic
def leave_calendar(*, actor: User, use: CalendarUse, now: datetime) -> None:
    """Let the default calendar count again for who used this one. Open cases keep theirs."""
    facts: dict[str, Any] = {"calendar": use.calendar_id}
    facts |= {"team": use.team_id} if use.team_id else {"customer": use.customer_id}
    use.delete()
    admin_log.record(actor=actor, kind="calendar_left", facts=facts, now=now)


def _named(model: type[Calendar] | type[Policy], name: str, **facts: Any) -> Any:
    named = " ".join(clean(name).split())
    if not named:
        raise Refused("Give it a name.", field="name")
    try:
        with transaction.atomic():
            return model.objects.create(name=named, **facts)
    except IntegrityError:
        raise Refused("This name is taken. Choose another one.", field="name") from None
