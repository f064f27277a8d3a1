"""What is at stake with a customer: future only, undiscounted, always with its sum (product: At stake).

lifetime profit = yearly revenue × margin × expected years; at stake = lifetime profit + cost to win a replacement;
low reaches to the next renewal only, high adds one contract term. Word of mouth is a number of prospects, never
money. Money is whole minor units.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cases.models import Customer, Rate

DAYS_A_YEAR = Decimal("365.25")
MILLION = 1_000_000


@dataclass(frozen=True)
class Stake:
    """The figures of one day, in minor units of `currency`; `prospects` is a count."""

    currency: str
    yearly_profit: int
    expected_years: Decimal
    lifetime_revenue: int
    lifetime_profit: int
    replacement: int
    low: int
    likely: int
    high: int
    prospects: int

    def to_facts(self) -> dict[str, Any]:
        """Return the sum as a case keeps it, JSON values only."""
        return {**vars(self), "expected_years": str(self.expected_years)}


def at_stake(customer: Customer, on: date) -> Stake | None:
    """Return what is at stake on that day, or None while revenue, margin or years are unknown."""
    if customer.yearly_revenue is None or customer.margin_bp is None or customer.expected_years is None:
        return None
    yearly = Decimal(customer.yearly_revenue) * customer.margin_bp / 10_000
    years, term = Decimal(customer.expected_years), Decimal(customer.term_years or 1)
    replacement = customer.replacement_cost or 0
    likely = _whole(yearly * years)
    return Stake(
        currency=customer.currency,
        yearly_profit=_whole(yearly),
        expected_years=years,
        lifetime_revenue=_whole(customer.yearly_revenue * years),
        lifetime_profit=likely,
        replacement=replacement,
        low=_whole(yearly * min(_years_to_renewal(customer, on, term), years)) + replacement,
        likely=likely + replacement,
        high=_whole(yearly * (years + term)) + replacement,
        prospects=customer.reach,
    )


def at_home(amount: int, currency: str, *, home: str, on: date) -> int:
    """Return `amount` in the home currency at the latest rate not after that day; unchanged without a rate."""
    if currency == home:
        return amount
    rate = Rate.objects.filter(currency=currency, on__lte=on).order_by("-on").first()
    return amount if rate is None else _whole(Decimal(amount) * rate.micros / MILLION)


def is_known(currency: str, *, home: str, on: date) -> bool:
    """Tell whether amounts in `currency` can be converted to the home currency on that day."""
    return currency == home or Rate.objects.filter(currency=currency, on__lte=on).exists()


def _years_to_renewal(customer: Customer, on: date, term: Decimal) -> Decimal:
    if customer.renewal_on is None or customer.renewal_on <= on:
        return term
    return Decimal((customer.renewal_on - on).days) / DAYS_A_YEAR


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
