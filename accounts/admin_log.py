"""The only writer of the administration log."""

from datetime import datetime

from accounts.models import AdminEvent, User


def record(*, actor: User | None, kind: str, facts: dict, now: datetime) -> AdminEvent:
    """Record one administrative act inside the caller's transaction.

    `actor` is None for what the installation does by itself. `facts` are identifiers, numbers and names of
    settings, never sentences: the wording happens in a template.
    """
    return AdminEvent.objects.create(actor=actor, kind=kind, facts=facts, at=now)
