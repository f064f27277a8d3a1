"""Causes by how often they struck and by what they put at stake: the few that make most of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import CaseCause
from council.figures.asked import Asked

SHOWN = 6


@dataclass(frozen=True)
class Bar:
    """A kind of cause (or a cause without one): in how many cases, at what stake, its length, and the share so far.

    `filter` narrows the figures to its cases. `stake` is minor units of the home currency, a customer counted once.
    """

    name: str
    filter: tuple[str, int]
    cases: int
    stake: int
    share: int
    so_far: int


def bars(asked: Asked, *, by_count: bool = False) -> list[Bar]:
    """Return the causes of the cases received in the period, heaviest first. One statement."""
    received = {"received_at__gte": asked.period.start, "received_at__lt": asked.period.end}
    rows = CaseCause.objects.filter(case__in=asked.cases().filter(**received).order_by().values("pk")).order_by()
    about = ("cause__kind", "cause__kind__name", "cause", "cause__title")
    return rank(rows.values_list(*about, "case", "case__customer", "case__home_stake"), by_count=by_count)


def rank(rows: Iterable[tuple], *, by_count: bool = False) -> list[Bar]:
    """Put rows of (kind, its name, cause, its title, case, customer, stake) into bars. Pure."""
    names: dict[tuple[str, int], str] = {}
    cases: dict[tuple[str, int], set[int]] = {}
    stakes: dict[tuple[str, int], dict[int, int]] = {}
    for kind, kind_name, cause, title, case, customer, stake in rows:
        key = ("kind", kind) if kind else ("cause", cause)
        names[key] = kind_name or title
        cases.setdefault(key, set()).add(case)
        known = stakes.setdefault(key, {})
        known[customer] = max(stake, known.get(customer, 0))
    weights = {key: (len(cases[key]), sum(stakes[key].values())) for key in names}
    measured = 0 if by_count else 1
    order = sorted(names, key=lambda key: (-weights[key][measured], -weights[key][0], names[key]))
    return _drawn(order, names, weights, measured)


def _drawn(order: list, names: dict, weights: dict, measured: int) -> list[Bar]:
    whole = sum(weight[measured] for weight in weights.values())
    most = max((weight[measured] for weight in weights.values()), default=0)
    found, so_far = [], 0
    for key in order:
        weight = weights[key][measured]
        so_far += weight
        share = max(1, round(100 * weight / most)) if most else 0
        found.append(Bar(names[key], key, *weights[key], share, round(100 * so_far / whole) if whole else 0))
    return found
