"""One figure beside the same one before: what changed, and whether that is good."""

from collections.abc import Mapping
from dataclasses import dataclass

from council.figures.asked import Asked
from council.figures.counting import Key, Reading
from council.figures.measures import Kind, Measure
from council.figures.medians import Clocks
from council.periods import Period


@dataclass(frozen=True)
class Line:
    """A figure now and before."""

    measure: Measure
    now: Reading
    before: Reading

    @property
    def change(self) -> float | None:
        """How much more than before, in what the figure is measured in; None where one of the two says nothing."""
        if self.measure.is_now or self.now.value is None or self.before.value is None:
            return None
        return round(self.now.value - self.before.value, 1)

    @property
    def down(self) -> float:
        """How much less than before, for a figure that went down."""
        return -(self.change or 0)

    @property
    def is_better(self) -> bool | None:
        """Tell whether the change is for the better; None without one, or where more is neither good nor bad."""
        neutral = self.measure.kind == Kind.COUNT and not self.measure.low_is_good
        if not self.change or neutral:
            return None
        return (self.change < 0) == self.measure.low_is_good


@dataclass(frozen=True)
class Spell:
    """How long a stage takes on both clocks, now and before."""

    measure: Measure
    now: Clocks
    before: Clocks

    @property
    def is_shorter(self) -> bool | None:
        """Tell whether customers wait less than before; None where that cannot be said."""
        now, before = self.now.theirs.seconds, self.before.theirs.seconds
        return None if now is None or before is None or now == before else now < before


def line(asked: Asked, read: Mapping[Key, Reading], measure: Measure) -> Line:
    """Return one figure of the period and of the one before; what is counted now has no before."""
    now = read[measure.slug, asked.period]
    return Line(measure, now, now if measure.is_now else read[measure.slug, asked.before])


def spell(asked: Asked, times: Mapping[tuple[str, Period], Clocks], measure: Measure) -> Spell:
    """Return how long the measure's stage takes."""
    return Spell(measure, times[measure.column, asked.period], times[measure.column, asked.before])
