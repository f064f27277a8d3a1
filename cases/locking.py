"""Taking a case in hand: locked first, before any of its children (no deadlock), and fresh."""

from cases.models import Case
from cases.refusals import Refused


def hold(case: Case | int) -> Case:
    """Return the case locked against other writers until the transaction ends."""
    pk = case if isinstance(case, int) else case.pk
    return Case.objects.select_for_update(no_key=True, of=("self",)).select_related("customer").get(pk=pk)


def hold_open(case: Case | int) -> Case:
    """Lock the case; raise `Refused` unless it is open."""
    held = hold(case)
    if held.state == "closed":
        raise Refused(f"{held.number} is closed. Reopen it first, or log a new complaint.")
    if held.state == "resolved":
        raise Refused(f"The customer has confirmed {held.number}. Nothing more can be changed in this step.")
    return held


def hold_unclosed(case: Case | int) -> Case:
    """Lock the case; raise `Refused` if it is closed."""
    held = hold(case)
    if held.state == "closed":
        raise Refused(f"{held.number} is closed. Reopen it first, or log a new complaint.")
    return held
