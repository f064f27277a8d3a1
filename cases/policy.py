"""How much time each step has, and who hears when it runs out: one immutable policy version, read once.

A time is written `4h` (working hours) or `5d` (until closing time of the n-th working day after the day the clock
started). `time(step, severity)` falls back from the severity to `*`.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cases.enums import Severity, StepNumber
from cases.models import CalendarVersion, PolicyVersion
from cases.worktime import Calendar

DEFAULT: dict[str, Any] = {
    "steps": {
        "acknowledge": {"low": "8h", "normal": "4h", "high": "2h", "critical": "1h"},
        "contain": {"*": "1d", "critical": "4h"},
        "resolve": {"*": "5d", "critical": "2d"},
        "go_beyond": {"*": "5d", "critical": "1d"},
        "root_cause": {"*": "10d"},
        "learnings": {"*": "12d"},
        "council": {"*": "2d"},
        "institutionalize": {"*": "5d"},
    },
    "silence": {"critical": "1d", "high": "2d", "normal": "3d", "low": "5d"},
    "decision": {"*": "4h"},
    "unassigned": {"*": "2h"},
    "refusal": {"*": "1d"},
    "promise_mark": {"*": "4h"},
    "intake": {"*": "2h"},
    "exposure": {"*": "1d", "critical": "4h"},
    "round_the_clock": [],
    "ladder": [
        {"at": 50, "to": ["owner"]},
        {"at": 80, "to": ["owner"]},
        {"at": 100, "to": ["owner", "lead"]},
        {"at": 125, "to": ["docket"]},
    ],
    "confirm": {"reminders": ["3d", "7d"], "docket": "10d"},
    "survey": {"after_days": 3, "open_days": 14, "reminder_days": [4, 9], "apart_days": 30},
    "gesture_limits": {"manager": 100_000, "lead": 300_000, "chair": 2_000_000},
    "check_in_days": [30, 60, 90],
    "repeat_days": 90,
    "repeats": {"*": 2, "key": 3},
}


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: percent of the allowed working time, and who hears."""

    at: int
    to: tuple[str, ...]


class Rules:
    """One policy version, asked by subject."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = {**DEFAULT, **facts}

    def step_time(self, number: StepNumber, severity: str) -> str:
        """Return the time a step has, or an empty string where its clock starts later (steps 7 and 9)."""
        return self._pick(self._facts["steps"].get(StepNumber(number).slug, {}), severity)

    def time(self, subject: str, severity: str = "*") -> str:
        """Return the time for a subject of the policy that is no step, such as `silence` or `decision`."""
        return self._pick(self._facts[subject], severity)

    def runs_always(self, number: int, severity: str) -> bool:
        """Tell whether this step's clock runs day and night (critical steps 1 and 2 where the policy says so)."""
        return severity == Severity.CRITICAL and StepNumber(number).slug in self._facts["round_the_clock"]

    @property
    def ladder(self) -> tuple[Rung, ...]:
        """The rungs in rising order."""
        rungs = (Rung(rung["at"], tuple(rung["to"])) for rung in self._facts["ladder"])
        return tuple(sorted(rungs, key=lambda rung: rung.at))

    def gesture_limit(self, roles: tuple[str, ...]) -> int:
        """Return how much somebody with these roles may give alone, in minor units of the home currency."""
        limits = self._facts["gesture_limits"]
        return max((limits.get(role, 0) for role in roles), default=0)

    def repeats(self, tier: str) -> int:
        """Return which case within `repeat_days` goes to the docket for a customer of this tier."""
        return self._pick(self._facts["repeats"], tier)

    def __getitem__(self, name: str) -> Any:
        return self._facts[name]

    @staticmethod
    def _pick(table: dict[str, Any], severity: str) -> Any:
        return table.get(severity, table.get("*", ""))


@lru_cache(maxsize=256)
def rules_of(version_id: int) -> Rules:
    """Return the rules of a policy version; versions never change, so each process reads one once."""
    return Rules(PolicyVersion.objects.get(pk=version_id).facts)


@lru_cache(maxsize=256)
def calendar_of(version_id: int) -> Calendar:
    """Return the calendar of a version; versions never change, so each process reads one once."""
    return Calendar.from_facts(CalendarVersion.objects.get(pk=version_id).facts)
