"""What the start prints: where to go and who to sign in as."""

from django.conf import settings

from accounts.models import Role, User


def lines() -> list[str]:
    """Return the address and, with the demonstration company, one sign-in per role; else how to enter oneself."""
    return [f"Goldseam is at {settings.PUBLIC_URL}", *(_sign_ins() or _first_one()), "Stop with Ctrl-C."]


def _first_one() -> list[str]:
    if User.objects.working_here().exists():
        return []
    command = '.venv/bin/python manage.py add_person --email you@example.com --name "Your Name" --role admin'
    return ["", "Nobody can sign in yet. Enter yourself from a second terminal:", f"  {command}", ""]


def _sign_ins() -> list[str]:
    addresses = [f"{role.value}@demo.example" for role in Role]
    known = User.objects.working_here().filter(email__in=addresses) if settings.DEMONSTRATION else []
    people = {person.email: person for person in known}
    if not people:
        return []
    rows = [
        f"  {people[at].email:<22} {people[at].name} ({Role(at.split('@')[0]).label})"
        for at in addresses
        if at in people
    ]
    return ["", f"Sign in with the password {settings.DEMO_PASSWORD} as", *rows, ""]
