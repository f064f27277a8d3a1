"""What the timetable starts in this app."""

from celery import shared_task
from django.utils import timezone

from mail import delivery
from mail.inbound import polling


@shared_task(name="mail.tasks.deliver")
def deliver() -> None:
    """Let every letter leave whose time has come."""
    delivery.deliver_due(timezone.now())


@shared_task(name="mail.tasks.read_mailboxes")
def read_mailboxes() -> None:
    """Store what is new in the mailboxes."""
    polling.read_all(timezone.now())
