"""Times to something that has not yet happened to all: the estimate of Kaplan and Meier. Pure arithmetic."""

from collections import Counter
from collections.abc import Iterable

Span = tuple[float, bool]


def curve(spans: Iterable[Span]) -> list[tuple[float, float]]:
    """Return the steps of the survival curve: at each time, the share still waiting just after it.

    A span is how long something lasted or has lasted so far, and whether it ended. What is still running counts as
    waiting until its length and is then left out. Spans that end and spans cut off at the same time: the cut-off
    ones still count as waiting there.
    """
    rows = list(spans)
    ended = Counter(length for length, done in rows if done)
    left_by = Counter(length for length, _ in rows)
    waiting, share, steps = len(rows), 1.0, []
    for length in sorted(left_by):
        if ended[length]:
            share *= 1 - ended[length] / waiting
            steps.append((length, share))
        waiting -= left_by[length]
    return steps


def median(spans: Iterable[Span]) -> float | None:
    """Return the first time by which half have ended, or None while the curve has not come down to a half."""
    return next((length for length, share in curve(spans) if share <= 0.5 + 1e-12), None)
