"""Serve everything from one process."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application

from recovery import embedded, prepare, welcome


class Command(BaseCommand):
    """Web server, worker and timetable in one process; see recovery/embedded.py."""

    # The same checks run in the tests; here they would only make every start later.
    requires_system_checks = ()
    help = "Serve web, worker and timetable from one process, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where to listen and whether to make things ready first."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare", action="store_true", help="migrate and collect static files first")

    def handle(self, *, host: str, port: int, **options: object) -> None:
        """Make ready if asked, say where to go, serve."""
        try:
            embedded.refuse_taken_port(host, port)
            if options["prepare"]:
                prepare.make_ready(demonstration=settings.DEMONSTRATION)
            self.stdout.write("\n".join(welcome.lines()))
            # Made only now: static files are looked up once, when the application is made.
            raise SystemExit(embedded.serve(get_wsgi_application(), host=host, port=port))
        except embedded.PortTaken as taken:
            raise CommandError(str(taken)) from taken
