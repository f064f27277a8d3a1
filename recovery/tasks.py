"""The project's own work in the background."""

from celery import shared_task
from django.utils import timezone

from recovery import health


@shared_task
def heartbeat() -> None:
    """Leave a sign of life that has travelled through the queue."""
    health.beat(now=timezone.now())
