"""One item for each cause and ask (product: The council): what one decision settles is shown, and decided, once.

Entries of one case that ask for the same, a hand from above, fold into the heaviest. Cases of one cause that lie there
for the same step of that cause, or because it struck again, fold into the heaviest case.
"""

from collections.abc import Hashable, Iterable
from dataclasses import replace

from cases.enums import CaseState, EscalationReason, StepNumber
from council.queries.item import Item

R = EscalationReason
A_HAND = (R.OVERDUE, R.BROKEN_PROMISE, R.REPEAT, R.LOW_ANSWER, R.CHECK_IN, R.SENSITIVE)
STEPS_OF_A_CAUSE = (StepNumber.ROOT_CAUSE, StepNumber.LEARNINGS, StepNumber.INSTITUTIONALIZE)


def fold(items: Iterable[Item]) -> list[Item]:
    """Return the items in their order, each with those it settles as well: `also` of its case, `kin` of its cause."""
    return _folded(_folded(items, _by_case, "also"), _by_cause, "kin")


def _folded(items: Iterable[Item], key_of, part: str) -> list[Item]:
    groups: dict[Hashable, list[Item]] = {}
    for item in items:
        groups.setdefault(key_of(item) or item.entry.pk, []).append(item)
    return [first if not rest else replace(first, **{part: tuple(rest)}) for first, *rest in groups.values()]


def _by_case(item: Item) -> Hashable:
    apart = item.entry.reason not in A_HAND or item.entry.waiting_since or item.mended
    if apart or item.case.state == CaseState.CLOSED:
        return None
    return "case", item.entry.case_id, item.kinds, item.why_not


def _by_cause(item: Item) -> Hashable:
    entry = item.entry
    of_step = entry.reason in (R.OVERDUE, R.WAIVER) and entry.ref in STEPS_OF_A_CAUSE
    apart = entry.cause is None or item.also or entry.waiting_since or item.mended
    if apart or not (of_step or entry.reason == R.RECURRENCE):
        return None
    return "cause", entry.cause, entry.reason, entry.ref if of_step else 0, item.kinds, item.why_not
