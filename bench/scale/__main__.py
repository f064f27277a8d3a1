"""How fast every page is as the cases grow, measured against a bare page on the same machine (promises P1, P3, P4).

    python -m bench.scale [SIZE] [--keep] [--reuse] [-v]        1,000,000 cases unless told otherwise

Works in two databases of its own beside the one DATABASE_URL names (PostgreSQL, by somebody who may make databases):
`goldseam_scale_10000` and `goldseam_scale_<SIZE>`, made from the migrations, filled set by set, and dropped at the end
unless told to --keep them; --reuse takes those that are there. Prints one line a page: milliseconds (median of five
rounds, both sizes and the floor in turn), times the floor, what is allowed, times its own figure at 10,000, and
pages of the database touched against those at 10,000. Ends with status 1 where anything is late. -v shows the
statements of late pages.
"""

import argparse
import os
import statistics
import sys
import time

from bench.scale import database, measuring, report

SMALL, LARGE, ROUNDS = 10_000, 1_000_000, 5


def main() -> int:
    """Fill, measure, print; return the exit status."""
    asked = argparse.ArgumentParser(prog="python -m bench.scale")
    asked.add_argument("size", nargs="?", type=lambda given: int(given.replace(",", "")), default=LARGE)
    for name, what in {"--keep": "leave the databases", "--reuse": "take those that are there"}.items():
        asked.add_argument(name, action="store_true", help=what)
    asked.add_argument("-v", "--verbose", action="store_true", help="show the statements of late pages")
    given = asked.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("Set DATABASE_URL: these promises are about PostgreSQL.")
    sizes = sorted({SMALL, given.size})
    try:
        for size in sizes:
            _ready(size, reuse=given.reuse)
        return _measure(sizes, verbose=given.verbose)
    finally:
        for size in () if given.keep else sizes:
            database.drop(size)


def _ready(size: int, *, reuse: bool) -> None:
    if reuse and database.exists(size):
        database.run(size, "manage.py", "migrate", "--verbosity", "0")
        return database.run(size, "-m", "bench.scale.fill", "--fresh")
    print(f"filling {size:,} cases", flush=True)
    database.create(size)
    database.run(size, "-m", "bench.scale.fill", str(size))


def _measure(sizes: list[int], *, verbose: bool) -> int:
    benches = [measuring.Bench(database.url_of(size)) for size in sizes]
    pages, rounds = benches[-1].ask("names"), [[] for _ in sizes]
    for number in range(ROUNDS):
        began = time.monotonic()
        for found, bench in zip(rounds, benches, strict=True):
            found.append(bench.ask("round"))
        print(f"round {number + 1} of {ROUNDS}: {time.monotonic() - began:.0f} s", flush=True)
    touched = [bench.ask("touched") for bench in benches]
    bytes_ = benches[-1].ask("sizes")
    lines = [
        report.line(page, *(_median(found, place) for found in (rounds[0], rounds[-1])),
                    touched[0][place], touched[-1][place], bytes_[place])
        for place, page in enumerate(pages)
    ]  # fmt: skip
    report.show(lines, sizes)
    for place, one in enumerate(lines):
        if verbose and one.late:
            for at, bench in enumerate(benches):
                report.statements(one, sizes[at], bench.ask("statements", place))
    for bench in benches:
        bench.end()
    return 1 if any(one.late for one in lines) else 0


def _median(rounds: list, place: int) -> measuring.Timed:
    found = [one[place] for one in rounds]
    return measuring.Timed(*(statistics.median(getattr(one, what) for one in found) for what in ("page", "floor")))


if __name__ == "__main__":
    sys.exit(main())
