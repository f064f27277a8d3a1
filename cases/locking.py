"""Taking a case in hand: locked first, before any of its children (no deadlock), and fresh."""

from collections.abc import Iterable

from cases.models import Case, CaseCause, Cause, Step
from cases.refusals import Refused


def hold(case: Case | int, *, beside: Iterable[str] = ()) -> Case:
    """Return the case locked against other writers until the transaction ends; those `beside` it are read along."""
    pk = case if isinstance(case, int) else case.pk
    locked = Case.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("customer", *beside).get(pk=pk)


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


def hold_for_step(case: Case | int, number: int) -> Case:
    """Lock the case; raise `Refused` if it is closed, unless its end left this step due."""
    held = hold(case)
    if held.state == "closed" and not left_due(held, number):
        raise Refused(f"{held.number} is closed. Reopen it first, or log a new complaint.")
    return held


def hold_living(case: Case | int) -> Case:
    """Lock the case; one that was merged gives the case it was merged into, for that is where work goes on."""
    held = hold(case)
    return hold(held.merged_into_id) if held.merged_into_id else held


def hold_to_plan(case: Case | int) -> Case:
    """Lock the case on which something is planned: of a merged one the surviving one. Raise `Refused` for history."""
    held = hold_living(case)
    if held.historical:
        raise Refused(f"{held.number} came in as history, where nobody is reminded of anything. Take it up first.")
    return held


def hold_all(cases: Iterable[int]) -> dict[int, Case]:
    """Lock several cases, the older first, so that two who want the same ones never wait in a ring; by number."""
    return {pk: hold(pk) for pk in sorted(set(cases))}


def hold_kin(case: Case, cause: Cause) -> None:
    """Lock a case and all others of its cause, and read anew whether the cause is proved."""
    hold_all([case.pk, *CaseCause.objects.filter(cause=cause).values_list("case_id", flat=True)])
    cause.refresh_from_db(fields=["state", "swept_at"])


def left_due(case: Case, number: int) -> bool:
    """Tell whether a step is still to be done on the case, be it closed or not."""
    latest = Step.objects.filter(case=case, number=number).order_by("-round").values_list("state", flat=True).first()
    return latest == "planned"
