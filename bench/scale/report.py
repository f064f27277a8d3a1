"""The table: a page a line, and what is late in it."""

from dataclasses import dataclass

from bench.scale.measuring import Timed
from bench.scale.pages import Page

OWN, TOUCHED = 1.5, 1.3


@dataclass(frozen=True)
class Line:
    """What was measured of one page."""

    page: Page
    ms: float
    floors: float
    own: float
    buffers: int | None
    touched: float
    html: int

    @property
    def late(self) -> list[str]:
        """What is beyond its limit."""
        found = ["floor"] if self.floors > self.page.limit else []
        if self.page.grows:
            found += ["own"] if self.own > OWN else []
            found += ["buffers"] if self.touched > TOUCHED else []
        return found


def line(page: Page, small: Timed, large: Timed, few: int | None, many: int | None, html: int) -> Line:
    """Compare a page with the floor and with itself at the small size."""
    grown = many / few if few else 1.0
    return Line(page, large.page, large.page / large.floor, large.page / small.page, many, grown, html)


def show(lines: list[Line], sizes: list[int]) -> None:
    """Print the table."""
    print(f"\n{sizes[-1]:,} cases; floor: {_floor(lines):.1f} ms")
    print(f"{'':44}{'ms':>7} {'x floor':>8} {'limit':>6} {'x own':>6} {'pages':>7} {'x':>5} {'kB':>5}")
    for one in lines:
        pages = "" if one.buffers is None else f"{one.buffers:,}"
        print(
            f"{one.page.who + ' · ' + one.page.name:44}{one.ms:7.1f} {one.floors:8.2f} {one.page.limit:6.1f} "
            f"{one.own:6.2f} {pages:>7} {one.touched:5.2f} {one.html / 1000:5.0f}  {_word(one)}"
        )
    late = sum(bool(one.late) for one in lines)
    print(f"{len(lines) - late} kept, {late} late")


def _word(one: Line) -> str:
    return "late: " + ", ".join(one.late) if one.late else "ok"


def _floor(lines: list[Line]) -> float:
    found = sorted(one.ms / one.floors for one in lines if one.buffers is not None)
    return found[len(found) // 2]


def statements(one: Line, size: int, found: list[tuple[str, int]]) -> None:
    """Print the statements of a page with the pages each touches."""
    print(f"\n{one.page.who} · {one.page.name} at {size:,}: {one.page.url}")
    for sql, touched in found:
        print(f"  {touched:>7,}  {sql}")
