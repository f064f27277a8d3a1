"""Make ready what the separate programs need."""

from django.core.management.base import BaseCommand

from recovery import prepare


class Command(BaseCommand):
    """Migrations, static files, first rules; see recovery/prepare.py."""

    help = "Migrate, collect static files and give a new database its first rules. May be repeated."

    def handle(self, **options: object) -> None:
        """Make ready, without the demonstration company."""
        prepare.make_ready(demonstration=False)
        self.stdout.write("Ready to serve.")
