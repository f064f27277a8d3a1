"""The 8D report of a case, made from its record: eight disciplines and what went before, each with what is missing.

The report may go to the customer, so it names no other customer: those exposed to the cause are counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from cases.enums import ActionKind, CheckResult, ExposureState, Side, StepNumber, StepState, Verdict, WhyChain
from cases.models import Action, Case, Cause, Change, Check, Confirmation, Exposure, Fact, Gesture
from cases.queries.case_page import Page

PEOPLE = ("owner", "done_by", "checked_by")


@dataclass(frozen=True)
class Member:
    """Somebody of the team, and what they do in it."""

    name: str
    title: str
    does: tuple[str, ...]


@dataclass(frozen=True)
class CauseLine:
    """One cause with its two chains, from the failure down, and how many others it could hit, by state."""

    cause: Cause
    occurrence: tuple[str, ...]
    escape: tuple[str, ...]
    corrective: tuple[Action, ...]
    checks: tuple[Check, ...]
    changes: tuple[Change, ...]
    exposed: dict[str, int]

    @property
    def is_proved(self) -> bool:
        """Tell whether the cause is proved."""
        return self.cause.proved_at is not None


@dataclass(frozen=True)
class Report:
    """What the eight disciplines say; `missing` holds the numbers of those the record says too little of."""

    team: tuple[Member, ...]
    facts: tuple[Fact, ...]
    containment: tuple[Action, ...]
    causes: tuple[CauseLine, ...]
    changes: tuple[Change, ...]
    gestures: tuple[Gesture, ...]
    confirmation: Confirmation | None
    missing: frozenset[int]


def report(page: Page) -> Report:
    """Read the report of a case its reader may see. The number of statements does not grow with the case."""
    case = page.case
    causes = _causes(case)
    containment = tuple(_actions(Action.objects.filter(case=case, kind=ActionKind.CONTAINMENT)))
    own = Change.objects.filter(case=case, cause=None).select_related("words", "owner")
    parts: dict[str, Any] = {
        "team": _team(page, causes, containment),
        "facts": tuple(Fact.objects.filter(case=case).select_related("words").order_by("-side", "id")),
        "containment": containment,
        "causes": causes,
        "changes": tuple(own),
        "gestures": tuple(Gesture.objects.filter(case=case, state="delivered").select_related("words")),
        "confirmation": _confirmation(case),
    }
    return Report(**parts, missing=_missing(page, **parts))


def _causes(case: Case) -> tuple[CauseLine, ...]:
    causes = list(Cause.objects.filter(cases=case).select_related("kind", "proof", "owner").order_by("id").distinct())
    whys: dict[tuple[int, str], list[str]] = {}
    for cause, chain, text in _whys(causes):
        whys.setdefault((cause, chain), []).append(text)
    actions = _by_cause(_actions(Action.objects.filter(cause__in=causes, kind=ActionKind.CORRECTIVE)))
    checks = _by_cause(Check.objects.filter(cause__in=causes).select_related("criterion", "checker", "found"))
    changes = _by_cause(Change.objects.filter(cause__in=causes).select_related("words", "owner"))
    exposed = Counter(Exposure.objects.filter(cause__in=causes).values_list("cause", "state"))
    return tuple(
        CauseLine(
            cause=cause,
            occurrence=tuple(whys.get((cause.pk, WhyChain.OCCURRENCE), ())),
            escape=tuple(whys.get((cause.pk, WhyChain.ESCAPE), ())),
            corrective=tuple(actions.get(cause.pk, ())),
            checks=tuple(checks.get(cause.pk, ())),
            changes=tuple(changes.get(cause.pk, ())),
            exposed={state.value: exposed[cause.pk, state.value] for state in ExposureState},
        )
        for cause in causes
    )


def _whys(causes: Iterable[Cause]) -> Iterable[tuple[int, str, str]]:
    rows = Cause.objects.filter(pk__in=[cause.pk for cause in causes], whys__isnull=False)
    return rows.order_by("pk", "whys__chain", "whys__position").values_list("pk", "whys__chain", "whys__words__text")


def _actions(rows) -> list[Action]:
    return list(rows.select_related("words", *PEOPLE).order_by("due_at", "id"))


def _by_cause(rows) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.cause_id, []).append(row)
    return found


def _confirmation(case: Case) -> Confirmation | None:
    said = Confirmation.objects.filter(case=case, offer__round=case.round, verdict=Verdict.YES)
    return said.select_related("contact", "words").order_by("-id").first()


def _team(page: Page, causes: Iterable[CauseLine], containment: Iterable[Action]) -> tuple[Member, ...]:
    """Return who works on it: the owner leads, then the lead, owners of steps, of the cause, of what is done."""
    does: dict[User, list[str]] = {}

    def add(person: User | None, what: str) -> None:
        if person is not None and what not in does.setdefault(person, []):
            does[person].append(what)

    case = page.case
    add(case.owner, "owns the case")
    add(case.team.lead if case.team else None, "leads the team")
    owners = User.objects.in_bulk({step.owner_id for step in page.steps.values() if step.owner_id})
    for number, step in sorted(page.steps.items()):
        if step.owner_id != case.owner_id:
            add(owners.get(step.owner_id), StepNumber(number).label)
    for action in containment:
        add(action.owner, "containment")
    for line in causes:
        add(line.cause.owner, "owns the cause")
        for action in line.corrective:
            add(action.owner, "corrective action")
        for check in line.checks:
            add(check.checker, "checks that it works")
    return tuple(Member(person.name, person.title, tuple(what)) for person, what in does.items())


def _missing(page: Page, *, team, facts, containment, causes, changes, gestures, confirmation) -> frozenset[int]:
    """Return the disciplines that are not complete yet."""
    steps, corrective = page.steps, [action for line in causes for action in line.corrective]
    passed = [check for line in causes for check in line.checks if check.result == CheckResult.PASSED]
    adopted = [change for change in (*changes, *(one for line in causes for one in line.changes)) if change.adopted_at]
    waived = {number for number, step in steps.items() if step.state == StepState.WAIVED}
    complete = {
        0: page.has_done(StepNumber.ACKNOWLEDGE),
        1: bool(team),
        2: bool(page.words["complaint"]) and {fact.side for fact in facts} >= {Side.OURS, Side.THEIRS},
        3: StepNumber.CONTAIN in waived or any(action.checked_at for action in containment),
        4: StepNumber.ROOT_CAUSE in waived
        or (bool(causes) and all(line.is_proved and line.occurrence and line.escape for line in causes)),
        5: StepNumber.ROOT_CAUSE in waived or bool(corrective),
        6: StepNumber.ROOT_CAUSE in waived or (bool(passed) and all(action.done_at for action in corrective)),
        7: StepNumber.INSTITUTIONALIZE in waived or bool(adopted),
        8: confirmation is not None and page.case.state == "closed",
    }
    return frozenset(number for number, whole in complete.items() if not whole)
