"""Enter a person from the command line: the way in for the first administrator."""

import getpass
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.entering import NotEntered, enter
from accounts.models import Role


class Command(BaseCommand):
    """Adds one person."""

    help = "Enter a person who may sign in; asks for a password unless --no-password is given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare who it is."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", required=True, choices=Role.values)
        parser.add_argument("--no-password", action="store_true", help="they ask for a letter to choose one")

    def handle(self, *, email: str, name: str, role: list[str], no_password: bool, **options: object) -> None:
        """Enter the person, or say why not."""
        password = None if no_password else _asked()
        try:
            person = enter(email=email, name=name, roles=role, password=password)
        except NotEntered as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.name} may sign in as {person.email}.")


def _asked() -> str:
    """Ask for a password. Raise `CommandError` where nobody can type one."""
    try:
        return getpass.getpass("Password: ")
    except EOFError:
        raise CommandError("There is no terminal to type a password in. Give --no-password instead.") from None
