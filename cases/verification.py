"""Walking the chains of many cases, to prove that nothing was changed after it was written (promise R8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases import timeline
from cases.models import Case, Event

AT_A_TIME = 2_000

MEANING = {
    "gap": "an event is missing before this one",
    "link": "this event does not follow on from the one before it",
    "hash": "this event was altered after it was written",
    "words": "the words of this event are not the ones written down then",
    "head": "the timeline ends elsewhere than its case says: events were cut off or added at the end",
}


@dataclass(frozen=True)
class Fault:
    """Something wrong with one case's chain, at the event numbered `seq`."""

    case_id: int
    seq: int
    code: str

    def __str__(self) -> str:
        return f"RC-{self.case_id}, event {self.seq}: {MEANING[self.code]}."


def faults(case_ids: Iterable[int]) -> Iterator[Fault]:
    """Yield what is wrong with the chains of these cases, case by case. Holds one case in memory at a time."""
    for case_id in case_ids:
        for found in timeline.faults(case_id):
            seq, code = found.split(":")
            yield Fault(case_id, int(seq), code)


def every_case() -> Iterator[int]:
    """Yield the ids of all cases in ascending order, read in pieces so that a million fit."""
    last = 0
    while ids := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]):
        yield from ids
        last = ids[-1]


def events_of(case_ids: list[int] | None) -> int:
    """Count the events of these cases, or of all of them for None."""
    events = Event.objects.all() if case_ids is None else Event.objects.filter(case_id__in=case_ids)
    return events.count()


def unknown(case_ids: list[int]) -> list[int]:
    """Return those ids that no case has, ascending."""
    return sorted(set(case_ids) - set(Case.objects.filter(pk__in=case_ids).values_list("pk", flat=True)))
