"""What a chase costs for each clock that is due, however many cases stand open (promise P5).

    python bench/sweep.py [-v] [OPEN ...]        10,000 and 100,000 open cases unless told otherwise

Works in a database of its own, made and dropped like a test database, on whatever DATABASE_URL names (PostgreSQL is
what the promise is about). Prints milliseconds and statements for 1,000 clocks due, and the pages touched for 100 due;
with -v also the plan that finds them. Ends with status 1 where a due clock costs more than promised, where the plan
does not use the index made for it, or where the largest size touches more than 1.3 times the pages of the smallest.
"""

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")

PROMISED_MS = 0.5
MOST_GROWN = 1.3
DUE, FEW, ROUNDS = 1_000, 100, 3
OWNERS = 20
INDEX = "due_to_chase"
BATCH = 5_000


def fill(count: int, pattern) -> None:
    """Multiply one case that the product opened into `count`, each with its chain and clocks, none of them due."""
    from django.db import connection

    from cases.models import Case, Chain, Due

    cases = [field.column for field in Case._meta.concrete_fields if field.column != "id"]
    dues = [field.column for field in Due._meta.concrete_fields if field.column not in ("id", "case_id", "chase_at")]
    known = Case.objects.count()
    with connection.cursor() as cursor:
        kept = ", ".join("''" if name in ("form_token", "external_ref") else name for name in cases)
        for start in range(known, count, BATCH):
            cursor.execute(
                f"INSERT INTO cases_case ({', '.join(cases)}) SELECT {kept} FROM cases_case, "
                f"generate_series(1, {min(BATCH, count - start)}) WHERE id = %s RETURNING id",
                [pattern.pk],
            )
            made = [row[0] for row in cursor.fetchall()]
            Chain.objects.bulk_create(Chain(case_id=pk) for pk in made)
            cursor.execute(
                f"INSERT INTO cases_due (case_id, chase_at, {', '.join(dues)}) "
                f"SELECT made.id, timestamptz '2050-01-01', {', '.join('due.' + name for name in dues)} "
                "FROM unnest(%s::bigint[]) AS made(id), cases_due AS due WHERE due.case_id = %s",
                [made, pattern.pk],
            )
        cursor.execute("ANALYZE")


def share(others: list[int]) -> None:
    """Give the newest cases to several owners in turn, so that what is due belongs to many."""
    from cases.models import Case, Due

    newest = list(Case.objects.order_by("-id").values_list("pk", flat=True)[: ROUNDS * (DUE + FEW)])
    for place, owner in enumerate(others):
        some = newest[place :: len(others) + 1]
        Case.objects.filter(pk__in=some).update(owner=owner)
        Due.objects.filter(case__in=some).update(owner=owner)


def make_due(now: datetime, count: int) -> int:
    """Let the acknowledgement of so many cases not chased before be due for its next rung; return of how many."""
    from cases.models import Due

    rows = Due.objects.filter(kind="step", ref=1, closed_at=None, rung=0, chase_at__gt=now).order_by("-id")
    chosen = list(rows.values_list("pk", flat=True)[:count])
    return Due.objects.filter(pk__in=chosen).update(chase_at=now)


def measure(now: datetime) -> tuple[float, float, int]:
    """Chase once; return milliseconds a due clock, those this program worked itself, and the statements in all."""
    from django.db import connection

    from cases import chasing

    asked = []

    def counted(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        began, worked = time.perf_counter(), time.process_time()
        chased = chasing.chase_due(now)
        took, worked = time.perf_counter() - began, time.process_time() - worked
    if not chased:
        raise SystemExit("nothing was chased")
    return took * 1000 / chased, worked * 1000 / chased, len(asked)


def pages() -> int:
    """Return how many pages of tables and indexes have been touched in this database so far."""
    from django.db import connection

    touched = "heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit, 0) + coalesce(idx_blks_read, 0)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(f"SELECT sum({touched}) FROM pg_statio_user_tables")
        return int(cursor.fetchone()[0])


def touched_by_few(now: datetime) -> tuple[int, int, str]:
    """Chase `FEW` clocks; return the pages touched in finding them and in all, and the plan that found them."""
    from cases import chasing

    make_due(now, FEW)
    plan = chasing.waiting(now).explain(analyze=True, buffers=True)
    before = pages()
    chasing.chase_due(now)
    line = next(line for line in plan.splitlines() if "Buffers:" in line)
    found = sum(int(part.split("=")[1]) for part in line.split() if part.startswith(("hit=", "read=")))
    return found, pages() - before, plan


def run(count: int, pattern, others: list[int], now: datetime) -> tuple[float, int, int, bool]:
    """Measure at one size and print; return milliseconds, pages found, pages in all, and whether the index served."""
    fill(count, pattern)
    share(others)
    few = [touched_by_few(now) for _ in range(ROUNDS)]
    found, in_all = min(one[0] for one in few), min(one[1] for one in few)
    rounds = []
    for _ in range(ROUNDS):
        due = make_due(now, DUE)
        rounds.append(measure(now))
    each, own, statements = sorted(rounds)[ROUNDS // 2]
    print(f"{count:>9,} open, {due} due: {each:.2f} ms a due clock, {own:.2f} of them this program's own work,")
    print(f"          {statements} statements (median of {ROUNDS}; the rest is the database, and waiting for a turn)")
    print(f"          {FEW} due: {found} pages to find them, {in_all} pages to chase them")
    if "-v" in sys.argv:
        print("          " + few[-1][2].replace("\n", "\n          "))
    return each, found, in_all, all(INDEX in plan for *_, plan in few)


def kept(measured: list[tuple[float, int, int, bool]]) -> bool:
    """Tell whether every size keeps the promise, and the largest touches hardly more pages than the smallest."""
    smallest, largest = measured[0], measured[-1]
    grown = [largest[place] / smallest[place] for place in (1, 2)]
    if len(measured) > 1:
        print(f"largest against smallest: {grown[0]:.2f} x the pages to find, {grown[1]:.2f} x the pages to chase")
    return all(each <= PROMISED_MS and served for each, *_, served in measured) and max(grown) <= MOST_GROWN


def main() -> int:
    """Measure every size asked for; return the exit status."""
    sizes = [int(size.replace(",", "")) for size in sys.argv[1:] if size != "-v"] or [10_000, 100_000]
    import django
    from django.conf import settings
    from django.db import connection
    from django.test.utils import get_runner

    django.setup()
    if connection.vendor != "postgresql":
        raise SystemExit("Set DATABASE_URL: this promise is about PostgreSQL.")
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        from tests import builders

        pattern = builders.case(owner=builders.user())
        others = [builders.user().pk for _ in range(OWNERS - 1)]
        now = builders.NOON + timedelta(hours=3)
        measured = [run(size, pattern, others, now) for size in sorted(sizes)]
    finally:
        runner.teardown_databases(made)
    return 0 if kept(measured) else 1


if __name__ == "__main__":
    sys.exit(main())
