"""Count the figures anew."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from council.figures import tallying


class Command(BaseCommand):
    """manage.py rebuild_figures"""

    help = "Counts every case anew for the figures, in batches. They stay readable meanwhile; it may be repeated."

    def handle(self, **options) -> None:
        """Count, with progress, and say how many cases were counted."""
        done = tallying.rebuild(timezone.now(), told=self._progress)
        self.stdout.write(f"{done} cases counted")

    def _progress(self, done: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"{done} cases counted", ending="\r")
            self.stdout.flush()
