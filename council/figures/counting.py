"""Shares and medians over rounds. Pure: rows in, numbers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.enums import Outcome
from council import survival
from council.figures.laps import Lap
from council.periods import Period


@dataclass(frozen=True)
class Share:
    """So many of so many; `percent` is None where there is nothing to count."""

    hits: int
    of: int

    @property
    def percent(self) -> int | None:
        """Whole percent, or None."""
        return round(100 * self.hits / self.of) if self.of else None


@dataclass(frozen=True)
class Median:
    """A median of seconds over `of` cases, `running` of them unfinished; None while not half are finished."""

    seconds: float | None
    of: int
    running: int


@dataclass(frozen=True)
class Ends:
    """How resolutions came about: by the customer's word, by silence, reopened since."""

    by_word: Share
    silent: Share
    reopened: Share


def acknowledged_in_time(rows: Iterable[Lap], period: Period, now: datetime) -> Share:
    """Return met ÷ (met + missed) over cases received in the period; unfinished past due is missed."""
    verdicts = [_in_time(lap, now) for lap in rows if lap.is_first and lap.began_at in period]
    return Share(verdicts.count(True), verdicts.count(True) + verdicts.count(False))


def _in_time(lap: Lap, now: datetime) -> bool | None:
    if lap.acknowledge_by is None:
        return None
    if lap.missed_before:
        return False
    if lap.acknowledged_at is not None:
        return lap.acknowledged_at <= lap.acknowledge_by
    ended = min(now, lap.closed_at or now)
    return False if lap.acknowledge_by < ended else None


def time_to_confirmed(rows: Iterable[Lap], period: Period, now: datetime) -> Median:
    """Return the median wall time from receipt to the customer's first yes, over cases received in the period.

    Unfinished ones count as still running (Kaplan–Meier); silence accepted or another end cuts the time off.
    """
    cohort = [lap for lap in rows if lap.is_first and lap.began_at in period]
    spans = [_span(lap, now) for lap in cohort]
    return Median(survival.median(spans), len(spans), sum(lap.is_running for lap in cohort))


def _span(lap: Lap, now: datetime) -> tuple[float, bool]:
    end = lap.confirmed_at or lap.stopped_at(now)
    return max(0.0, (end - lap.began_at).total_seconds()), lap.confirmed_at is not None


def ends(rows: Iterable[Lap], period: Period) -> Ends:
    """Return the shares of resolutions in the period; a final answer the customer did not agree to counts below."""
    rows = list(rows)
    resolved = [lap for lap in rows if lap.resolved_at in period]
    refused = [lap for lap in rows if _not_agreed(lap) and lap.closed_at in period]
    of = len(resolved) + len(refused)
    return Ends(
        by_word=Share(sum(not lap.silent for lap in resolved), of),
        silent=Share(sum(lap.silent for lap in resolved), of),
        reopened=Share(sum(lap.rounds > lap.number for lap in resolved), len(resolved)),
    )


def _not_agreed(lap: Lap) -> bool:
    return lap.outcome == Outcome.NOT_AGREED and lap.number == lap.rounds


def by_week(rows: Iterable[Lap], weeks: list[Period]) -> list[tuple[Period, int, int]]:
    """Return for each week how many cases were received and how many rounds the customers confirmed."""
    rows = list(rows)
    return [
        (
            week,
            sum(lap.is_first and lap.began_at in week for lap in rows),
            sum(lap.confirmed_at in week for lap in rows),
        )
        for week in weeks
    ]
