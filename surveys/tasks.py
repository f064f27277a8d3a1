"""Tasks of the timetable: one call each. They pull what is due; nothing depends on their being asked."""

from celery import shared_task
from django.utils import timezone

from cases import sweeping
from surveys import inviting, judging, reminding


@shared_task(name="surveys.tasks.invite")
def invite() -> int:
    """Ask customers whose case was put right."""
    return sweeping.run(inviting.SWEEP, timezone.now(), sweeping.in_batches(inviting.invite_due))


@shared_task(name="surveys.tasks.remind")
def remind() -> int:
    """Remind those who have not answered; end what stayed silent."""
    return sweeping.run(reminding.SWEEP, timezone.now(), sweeping.in_batches(reminding.remind_due))


@shared_task(name="surveys.tasks.judge")
def judge() -> int:
    """Judge answers that have rested."""
    return sweeping.run(judging.SWEEP, timezone.now(), sweeping.in_batches(judging.judge_due))
