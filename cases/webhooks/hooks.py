"""Who is told what: entered, stopped, started and tried by administrators, each act in the administration log."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts import admin_log
from accounts.models import User
from cases.models import Delivery, Event, Webhook
from cases.refusals import Refused
from cases.webhooks import kinds, reaching, signing
from mail.inbound.secrets import hidden


@transaction.atomic
def add(*, name: str, address: str, wanted: list[str], actor: User, now: datetime) -> tuple[Webhook, str]:
    """Enter an address; return its row and its secret, which nobody can show again. It hears what happens from now on.

    Raise `Refused` for an address that does not begin with https, or without a kind of news.
    """
    if not wanted:
        raise Refused("Choose at least one thing it is told.", field="wanted")
    try:
        reaching.check(address)
    except reaching.Unreached as error:
        raise Refused(str(error), field="address") from error
    newest = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
    secret = signing.new_secret()
    row = Webhook.objects.create(
        name=name,
        address=address,
        kinds=wanted,
        secret=hidden(secret),
        made_by=actor,
        made_at=now,
        settled_id=newest,
        seen_id=newest,
        seen_at=now,
    )
    _record("webhook_added", row, actor, now)
    return row, secret


@transaction.atomic
def stop(*, webhook: Webhook, actor: User, now: datetime) -> None:
    """Tell an address nothing more. Raise `Refused` if it is told nothing already."""
    if not Webhook.objects.filter(pk=webhook.pk, stopped_at=None).update(stopped_at=now, stopped_by=actor):
        raise Refused("This address is told nothing already.")
    _record("webhook_stopped", webhook, actor, now)


@transaction.atomic
def start(*, webhook: Webhook, actor: User, now: datetime) -> None:
    """Go on where it stopped: what happened meanwhile is told too. Raise `Refused` if it is told already."""
    if not Webhook.objects.filter(pk=webhook.pk).exclude(stopped_at=None).update(stopped_at=None, stopped_by=None):
        raise Refused("This address is told already.")
    Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING).update(attempts=0, next_at=now)
    _record("webhook_started", webhook, actor, now)


@transaction.atomic
def try_it(*, webhook: Webhook, now: datetime) -> Delivery:
    """Send it something that means nothing, within a minute. Raise `Refused` while it is stopped."""
    if webhook.stopped_at is not None:
        raise Refused("This address is stopped. Start it first.")
    return Delivery.objects.create(webhook=webhook, kind=kinds.TEST, made_at=now, next_at=now)


@transaction.atomic
def retry(*, delivery: Delivery, actor: User, now: datetime) -> None:
    """Tell it once more, within a minute, under the same id. Raise `Refused` for what was told or withheld."""
    again = Delivery.objects.filter(pk=delivery.pk, state__in=[Delivery.State.WAITING, Delivery.State.GIVEN_UP])
    if not again.update(state=Delivery.State.WAITING, attempts=0, next_at=now):
        raise Refused("This was told already, or is withheld.")
    _record("webhook_retried", delivery.webhook, actor, now)


def _record(kind: str, row: Webhook, actor: User, now: datetime) -> None:
    admin_log.record(actor=actor, kind=kind, facts={"webhook": row.pk, "name": row.name}, now=now)
