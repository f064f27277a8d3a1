"""Working time read off the wall, a quarter of an hour at a time: slow, plain, and made of none of our arithmetic.

Calendars drawn here open and close on quarters, and so do the zones' clock changes; pauses may begin and end anywhere.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

QUARTER = timedelta(minutes=15)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = (
    "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago",
    "Pacific/Auckland", "Africa/Casablanca", "UTC",
)  # fmt: skip
# Clock changes of these zones, leap days of two years, the turn of a year.
TELLING = (
    date(2024, 2, 28), date(2026, 3, 7), date(2026, 3, 28), date(2026, 4, 4), date(2026, 9, 5), date(2026, 9, 26),
    date(2026, 10, 3), date(2026, 10, 24), date(2026, 10, 31), date(2027, 12, 30), date(2028, 2, 27),
)  # fmt: skip
SHAPES = (
    (), (("08:00", "17:00"),), (("08:00", "12:00"), ("13:15", "17:00")), (("00:00", "24:00"),), (("00:00", "03:15"),),
    (("01:45", "02:45"),), (("22:30", "24:00"),), (("09:00", "09:15"), ("23:45", "24:00")),
)  # fmt: skip
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Wall:
    """A week's opening times on the wall of one zone, less holidays."""

    zone: str
    week: tuple[tuple[tuple[str, str], ...], ...]
    holidays: frozenset[date] = frozenset()

    @property
    def facts(self) -> dict:
        """The same as the product keeps it."""
        hours = {day: [list(window) for window in shape] for day, shape in zip(DAYS, self.week, strict=True) if shape}
        return {"timezone": self.zone, "hours": hours, "holidays": sorted(on.isoformat() for on in self.holidays)}

    def due(self, allowed: str, start: datetime, pauses: list[Stretch] = ()) -> datetime:
        """Return when `4h`, `30m` or `5d` have run out, by walking from quarter to quarter."""
        amount, unit = int(allowed[:-1]), allowed[-1]
        if unit == "d":
            return self._closing(start, amount, pauses)
        return self._walk(start, timedelta(minutes=amount * (60 if unit == "h" else 1)), pauses)

    def worked(self, start: datetime, end: datetime, pauses: list[Stretch] = ()) -> timedelta:
        """Return the open time between two moments, without what lies in a pause."""
        total, at = timedelta(), _quarter(start)
        while at < end:
            if _opens(self, at):
                pieces = _unpaused(max(at, start), min(at + QUARTER, end), pauses)
                total += sum((closed - opened for opened, closed in pieces), timedelta())
            at += QUARTER
        return total

    def _walk(self, start: datetime, left: timedelta, pauses: list[Stretch]) -> datetime:
        at = _quarter(start)
        while True:
            for opened, closed in _unpaused(max(at, start), at + QUARTER, pauses) if _opens(self, at) else ():
                if left <= closed - opened:
                    return opened + left
                left -= closed - opened
            at += QUARTER

    def _closing(self, start: datetime, days: int, pauses: list[Stretch]) -> datetime:
        on, closing = start.astimezone(ZoneInfo(self.zone)).date(), start
        while days:
            on += timedelta(days=1)
            open_ones = [at for at in _quarters_of(on, self.zone) if _opens(self, at)]
            if open_ones:
                days, closing = days - 1, open_ones[-1] + QUARTER
        return self._walk(start, self.worked(start, closing), pauses) if pauses else closing


def _quarter(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


@lru_cache(maxsize=400_000)
def _opens(wall: Wall, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(wall.zone))
    if local.date() in wall.holidays:
        return False
    clock = f"{local:%H:%M}"
    return any(opens <= clock < closes for opens, closes in wall.week[local.weekday()])


def _quarters_of(on: date, zone: str) -> list[datetime]:
    around = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=15)
    every = (around + n * QUARTER for n in range(54 * 4))
    return [at for at in every if at.astimezone(ZoneInfo(zone)).date() == on]


def _unpaused(opened: datetime, closed: datetime, pauses: list[Stretch]) -> list[Stretch]:
    """Return the pieces of a stretch in which no pause holds, whatever their number and order."""
    edges = sorted({opened, closed, *(at for pause in pauses for at in pause if opened < at < closed)})
    pieces = pairwise(edges)
    return [(one, other) for one, other in pieces if not any(begin <= one and other <= end for begin, end in pauses)]


@st.composite
def walls(draw: st.DrawFn) -> Wall:
    """Draw a calendar with at least three days of the week on which somebody works."""
    week = draw(st.tuples(*[st.sampled_from(SHAPES)] * 7).filter(lambda days: sum(map(bool, days)) >= 3))
    near, zone = draw(st.sampled_from(TELLING)), draw(st.sampled_from(ZONES))
    off = draw(st.frozensets(st.integers(-2, 9), max_size=3))
    return Wall(zone, week, frozenset(near + timedelta(days=day) for day in off))


def moments() -> st.SearchStrategy[datetime]:
    """Draw moments around clock changes and leap days, to the tenth of a second."""
    seconds = st.integers(-2 * 864_000, 3 * 864_000).map(lambda tenths: tenths / 10)
    days = st.sampled_from(TELLING).map(lambda on: datetime(on.year, on.month, on.day, tzinfo=UTC))
    return st.builds(lambda on, second: on + timedelta(seconds=second), days, seconds)
