"""Amounts as people write them, as whole minor units and back (ISO 4217). Pure: no database, no rounding by floats."""

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = {
    **dict.fromkeys(("JPY", "KRW", "CLP", "VND", "ISK", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}


def to_minor(amount: Decimal, currency: str) -> int:
    """Return an amount of a currency as whole minor units: 45 CHF is 4500, 45 JPY is 45."""
    return int((amount * 10 ** _DIGITS.get(currency, 2)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_major(minor: int, currency: str) -> Decimal:
    """Return minor units as the amount people write: 4500 CHF cents are 45.00."""
    digits = _DIGITS.get(currency, 2)
    return Decimal(minor).scaleb(-digits)
