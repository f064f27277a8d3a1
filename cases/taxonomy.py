"""Categories of complaints and kinds of causes: added, renamed, retired, put in order. And rates of currencies.

An entry is never deleted: cases name it. A retired one is no longer offered.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import transaction

from accounts import admin_log
from accounts.models import User
from cases import search
from cases.models import Case, Category, CauseKind, Rate
from cases.refusals import Refused

Entry = Category | CauseKind
STEP = 10
LISTS: dict[str, type[Entry]] = {"categories": Category, "causes": CauseKind}
MILLION = 1_000_000


@transaction.atomic
def add(*, what: str, actor: User, name: str, now: datetime) -> Entry:
    """Add an entry at the end of its list. Raise `Refused` for a name that is there already."""
    model = LISTS[what]
    _check(model, name, None)
    last = model.objects.order_by("-position").first()
    entry = model.objects.create(name=name, position=(last.position if last else 0) + STEP)
    _log(actor, f"{what}_added", {"entry": entry.pk}, now)
    return entry


@transaction.atomic
def rename(*, what: str, actor: User, entry: Entry, name: str, was: str, now: datetime) -> None:
    """Give an entry, read as `was`, another name. Cases that name it show the new one, the search too.

    Raise `Refused` for a name that is taken, and if somebody renamed it meanwhile.
    """
    kept = LISTS[what].objects.select_for_update(no_key=True).get(pk=entry.pk)
    if kept.name == name:
        return
    if kept.name != was:
        message = f"Somebody renamed this to “{kept.name}” meanwhile. Save again to call it “{name}”."
        raise Refused(message, field="name")
    _check(LISTS[what], name, kept)
    kept.name = name
    kept.save(update_fields=["name"])
    if what == "categories":
        search.renew(Case.objects.filter(category=kept.pk))
    _log(actor, f"{what}_renamed", {"entry": kept.pk}, now)


@transaction.atomic
def retire(*, what: str, actor: User, entry: Entry, retired: bool, now: datetime) -> None:
    """Offer an entry no longer, or again. Raise `Refused` for the last one that is offered."""
    others = LISTS[what].objects.filter(retired=False).exclude(pk=entry.pk)
    if retired and not others.exists():
        raise Refused("This is the last one offered. Add another before you retire it.")
    if LISTS[what].objects.filter(pk=entry.pk, retired=not retired).update(retired=retired):
        _log(actor, f"{what}_{'retired' if retired else 'offered'}", {"entry": entry.pk}, now)


@transaction.atomic
def move(*, what: str, actor: User, entry: Entry, up: bool, now: datetime) -> None:
    """Move an offered entry one place up or down among those offered; at the end of the list nothing happens."""
    rows = LISTS[what].objects.select_for_update(no_key=True).order_by("retired", "position", "name")
    entries = list(rows)
    place = entries.index(entry)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(entries) or entries[other].retired or entry.retired:
        return
    entries[place], entries[other] = entries[other], entries[place]
    for number, one in enumerate(entries, 1):
        one.position = number * STEP
    LISTS[what].objects.bulk_update(entries, ["position"])
    _log(actor, f"{what}_moved", {"entry": entry.pk}, now)


@transaction.atomic
def enter_rate(*, actor: User, currency: str, on: date, worth: Decimal, now: datetime) -> Rate:
    """Enter what one unit of a currency was worth in the home currency on a day; the same day is corrected.

    Sums of cases opened before keep the rate of their day. Raise `Refused` for the home currency and no worth.
    """
    if currency == settings.HOME_CURRENCY:
        raise Refused("This is the installation's own currency; it is worth itself.", field="currency")
    micros = int((worth * MILLION).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if micros < 1:
        raise Refused("One unit is worth more than nothing.", field="worth")
    if on > now.date():
        raise Refused("This day is still to come.", field="on")
    rate, _ = Rate.objects.update_or_create(currency=currency, on=on, defaults={"micros": micros})
    _log(actor, "rate_entered", {"currency": currency, "on": on.isoformat(), "micros": micros}, now)
    return rate


def _check(model: type[Entry], name: str, kept: Entry | None) -> None:
    if not name.strip():
        raise Refused("Give it a name.", field="name")
    if model.objects.filter(name__iexact=name).exclude(pk=kept.pk if kept else None).exists():
        raise Refused("This name is on the list already, perhaps among the retired ones.", field="name")


def _log(actor: User, kind: str, facts: dict, now: datetime) -> None:
    admin_log.record(actor=actor, kind=kind, facts=facts, now=now)
