"""What the timetable starts in this app."""

from celery import shared_task
from django.utils import timezone

from mail import delivery


@shared_task(name="mail.tasks.deliver")
def deliver() -> None:
    """Let every letter leave whose time has come."""
    delivery.deliver_due(timezone.now())
