"""Telling each address what waits for it: signed, again after a while where it fails, for about a day."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import admin_log
from accounts.models import Role, User
from cases import sweeping
from cases.models import Delivery, Webhook
from cases.webhooks import kinds, reaching, signing
from cases.webhooks.pulling import pull
from mail import notices
from mail.inbound.secrets import SecretLost, shown

SWEEP = "webhooks"
MOST = 200  # told at one address in one go
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 480, 480))  # 23 h 36 min in all
State = Delivery.State


def tell_due(now: datetime) -> int:
    """Pull what happened and tell it; return how many pieces of news arrived. One address stops no other.

    No transaction is open while an address answers. One that fails is left alone until the next sweep.
    """
    told = 0
    for webhook in Webhook.objects.filter(stopped_at=None).order_by("id"):
        pull(webhook, now)
        told += _tell(webhook, now)
    return told


def _tell(webhook: Webhook, now: datetime) -> int:
    due = Delivery.objects.filter(webhook=webhook, state=State.WAITING, next_at__lte=now)
    told = 0
    for delivery in due.select_related("event__case").order_by("id")[:MOST]:
        if not attempt(delivery, webhook, now):
            break
        told += delivery.state == State.TOLD
        sweeping.rest()
    return told


def attempt(delivery: Delivery, webhook: Webhook, now: datetime) -> bool:
    """Tell one piece of news once and keep what came of it; tell whether the address may be told the next one."""
    if delivery.event is not None and delivery.event.case.confidential:
        return _kept(delivery, state=State.WITHHELD)
    status, error = _sent(delivery, webhook, now)
    delivery.attempts += 1
    if status is not None and 200 <= status < 300:
        return _kept(delivery, state=State.TOLD, told_at=now, status=status, error="")
    failed = {"status": status, "error": error or f"Answered {status}."}
    if delivery.attempts <= len(AGAIN):
        return not _kept(delivery, next_at=now + AGAIN[delivery.attempts - 1], **failed)
    _give_up(delivery, webhook, now, failed)
    return False


def _sent(delivery: Delivery, webhook: Webhook, now: datetime) -> tuple[int | None, str]:
    """Return what was answered, or why nothing was. Whatever goes wrong concerns this one piece of news."""
    try:
        body = kinds.body(delivery)
        about = {"message_id": delivery.message_id, "now": now, "body": body}
        head = signing.headers(secret=shown(webhook.secret), **about)
        return reaching.post(webhook.address, body=body, headers=head), ""
    except (reaching.Unreached, SecretLost) as problem:
        return None, str(problem)[:200]
    except Exception as problem:  # R5: a row that breaks stops no other
        return None, f"{type(problem).__name__}: {problem}"[:200]


def _kept(delivery: Delivery, **changed) -> bool:
    for name, value in changed.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=["attempts", *changed])
    return True


@transaction.atomic
def _give_up(delivery: Delivery, webhook: Webhook, now: datetime, failed: dict) -> None:
    """Stop an address that has not answered for a day; every administrator hears of it. What waits keeps waiting."""
    _kept(delivery, state=State.GIVEN_UP, **failed)
    if not Webhook.objects.filter(pk=webhook.pk, stopped_at=None).update(stopped_at=now):
        return
    admin_log.record(actor=None, kind="webhook_failed", facts={"webhook": webhook.pk, "name": webhook.name}, now=now)
    for person in User.objects.working_here().with_role(Role.ADMIN):
        about = {"key": f"webhook-{webhook.pk}-{now.isoformat()}", "kind": "webhook_stopped", "now": now}
        notices.tell(user=person, facts={"name": webhook.name}, url=f"/manage/webhooks/{webhook.pk}/", **about)
