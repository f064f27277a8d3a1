"""Random histories of a case: whatever happened in whatever order, each stored due time is the one history gives.

The book kept here knows only what was done and when; it counts by `tests.cases.wall`, with nothing of the product.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from cases import (
    applying,
    chasing,
    deadlines,
    defaults,
    editing,
    entries,
    pausing,
    plan,
    reopening,
    rulebook,
    standstill,
    workflow,
)  # fmt: skip
from cases.enums import EntryKind, Severity, Side
from cases.models import Calendar, CalendarVersion, Case, Due, Entry, Pause, Policy, PolicyVersion
from cases.policy import DEFAULT, calendar_of, rules_of
from cases.timeline import faults
from tests import builders
from tests.cases import wall
from tests.cases.wall import Wall

pytestmark = pytest.mark.django_db
PAUSABLE = (3, 4, 5, 6)
SEVERITIES = ("low", "normal", "high", "critical")
STEPS = {
    "acknowledge": 1, "contain": 2, "resolve": 3, "go_beyond": 4, "root_cause": 5, "learnings": 6, "council": 8,
}  # fmt: skip
QUICK = {"steps": {**DEFAULT["steps"], "resolve": {"*": "3d", "critical": "8h"}, "root_cause": {"*": "6d"}}}
ACTS = (
    "pause", "pause", "pause", "reply", "late_reply", "run_on", "severity", "assign", "policy", "calendar", "chase",
    "done", "undone", "again",
)  # fmt: skip
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 60), st.integers(0, 300)), min_size=2, max_size=12)


@dataclass
class Clock:
    """One clock as the book has it."""

    start: datetime
    allowed: str
    always: bool
    closed: datetime | None = None


@dataclass
class Book:
    """What was done to one case, and what follows from that."""

    drawn: Wall
    now: datetime
    severity: str = "normal"
    rules: dict = field(default_factory=lambda: {**DEFAULT, "round_the_clock": ["acknowledge", "contain"]})
    clocks: dict[tuple[int, int], Clock] = field(default_factory=dict)
    pauses: list[list] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan(1, STEPS.values())

    def plan(self, number_of_round: int, numbers) -> None:
        for number in numbers:
            for clock in (one for (_, step), one in self.clocks.items() if step == number and one.closed is None):
                clock.closed = self.now
            self.clocks[number_of_round, number] = Clock(self.now, *self.time(number))

    def time(self, number: int) -> tuple[str, bool]:
        slug = next(name for name, step in STEPS.items() if step == number)
        times = self.rules["steps"][slug]
        always = self.severity == "critical" and slug in self.rules["round_the_clock"]
        return times.get(self.severity, times.get("*")), always

    def held(self, number: int) -> list:
        return [(begin, end) for steps, begin, end in self.pauses if number in steps]

    def due(self, number: int, clock: Clock) -> datetime:
        by = Wall(self.drawn.zone, ((("00:00", "24:00"),),) * 7) if clock.always else self.drawn
        return by.due(clock.allowed, clock.start, self.held(number))

    def worked(self, number: int, clock: Clock) -> int:
        by = Wall(self.drawn.zone, ((("00:00", "24:00"),),) * 7) if clock.always else self.drawn
        return by.worked(clock.start, clock.closed, self.held(number)) // timedelta(seconds=1)

    def running(self) -> list[int]:
        """Return the steps whose time is not up."""
        return [n for (_, n), one in self.clocks.items() if one.closed is None and self.due(n, one) > self.now]

    def retime(self) -> None:
        """Give running clocks what the rules say now; what was missed stays missed."""
        for (_, number), clock in self.clocks.items():
            if clock.closed is None and self.due(number, clock) > self.now:
                clock.allowed, clock.always = self.time(number)

    def heard(self, at: datetime) -> None:
        """End what their word of that moment answers: the question was asked when the pause began."""
        for pause in self.pauses:
            if pause[1] < at + timedelta(minutes=1) and at < pause[2]:
                pause[2] = max(at, pause[1] + timedelta(seconds=1))


@dataclass
class History:
    """A case, the book beside it, and the acts that write in both."""

    case: Case
    book: Book
    lead: User
    others: list[User]
    taken_back: set[datetime] = field(default_factory=set)

    def pause(self, length: int) -> None:
        steps = [number for number in self.book.running() if number in PAUSABLE]
        if not steps:
            return
        question = self._word(Side.OURS, self.book.now)
        until = self.book.now + timedelta(minutes=1 + 31 * length)
        facts = {"question": question, "reason": "Which part?", "until_at": until, "now": self.book.now}
        pausing.pause(case=self.case, actor=self.lead, steps=steps[: 1 + length % 4], **facts)
        self.book.pauses.append([steps[: 1 + length % 4], self.book.now, until])

    def reply(self, _: int) -> None:
        self._word(Side.THEIRS, self.book.now)
        self.book.heard(self.book.now)

    def late_reply(self, ago: int) -> None:
        said = max(self.book.now - timedelta(minutes=7 * ago), self.case.received_at)
        self._word(Side.THEIRS, said)
        self.book.heard(said)

    def run_on(self, _: int) -> None:
        for row in Pause.objects.filter(case=self.case, to_at__gt=self.book.now):
            pausing.resume(pause=row, actor=self.lead, now=self.book.now)
        for pause in self.book.pauses:
            pause[2] = min(pause[2], self.book.now)

    def severity(self, drawn: int) -> None:
        severity = SEVERITIES[drawn % 4]
        if severity == self.book.severity:
            return
        facts = {"severity": Severity(severity), "reason": "We know more now.", "now": self.book.now}
        editing.set_severity(case=self.case, actor=self.lead, **facts)
        self.book.severity = severity
        self.book.retime()

    def assign(self, drawn: int) -> None:
        owner = self.others[drawn % 2]
        if owner.pk != Case.objects.get(pk=self.case.pk).owner_id:
            editing.assign(case=self.case, actor=self.lead, owner=owner, now=self.book.now)

    def policy(self, drawn: int) -> None:
        default = Policy.objects.get(is_default=True)
        round_the_clock = [["acknowledge", "contain"], [], ["acknowledge"]][drawn % 3]
        facts = {**DEFAULT, **(QUICK if drawn % 2 else {}), "round_the_clock": round_the_clock}
        made = rulebook.save_policy(actor=self.lead, facts=facts, base=default.versions.count(), now=self.book.now)
        if applying.apply_to(case=self.case, policy=made.policy, actor=self.lead, now=self.book.now):
            self.book.rules = facts
            self.book.retime()

    def calendar(self, _: int) -> None:
        base = Calendar.objects.get(is_default=True).versions.count()
        facts = {**defaults.OFFICE_HOURS, "hours": {"sun": [["10:00", "11:00"]]}}
        rulebook.save_calendar(actor=self.lead, facts=facts, base=base, now=self.book.now)

    def chase(self, _: int) -> None:
        chasing.chase_due(self.book.now)

    def done(self, drawn: int) -> None:
        number = (1, 2, 4, 5, 6)[drawn % 5]
        if (step := plan.current_steps(self.case)[number]).is_open:
            plan.finish(case=self._held(), number=number, now=self.book.now, actor=self.lead)
            self.book.clocks[step.round, number].closed = self.book.now

    def undone(self, drawn: int) -> None:
        number = (1, 2, 4, 5, 6)[drawn % 5]
        if not (step := plan.current_steps(self.case)[number]).is_open:
            plan.take_back(case=self._held(), number=number, now=self.book.now, why="letter_died")
            self.book.clocks[step.round, number].closed = None
            self.taken_back.add(self.book.now)

    def again(self, drawn: int) -> None:
        held, now = self._held(), self.book.now
        workflow.resolve(case=held, now=now, contact=held.reporter)
        self.book.clocks[held.round, 3].closed = now
        why = ("recurrence", "new_facts")[drawn % 2]
        reopening.reopen(case=held, actor=self.lead, why=why, text="It came back.", now=now)
        self.book.plan(held.round + 1, STEPS.values() if why == "recurrence" else (1, 3, 8))

    def _held(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def _word(self, side: Side, at: datetime) -> Entry:
        facts = {"text": "Which part?", "contact": self.case.reporter, "at": at, "now": self.book.now}
        return entries.add_entry(case=self.case, actor=self.lead, kind=EntryKind.CALL, side=side, **facts)


def opened(drawn: Wall, now: datetime) -> History:
    """Open a case by a calendar and the policy of the book, and begin its history."""
    rules_of.cache_clear()
    calendar_of.cache_clear()
    defaults.install()
    book = Book(drawn, now)
    CalendarVersion.objects.create(
        calendar=Calendar.objects.get(is_default=True), number=2, facts=drawn.facts, made_at=now
    )
    PolicyVersion.objects.create(policy=Policy.objects.get(is_default=True), number=2, facts=book.rules, made_at=now)
    team = builders.team()
    team.lead = builders.user("lead", of=team)
    team.save()
    others = [builders.user(of=team), builders.user(of=team)]
    return History(builders.case(owner=others[0], now=now, with_defaults=False), book, team.lead, others)


@settings(max_examples=50, deadline=None, database=None)
@given(wall.walls(), wall.moments(), acts)
def test_stored_due_times_are_what_history_gives(drawn: Wall, now: datetime, happened) -> None:
    with transaction.atomic():
        history = opened(drawn, now)
        for act, quarters, number in happened:
            history.book.now += quarters * wall.QUARTER
            getattr(history, act)(number)
        check_steps(history)
        check_the_rest(history)
        transaction.set_rollback(True)


def check_steps(history: History) -> None:
    """Compare each clock of a step with the book: due time, and what it took once it is done."""
    rows = {(due.round, due.ref): due for due in Due.objects.filter(case=history.case, kind="step")}
    assert set(rows) == set(history.book.clocks)
    for (turn, number), clock in history.book.clocks.items():
        row = rows[turn, number]
        work = history.book.worked(number, clock) if clock.closed else None
        assert (turn, number, row.due_at, row.closed_at, row.work_s) == (
            turn, number, history.book.due(number, clock), clock.closed, work,
        )  # fmt: skip


def check_the_rest(history: History) -> None:
    """Check silence, the next chase of each clock, the case's own next due time, and the chain.

    A step taken back is chased from that moment on, whatever rung it would have reached before.
    """
    case = Case.objects.get(pk=history.case.pk)
    running = list(Due.objects.filter(case=case, closed_at=None).select_related("case"))
    for due in running:
        due.case = case
        stood = standstill.pauses_of(due)
        assert due.kind in ("step", "decision", "unassigned", "silence", "check_in")
        assert not due.allowed or due.due_at == deadlines.recounted(due, stood)
        upcoming = deadlines.next_rung(due, rules_of(case.policy_version_id), not_before=case.logged_at, pauses=stood)
        earlier = {max(upcoming[1], at) for at in history.taken_back} if upcoming else set()
        assert due.chase_at in {upcoming[1] if upcoming else None, *earlier}
    assert (case.next_due_at, case.next_kind) == plan.next_due(case, running)
    assert case.seam == plan.seam(plan.current_steps(case), running)
    assert faults(case.pk) == []
