"""Sums as people type them, and as rows keep them."""

from decimal import Decimal

WHOLE = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "VND", "XAF", "XOF"})
THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def places(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217)."""
    return 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """Return whole minor units; what is smaller is rounded."""
    return int((amount * 10 ** places(currency)).to_integral_value())


def to_major(minor: int, currency: str) -> Decimal:
    """Return the sum as people write it, without needless zeros."""
    amount = Decimal(minor) / 10 ** places(currency)
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount
