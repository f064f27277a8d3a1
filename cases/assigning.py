"""Giving several cases to one person at once: each in a transaction of its own, so that one refusal stops no other."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from cases import access, editing
from cases.models import Case
from cases.refusals import Refused


def assign_all(*, cases: Iterable[Case], actor: User, owner: User, now: datetime) -> tuple[int, list[str]]:
    """Give `cases` to `owner`; return how many were given, and for each other one its number and why not."""
    refusals = []
    given = 0
    for case in cases:
        try:
            _assign(case, actor, owner, now)
            given += 1
        except Refused as refused:
            refusals.append(f"{case.number}: {refused.message}")
    return given, refusals


def _assign(case: Case, actor: User, owner: User, now: datetime) -> None:
    if not access.may_assign(actor, case):
        raise Refused("This case belongs to another team; its own lead gives it to somebody.")
    if case.state == "closed":
        raise Refused("It is closed, so nobody needs to take it.")
    editing.assign(case=case, actor=actor, owner=owner, now=now)
