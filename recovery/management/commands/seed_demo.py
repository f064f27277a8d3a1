"""Fill an empty database with the demonstration company."""

from random import Random

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases import defaults
from recovery.demo import arrivals, history, marks, people
from recovery.demo.season import Season

LIVE, HISTORY = 72, 50
SEED = 2041


class Command(BaseCommand):
    """manage.py seed_demo"""

    help = "Fill an empty database with Alder Castings: people, customers, and some months of complaints."

    @transaction.atomic
    def handle(self, **options) -> None:
        """Play the season in one transaction. Refuse a database that holds people already."""
        if User.objects.exists():
            raise CommandError("This database is in use already. The demonstration needs an empty one.")
        now, chance = timezone.now(), Random(SEED)
        defaults.install()
        staff = people.staff()
        customers = people.customers(staff, now.date(), chance)
        season = Season(staff, customers, now=now, chance=chance)
        history.bring_in(customers, HISTORY, now=now, chance=chance)
        season.run(LIVE)
        marks.note(customers, now=now)
        arrivals.arrive(staff, now=now)
        for refusal in season.refusals if options["verbosity"] > 1 else ():
            self.stdout.write(refusal)
        self.stdout.write(f"Alder Castings is ready: {len(customers)} customers, {LIVE + HISTORY} cases.")
