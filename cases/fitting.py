"""Which gesture fits: read from what the failure cost this customer (Connelly, method 4). Pure: no rows, no clock.

Money is never the suggestion: alone it says "take this and be quiet".
"""

from cases.enums import GestureKind, Severity

Fit = tuple[GestureKind, str]


def fitting(*, broken: int, nth: int, silences: int, severity: str) -> Fit:
    """Return the kind of gesture suggested and the name of its reason, the weightiest harm first.

    `broken` counts promises made since the complaint, `nth` their cases in twelve months, `silences` how often we
    were silent too long.
    """
    if broken:
        return GestureKind.TRUST, "broken"
    if nth > 1:
        return GestureKind.TRUST, "again"
    if silences:
        return GestureKind.EFFORT, "silent"
    if severity in (Severity.HIGH, Severity.CRITICAL):
        return GestureKind.TIME, "stood"
    return GestureKind.TIME, "waited"
