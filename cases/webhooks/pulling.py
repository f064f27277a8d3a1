"""Making news of events: one row for each address and event, however often the same events are looked at."""

from datetime import datetime, timedelta

from django.db.models import Max

from cases import sweeping
from cases.models import Delivery, Event, Webhook
from cases.webhooks import kinds

SETTLES = timedelta(minutes=10)  # no transaction of ours takes so long
BATCH = 500


def pull(webhook: Webhook, now: datetime) -> int:
    """Write what happened since as news for one address; return how many rows are new. At least once, never twice.

    Confidential cases and imported history are left out, and what happened before the address was entered.
    """
    newest = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
    wanted = {kinds.KINDS[name][0] for name in webhook.kinds if name in kinds.KINDS}
    rows = Event.objects.filter(id__gt=webhook.settled_id, kind__in=wanted)
    rows = rows.exclude(case__confidential=True).exclude(case__historical=True)
    made, last = 0, webhook.settled_id
    while found := list(rows.filter(id__gt=last).order_by("id")[:BATCH]):
        made, last = made + _write(webhook, found, now), found[-1].pk
        sweeping.rest()
    _settle(webhook, newest, now)
    return made


def _write(webhook: Webhook, events: list[Event], now: datetime) -> int:
    named = {event.pk: kinds.kind_of(event, webhook.kinds) for event in events}
    known = set(Delivery.objects.filter(webhook=webhook, event__in=named).values_list("event_id", flat=True))
    fresh = [pk for pk, kind in named.items() if kind and pk not in known]
    about = {"webhook": webhook, "made_at": now, "next_at": now}
    Delivery.objects.bulk_create(
        [Delivery(event_id=pk, kind=named[pk], **about) for pk in fresh], ignore_conflicts=True
    )
    return len(fresh)


def _settle(webhook: Webhook, newest: int, now: datetime) -> None:
    """Move on what need not be looked at again."""
    if now - webhook.seen_at < SETTLES:
        return
    webhook.settled_id, webhook.seen_id, webhook.seen_at = webhook.seen_id, newest, now
    webhook.save(update_fields=["settled_id", "seen_id", "seen_at"])
