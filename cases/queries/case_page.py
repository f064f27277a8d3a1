"""The case page in few statements, the same number however long the case: row, sums, steps, the open tab, names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value

from accounts.models import Role, User
from cases import access
from cases.enums import StepNumber, StepState
from cases.letter_kinds import LetterAct
from cases.models import Case, Contact
from cases.queries import pulse
from cases.queries.sums import PARTS

SELECT = ("customer", "reporter", "confirmer", "owner", "team__lead", "category", "gap", "merged_into")
TABS = ("timeline", "discovery", "facts", "promises", "actions", "files")


@dataclass(frozen=True)
class Rights:
    """What the reader may do on this case."""

    work: bool
    lead: bool
    assign: bool
    raise_severity: bool


@dataclass(frozen=True)
class Person:
    """Somebody of ours (`staff`) or theirs, as pages name them. `pk` is the user's or the contact's."""

    staff: bool
    pk: int
    name: str
    title: str = ""
    level: int = 1
    reachable: bool = True


@dataclass(frozen=True)
class Stand:
    """Where one step stands, as a page names it. `clock` has due_at, closed_at, work_s (seconds) and allowed."""

    number: int
    state: str
    silent: bool
    done_at: datetime | None
    done_by: str | None
    done_by_roles: str | None
    owner_id: int | None
    owner: str | None
    proposed_at: datetime | None
    clock: dict[str, Any]

    @property
    def slug(self) -> str:
        """The step's name in URLs and templates."""
        return StepNumber(self.number).slug

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done."""
        return self.state == StepState.PLANNED


@dataclass
class Page:
    """One case as its page needs it. `steps` are those that count, by number; `sums` come from `pulse.sums_of`.

    `beside` are rows read together with the people: see `cases.queries.composer`.
    """

    case: Case
    user: User
    now: datetime
    rights: Rights
    steps: dict[int, Stand]
    sums: dict[str, Any]
    people: list[Person] = field(default_factory=list)
    beside: list[tuple] = field(default_factory=list)

    @property
    def current(self) -> int:
        """The first step still to be done, else the last one of all."""
        return next((number for number, step in sorted(self.steps.items()) if step.is_open), 9)

    @property
    def words(self) -> dict[str, str]:
        """The single texts of the case by part; empty where nothing was written."""
        return {part: self.sums[f"word_{part}"] or "" for part in PARTS}

    @property
    def leaving(self) -> list[dict[str, Any]]:
        """Letters sent off that can still be taken back, or that were held, the first to leave first."""
        rows = [pulse.parsed(row) for row in self.sums["list_leaving"]]
        found = [{**row, "case": self.case.pk, "step": LetterAct(row["act"]).step if row["act"] else 0} for row in rows]
        return sorted(found, key=lambda row: row["leaves_at"])

    @property
    def dead(self) -> list[dict[str, Any]]:
        """Letters to them that could not be delivered, newest first."""
        return sorted((pulse.parsed(row) for row in self.sums["list_dead"]), key=lambda row: -row["pk"])

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each tab holds."""
        return {tab: self.sums[name].get("all", 0) for tab, name in COUNTED.items()}

    @property
    def staff(self) -> list[Person]:
        """Colleagues on the page or to choose from, by name."""
        return [person for person in self.people if person.staff]

    @property
    def contacts(self) -> list[Person]:
        """The people at the customer, by name."""
        return [person for person in self.people if not person.staff]

    def has_done(self, number: int) -> bool:
        """Tell whether a step is done (not waived)."""
        return number in self.steps and self.steps[number].state == StepState.DONE


COUNTED = {
    "discovery": "discoveries",
    "facts": "facts",
    "promises": "promises",
    "actions": "actions",
    "files": "files",
}


def read(user: User, pk: int, *, now: datetime) -> Page:
    """Return the case for its page in two statements. Raise Http404 where this person may not see it."""
    case = access.case_for(user, pk, select=SELECT)
    sums = pulse.sums_of(case, now=now)
    return Page(case, user, now, rights_of(user, case), steps_of(sums), sums)


def draft_key(case: Case, what: str) -> str:
    """Return the name under which what is half written on this case is kept, such as `case-2041-entry`."""
    return f"case-{case.pk}-{what}"


def rights_of(user: User, case: Case) -> Rights:
    """Return what this person may do on the case."""
    lead = access.may_lead(user, case)
    work = access.may_work(user, case) or lead
    only_reads = user.roles == (Role.AUDITOR,)
    assign = access.may_assign(user, case) and (work or user.on_council)
    return Rights(work, lead, assign, raise_severity=not only_reads)


def steps_of(sums: dict[str, Any]) -> dict[int, Stand]:
    """Return the steps that count, by number; none where the case came in as history."""
    rows = [sums[f"step_{number}"] for number in StepNumber.values]
    return {row["number"]: Stand(**{**row, "clock": pulse.parsed(row["clock"])}) for row in rows if row}


def people_of(case: Case, *, user_ids: Iterable[int] = (), everybody: bool = False) -> list[Person]:
    """Return the customer's people and the colleagues named by id, or all who work here; by name. One statement."""
    return people_and(case, (), user_ids=user_ids, everybody=everybody)[0]


def people_and(
    case: Case, others: Iterable[QuerySet], *, user_ids: Iterable[int] = (), everybody: bool = False
) -> tuple[list[Person], list[tuple]]:
    """Return the people, and the rows of `others` with the same six columns, in the same statement."""
    staff = User.objects.filter(_wanted(user_ids, everybody)).order_by()
    theirs = Contact.objects.filter(customer=case.customer_id).order_by()
    rows = staff.values_list(Value(1), "pk", "name", "title", "level", "email").union(
        theirs.values_list(Value(0), "pk", "name", "title", "level", "email"), *others, all=True
    )
    found, beside = [], []
    for row in rows:
        (found if row[0] in (0, 1) else beside).append(row)
    people = (
        Person(bool(staff), pk, name, title, level, bool(email)) for staff, pk, name, title, level, email in found
    )
    return sorted(people, key=lambda person: (person.name.casefold(), person.pk)), beside


def _wanted(user_ids: Iterable[int], everybody: bool) -> Q:
    wanted = Q(pk__in=set(user_ids))
    return wanted | Q(is_active=True, left_at=None) if everybody else wanted
