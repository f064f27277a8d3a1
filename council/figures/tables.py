"""Every table of the figures as a head and rows of plain values, for files; one row for each case that is counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from cases.money import to_major
from council.figures import beside, catalogue, counting, holding, pareto, value
from council.figures.asked import Asked
from council.figures.counting import Reading
from council.figures.measures import Measure, Source
from council.figures.overview import overview
from council.models.tally import Tally

CHUNK = 500


@dataclass(frozen=True)
class Table:
    """A name for the file, the names of the columns, the rows, and how many there are."""

    name: str
    head: list[str]
    rows: Iterable[list[Any]]
    count: int


# One row a case

_COLUMNS: tuple[tuple[str, Callable[[Tally], Any]], ...] = (
    ("Case", lambda row: row.case.number),
    ("Round", lambda row: row.round),
    ("Title", lambda row: row.case.title),
    ("Customer", lambda row: row.customer.name),
    ("Tier", lambda row: row.get_tier_display()),
    ("Team", lambda row: row.team.name if row.team else ""),
    ("Owner", lambda row: row.owner.name if row.owner else ""),
    ("Category", lambda row: row.category.name if row.category else ""),
    ("Severity", lambda row: row.get_severity_display()),
    ("Channel", lambda row: row.get_channel_display()),
    ("From before Goldseam", lambda row: row.historical),
    ("State", lambda row: row.state),
    ("Outcome", lambda row: row.get_outcome_display() if row.outcome else ""),
    ("Received or reopened", lambda row: row.began_at),
    ("Seconds until logged", lambda row: row.logged_after),
    ("Acknowledged", lambda row: row.told_at),
    ("Acknowledge by", lambda row: row.told_by),
    ("Seconds until acknowledged, their clock", lambda row: row.told_wall),
    ("Seconds until acknowledged, our time", lambda row: row.told_work),
    ("Contained", lambda row: row.safe_at),
    ("Contain by", lambda row: row.safe_by),
    ("Seconds until contained, their clock", lambda row: row.safe_wall),
    ("Seconds until contained, our time", lambda row: row.safe_work),
    ("Confirmed by them", lambda row: row.right_at),
    ("Put right by", lambda row: row.right_by),
    ("Seconds until put right, their clock", lambda row: row.right_wall),
    ("Seconds until put right, our time", lambda row: row.right_work),
    ("Accepted silently", lambda row: row.silent),
    ("Closed", lambda row: row.closed_at),
    ("Pauses", lambda row: row.paused),
    ("Seconds open, our time", lambda row: row.open_work),
    ("Seconds of them paused", lambda row: row.paused_work),
    ("Satisfied, 1 to 5", lambda row: row.satisfied),
    ("Heard, 1 to 5", lambda row: row.heard),
    ("Easy, 1 to 5", lambda row: row.easy),
    ("Recommend, 0 to 10", lambda row: row.recommend),
    ("Trust, 1 to 5", lambda row: row.trust),
    (f"At stake, low, {settings.HOME_CURRENCY}", lambda row: home(row.stake_low)),
    (f"At stake, likely, {settings.HOME_CURRENCY}", lambda row: home(row.stake)),
    (f"At stake, high, {settings.HOME_CURRENCY}", lambda row: home(row.stake_high)),
)


def home(minor: int) -> Decimal:
    """Return minor units of the home currency as an amount people write."""
    return to_major(minor, settings.HOME_CURRENCY)


def counted(asked: Asked, measure: Measure, part: str = "") -> Table:
    """Return exactly the rows a figure counts. Raise KeyError for no part of it."""
    rows = counting.listed(asked, measure, part)
    reading = counting.read(asked, [(measure, asked.period)])[measure.slug, asked.period]
    count = reading.counts[part] if part else sum(reading.counts.values())
    if measure.source in (Source.CASE, Source.OPEN):
        return _cases(f"{measure.slug}{'-' + part if part else ''}", rows, count)
    head, cells, select = _OTHERS[measure.source]
    found = rows.select_related(*select).order_by("-pk").iterator(chunk_size=CHUNK)
    return Table(measure.slug, head, ([plain(cell) for cell in cells(row)] for row in found), count)


def _cases(name: str, rows: QuerySet[Tally], count: int) -> Table:
    found = rows.select_related("case", "customer", "team", "owner", "category").order_by("-pk")
    cells = ([plain(read(row)) for _, read in _COLUMNS] for row in found.iterator(chunk_size=CHUNK))
    return Table(name, [title for title, _ in _COLUMNS], cells, count)


_OTHERS: dict[Source, tuple[list[str], Callable[[Any], list[Any]], tuple[str, ...]]] = {
    Source.PROMISE: (
        ["Case", "Customer", "Promise", "Owner", "Made", "Due", "State"],
        lambda row: [
            row.case.number, row.case.customer.name, row.words.text, _name(row.owner), row.made_at, row.due_at,
            row.get_state_display(),
        ],
        ("case__customer", "words", "owner"),
    ),
    Source.WAIVER: (
        ["Case", "Customer", "Step", "Reason", "Asked by", "Granted by", "When"],
        lambda row: [
            row.case.number, row.case.customer.name, row.name, row.reason.text if row.reason else "by rule",
            _name(row.proposed_by), _name(row.done_by), row.done_at,
        ],
        ("case__customer", "reason", "proposed_by", "done_by"),
    ),
    Source.CAUSE: (
        ["Cause", "Kind", "Owner", "Mended", "Struck again"],
        lambda row: [row.title, _name(row.kind), _name(row.owner), row.mended_at, row.struck_at],
        ("kind", "owner"),
    ),
    Source.CHECK: (
        ["Cause", "Criterion", "Checker", "Due", "Result", "Checked"],
        lambda row: [
            row.cause.title, row.criterion.text, _name(row.checker), row.due_at, row.get_result_display(),
            row.checked_at,
        ],
        ("cause", "criterion", "checker"),
    ),
    Source.EXPOSURE: (
        ["Customer", "Cause", "Who looks", "Listed"],
        lambda row: [row.customer.name, row.cause.title, _name(row.owner), row.listed_at],
        ("customer", "cause", "owner"),
    ),
    Source.CHANGE: (
        ["What is different now", "Where", "Kept so by", "Adopted", "Cause"],
        lambda row: [row.words.text, row.where, _name(row.owner), row.adopted_at, row.cause.title if row.cause else ""],
        ("words", "owner", "cause"),
    ),
    Source.ARRIVAL: (
        ["Message", "Customer", "Arrived", "What became of it", "By", "When"],
        lambda row: [
            row.pk, _name(row.customer), row.arrived_at, row.get_state_display(), _name(row.decided_by),
            row.decided_at,
        ],
        ("customer", "decided_by"),
    ),
}  # fmt: skip


def _name(row: Any) -> str:
    return row.name if row is not None else ""


def plain(cell: Any) -> Any:
    """Return a value a spreadsheet knows: a moment without its zone, where the company is; yes and no as words."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.astimezone(ZoneInfo(settings.HOME_ZONE)).replace(tzinfo=None, microsecond=0)
    return "" if cell is None else cell


# Tables of figures


def figures(asked: Asked) -> Table:
    """Return the page of figures as one table."""
    page = overview(asked)
    lines = [line for section in page.sections for line in section.lines] + page.flow
    rows = [
        [line.measure.name, *_numbers(line.now), *_numbers(line.before), line.change, line.measure.sum]
        for line in lines
    ]
    for spell in page.spells:
        for name, clock in (("their clock", "theirs"), ("our working time", "ours")):
            now, before = getattr(spell.now, clock), getattr(spell.before, clock)
            title = f"{spell.measure.name}, {name}, seconds"
            rows.append([title, now.seconds, "", now.of, before.seconds, "", before.of, "", spell.measure.sum])
    head = ["Figure", "Now", "Counted for it", "Of", "Before", "Counted for it then", "Of then", "Change", "The sum"]
    return _short("figures", head, rows)


def _numbers(reading: Reading) -> list[Any]:
    return [reading.value, reading.hits, reading.of]


def _short(name: str, head: list[str], rows: list[list[Any]]) -> Table:
    return Table(name, head, [[plain(cell) for cell in row] for row in rows], len(rows))


def groups(asked: Asked, by: str, names: dict[Any, str]) -> Table:
    """Return the figures side by side."""
    measures = [measure.name for measure in beside.SHOWN]
    head = [
        beside.NAMES[by],
        *(f"{name}{end}" for name in measures for end in ("", ", of")),
        "Median until put right, s",
    ]
    rows = [
        [group.name, *(cell for one in group.readings for cell in (one.value, one.of)), group.right.theirs.seconds]
        for group in beside.beside(asked, by, names)
    ]
    return _short(f"by-{by}", head, rows)


def worths(asked: Asked) -> Table:
    """Return value saved, lost and at stake."""
    found = value.worths(asked, [asked.period, asked.before])
    head = ["What", "Low", "Likely", "High", "Customers", "Not known", "Cases", "Would hear of it", "Likely before"]
    rows = [
        [
            f"{row.measure.name}: {row.part.name}", *(home(getattr(row.now, end)) for end in value.ENDS),
            row.now.customers, row.now.unknown, row.now.cases, row.now.reach,
            home(row.before.likely) if row.before else "",
        ]
        for row in value.rows(asked, found)
    ]  # fmt: skip
    return _short("value", [*head[:1], *(f"{name}, {settings.HOME_CURRENCY}" for name in head[1:4]), *head[4:]], rows)


def causes(asked: Asked) -> Table:
    """Return the causes, heaviest first."""
    rows = [[bar.name, bar.cases, home(bar.stake), bar.so_far] for bar in pareto.bars(asked)]
    return _short("causes", ["Cause", "Cases", f"At stake, {settings.HOME_CURRENCY}", "So far, %"], rows)


def held(asked: Asked) -> Table:
    """Return whether the repaired hold."""
    head = ["Customers", "How many", *(f"{name}{end}" for name in ("Before", "Since", "Renewed, %") for end in _ENDS)]
    rows = [
        [group.name, group.customers]
        + [cell for one in (group.before, group.score, group.renewed) for cell in (one.value, one.n, one.low, one.high)]
        for group in holding.groups(asked)
    ]
    return _short("do-the-repaired-hold", head, rows)


def renewals(asked: Asked) -> Table:
    """Return the renewals ahead with a case open."""
    rows = [
        [
            row.customer.name,
            row.customer.get_tier_display(),
            row.customer.renewal_on,
            row.days,
            row.cases,
            home(row.stake),
        ]
        for row in value.renewals(asked, limit=5_000)
        for one in [row.customer]
    ]
    head = ["Customer", "Tier", "Renewal", "In days", "Open cases", f"At stake, {settings.HOME_CURRENCY}"]
    return _short("renewals", head, rows)


def rates(asked: Asked) -> Table:
    """Return the rates that hold today."""
    rows = [[rate.currency, rate.value, rate.on] for rate in value.rates(asked)]
    return _short("rates", ["One", settings.HOME_CURRENCY, "Since"], rows)


def customers(asked: Asked) -> Table:
    """Return every customer with what they went through and what is known since."""
    rows = [
        [holding.NAMES[fate], row.name, row.get_tier_display(), known.before, known.score, known.renewed]
        for fate in holding.Fate
        for row, known in holding.listed(asked, fate)
    ]
    return _short(
        "customers", ["What they went through", "Customer", "Tier", "Mark before", "Mark since", "Renewed"], rows
    )


_ENDS = ("", ", known of", ", 95 % from", ", to")


def cases(asked: Asked) -> Table:
    """Return every case received in the period, one row each."""
    return counted(asked, catalogue.MEASURES["received"])
