"""Words and marks that every page shares: the seam, times, money, names.

Pages are lost in templates, not in SQL: what a list repeats (`seam`, `when`, `due`) is memoised on
its input and returns ready markup. Nothing here reads the database.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from recovery.wording import (
    NEVER_YEAR,
    due_state,
    due_text,
    duration_text,
    exact_text,
    initials_of,
    moment_text,
    money_text,
    seam_label,
    seam_states,
    short_text,
)

register = template.Library()


@register.simple_tag
def company() -> str:
    """Return the name of the company whose customers are looked after here."""
    return settings.COMPANY_NAME


@register.simple_tag
def company_logo() -> str:
    """Return the address of the company's own picture, else of our mark."""
    return reverse("logo") if settings.LOGO else static("img/mark.svg")


@register.simple_tag(takes_context=True)
def seam(context: template.Context, pairs: Sequence, now: datetime | None = None, size: str = "") -> SafeString:
    """Draw a case as nine segments, with a sentence for those who cannot see them.

    `pairs` holds [state, due epoch seconds or None] for each step; state is planned, done, waived,
    ended or silent. Without a moment given, the page's `now` counts. No pairs, no mark.
    """
    if not pairs:
        return SafeString("")
    return _seam(seam_states(pairs, int(_now(context, now).timestamp())), size)


@lru_cache(maxsize=4096)
def _seam(states: tuple[str, ...], size: str) -> SafeString:
    segments = "".join("<i></i>" if state == "planned" else f'<i data-s="{state}"></i>' for state in states)
    label = seam_label(states)
    wide = f' data-size="{size}"' if size in ("wide",) else ""
    return mark_safe(f'<span class="seam"{wide} role="img" aria-label="{label}" title="{label}">{segments}</span>')


@register.simple_tag(takes_context=True)
def when(context: template.Context, at: datetime | date | None) -> SafeString:
    """Say when something was or will be, as a person would; the exact time shows on hover.

    Accepts an aware datetime or a date; nothing yields nothing. Times are in the reader's zone.
    """
    if at is None or at == "":
        return SafeString("")
    if not isinstance(at, datetime):
        return _day(at, timezone.localdate(_now(context)))
    return _when(_minute(at), _minute(_now(context)), timezone.get_current_timezone())


@register.simple_tag(takes_context=True)
def due(context: template.Context, at: datetime | None) -> SafeString:
    """Count down to `at`, or say by how much it was missed; marked late, soon or calm.

    Nothing, or the year that stands for never, yields nothing.
    """
    if at is None or at == "" or at.year >= NEVER_YEAR:
        return SafeString("")
    return _due(_minute(at), _minute(_now(context)), timezone.get_current_timezone())


@lru_cache(maxsize=8192)
def _when(at: int, now: int, zone) -> SafeString:
    moment, today = _local(at, zone), _local(now, zone).date()
    return _time(moment, moment_text(moment, today))


@lru_cache(maxsize=8192)
def _due(at: int, now: int, zone) -> SafeString:
    moment, present = _local(at, zone), _local(now, zone)
    return _time(moment, due_text(moment, present), due_state(moment, present))


@lru_cache(maxsize=1024)
def _day(on: date, today: date) -> SafeString:
    return mark_safe(f'<time datetime="{on.isoformat()}">{short_text(on, today)}</time>')


def _time(moment: datetime, text: str, state: str = "") -> SafeString:
    mark = f' data-state="{state}"' if state else ""
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return mark_safe(f'<time datetime="{stamp}" title="{exact_text(moment)}"{mark}>{text}</time>')


def _now(context: template.Context, given: datetime | None = None) -> datetime:
    """Return the moment the page speaks of: given, else its `now`, else the clock's."""
    return given or context.get("now") or timezone.now()


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _local(minute: int, zone) -> datetime:
    return datetime.fromtimestamp(minute * 60, zone)


@register.filter
def due_mark(at: datetime | None, now: datetime | None = None) -> str:
    """Return late, soon or calm for `at`, for a row's data-state. Nothing is calm."""
    return "calm" if not at or at.year >= NEVER_YEAR else due_state(at, now or timezone.now())


@register.filter
def money(minor: int | None, currency: str = "") -> str:
    """Write minor units with their currency: 41200000 and CHF make "CHF 412,000"."""
    return "" if minor is None or minor == "" else money_text(int(minor), currency)


@register.filter
def money_short(minor: int | None, currency: str = "") -> str:
    """Write minor units to two figures: "CHF 2.4 M", or "2.4 M" with an empty currency."""
    return "" if minor is None or minor == "" else money_text(int(minor), currency, short=True)


@register.filter
def duration(seconds: float | None) -> str:
    """Write a length of time: 2280 makes "38 min", 20400 "5 h 40 m", 362880 "4.2 d"."""
    return "" if seconds is None or seconds == "" else duration_text(int(seconds))


@register.filter
def words_of(name: object) -> str:
    """Write a name of the program as words: "survey_reminder" makes "survey reminder"."""
    return str(name).replace("_", " ")


@register.filter
def iso_day(on: str) -> str:
    """Write a day kept as text: "2026-04-25" makes "25 Apr 2026"."""
    day = date.fromisoformat(on)
    return f"{day.day} {day:%b} {day.year}"


@register.filter
def minus(number: object) -> str:
    """Write a number with a real minus sign: -8 makes "−8"."""
    return str(number).replace("-", "−", 1)


@register.filter
def initials(name: object) -> str:
    """Return at most two letters for a person's mark: "Marta Keller" makes "MK"."""
    return initials_of(str(name or ""))


@register.filter
def rc(number: object) -> str:
    """Write a case number as people say it: 2041 makes "RC-2041"."""
    return "" if number is None or number == "" else f"RC-{number}"
