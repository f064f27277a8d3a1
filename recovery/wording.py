"""How times, sums and names are put into words. Pure: no clock, no database, no markup."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

STEP_NAMES = (
    "Acknowledge",
    "Contain",
    "Resolve",
    "Go beyond",
    "Root cause",
    "Learnings",
    "Survey",
    "Council",
    "Institutionalize",
)
SOON = timedelta(hours=6)
COUNTDOWN = timedelta(hours=12)
NEVER_YEAR = 8999  # a case without a next deadline sorts with a year 9000

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}
_EXPONENTS = dict.fromkeys(("JPY", "KRW", "CLP", "VND", "ISK", "XAF", "XOF"), 0) | dict.fromkeys(
    ("BHD", "JOD", "KWD", "OMR", "TND"), 3
)
_SPACE = "\u00a0"  # a sum or a time never breaks over two lines


# The seam


def seam_states(pairs: Sequence, now: int) -> tuple[str, ...]:
    """Return what each segment shows at `now` (epoch seconds).

    A planned step past its due time is late; else the first planned one is where we are.
    """
    shown, here = [], False
    for state, due in pairs:
        late = state == "planned" and due is not None and due < now
        first = state == "planned" and not here
        here = here or state == "planned"
        shown.append("late" if late else "now" if first else state)
    return tuple(shown)


def seam_label(states: Sequence[str]) -> str:
    """Say the seam in words: "Steps: 2 done, Resolve is next, Council late"."""
    parts = [f"{states.count('done')} done"]
    parts += [f"{STEP_NAMES[i]} is next" for i, state in enumerate(states[:9]) if state == "now"]
    for state, word in (
        ("late", "late"),
        ("waived", "waived"),
        ("silent", "accepted silently"),
        ("ended", "ended"),
    ):
        parts += [f"{name} {word}" for name in _named(states, state)]
    return "Steps: " + ", ".join(parts)


def _named(states: Sequence[str], wanted: str) -> list[str]:
    names = [STEP_NAMES[i] for i, state in enumerate(states[:9]) if state == wanted]
    return names if len(names) < 4 else [f"{len(names)} steps"]


# Times


def moment_text(at: datetime, today: date) -> str:
    """Return "today 11:20", "yesterday 16:44", "Tue 10:22" or "17 Nov 10:22"; other years are named."""
    return f"{short_text(at.date(), today)} {at:%H:%M}".replace(" ", _SPACE)


def short_text(on: date, today: date) -> str:
    """Return the day as a person would: today, tomorrow, Tue (within a week), 17 Nov, 17 Nov 2024."""
    away = (on - today).days
    if away in (-1, 0, 1):
        return ("yesterday", "today", "tomorrow")[away + 1]
    if -7 < away < 7:
        return f"{on:%a}"
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b} {on.year}"


def due_text(at: datetime, now: datetime) -> str:
    """Return "−1 h 12 m" when missed, "5 h 40 m" when near, else the day and hour it falls on."""
    left = at - now
    if left < timedelta(0):
        return "−" + span_text(-left)
    return span_text(left) if left < COUNTDOWN else moment_text(at, now.date())


def due_state(at: datetime, now: datetime) -> str:
    """Return late when passed, soon within six hours, else calm."""
    return "late" if at < now else "soon" if at - now < SOON else "calm"


def exact_text(at: datetime) -> str:
    """Return the full moment with its zone, for hovering: "Thu 19 Nov 2026, 17:00 CET"."""
    return f"{at:%a} {at.day} {at:%b} {at.year}, {at:%H:%M} {at.tzname()}"


def span_text(span: timedelta) -> str:
    """Return a countdown: "50 m", "1 h 05 m", "6 h"; from a day on "1 d 18 h", from three days on "3 d"."""
    minutes = int(span.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    if hours >= 24:
        days, hours = divmod(hours, 24)
        return f"{days}{_SPACE}d{_SPACE}{hours}{_SPACE}h" if hours and days < 3 else f"{days}{_SPACE}d"
    if not hours:
        return f"{minutes}{_SPACE}m"
    return f"{hours}{_SPACE}h{_SPACE}{minutes:02d}{_SPACE}m" if minutes else f"{hours}{_SPACE}h"


def duration_text(seconds: int) -> str:
    """Return a measured length: "38 min", "5 h 40 m", from a day on "4.2 d", whole ones "4 d"."""
    if seconds < 0:
        return "−" + duration_text(-seconds)
    if seconds < 3600:
        return f"{seconds // 60}{_SPACE}min"
    if seconds < 86400:
        return span_text(timedelta(seconds=seconds))
    return f"{seconds / 86400:.1f}".removesuffix(".0") + f"{_SPACE}d"


# Money and names


def money_text(minor: int, currency: str, *, short: bool = False) -> str:
    """Write `minor` units of an ISO currency. Cents show when there are any, up to 10,000."""
    exponent = _EXPONENTS.get(currency, 2)
    amount = abs(minor) / 10**exponent
    figures = _short_amount(amount) if short else _amount(amount, exponent)
    sign = "−" if minor < 0 else ""
    return f"{_SYMBOLS.get(currency, currency)}{_SPACE}{sign}{figures}" if currency else f"{sign}{figures}"


def _amount(amount: float, exponent: int) -> str:
    return f"{amount:,.{exponent}f}" if amount % 1 and amount < 10_000 else f"{amount:,.0f}"


def _short_amount(amount: float) -> str:
    for size, unit in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if amount >= size * 0.9995:
            return f"{amount / size:.1f}".removesuffix(".0") + _SPACE + unit
    return f"{amount:,.0f}"


def initials_of(name: str) -> str:
    """Return the first letters of the first and last word of `name`, in capitals."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
