"""Tasks of the timetable: one call each."""

from celery import shared_task
from django.utils import timezone

from cases import sweeping
from council import exporting, ranking, sweep, weekly
from council.figures import tallying, upkeep
from council.letgo import voting


@shared_task(name="council.tasks.rank")
def rank() -> int:
    """Bring the docket into its order."""
    return sweeping.run(ranking.SWEEP, timezone.now(), ranking.rank_docket)


@shared_task(name="council.tasks.see")
def see() -> int:
    """See low cases by rule."""
    return sweeping.run(sweep.SWEEP, timezone.now(), sweep.see_due)


@shared_task(name="council.tasks.tally")
def tally() -> int:
    """Bring the figures up to date."""
    return sweeping.run(tallying.SWEEP, timezone.now(), upkeep.keep_up)


@shared_task(name="council.tasks.votes")
def votes() -> int:
    """Count the votes whose time is over."""
    return sweeping.run(voting.SWEEP, timezone.now(), voting.close_due)


@shared_task(name="council.tasks.export")
def export() -> int:
    """Write the large files somebody waits for."""
    return sweeping.run(exporting.SWEEP, timezone.now(), exporting.make_due)


@shared_task(name="council.tasks.weekly")
def weekly_letter() -> int:
    """Write to the council, once a week."""
    return sweeping.turn(weekly.SWEEP, timezone.now(), weekly.write_due, following=weekly.next_turn)
