"""What a chase costs for each clock that is due, however many cases stand open (promise P5).

    python bench/sweep.py [OPEN ...]        10,000 open cases unless told otherwise; several sizes one after another

Works in a database of its own, made and dropped like a test database, on whatever DATABASE_URL names (PostgreSQL is
what the promise is about). Prints milliseconds and statements a due clock, and the plan that finds what is due. Ends
with status 1 where a due clock costs more than promised or the plan does not use the index made for it.
"""

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")

PROMISED_MS = 0.5
DUE = 1_000
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


def make_due(now: datetime) -> int:
    """Let the acknowledgement of the newest cases be due for its next rung; return of how many."""
    from cases.models import Due

    rows = Due.objects.filter(kind="step", ref=1, closed_at=None, chase_at__gt=now).order_by("-id")
    chosen = list(rows.values_list("pk", flat=True)[:DUE])
    return Due.objects.filter(pk__in=chosen).update(chase_at=now)


def measure(now: datetime) -> tuple[float, float]:
    """Chase once; return milliseconds and statements a due clock."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from cases import chasing

    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        chased = chasing.chase_due(now)
        took = time.perf_counter() - began
    if not chased:
        raise SystemExit("nothing was chased")
    return took * 1000 / chased, len(asked) / chased


def plan(now: datetime) -> str:
    """Return the plan by which a sweep finds what is due."""
    from cases.models import Due

    waiting = Due.objects.filter(closed_at=None, chase_at__isnull=False, chase_at__lte=now)
    return waiting.order_by("chase_at", "pk").values_list("pk", "chase_at")[:500].explain(analyze=True, buffers=True)


def run(count: int, pattern, now: datetime) -> bool:
    """Measure at one size and print; tell whether the promise is kept."""
    fill(count, pattern)
    due = make_due(now)
    found = plan(now)
    each, statements = measure(now)
    print(f"{count:>9,} open, {due} due: {each:.2f} ms and {statements:.2f} statements a due clock")
    print("          " + found.replace("\n", "\n          "))
    return each <= PROMISED_MS and INDEX in found


def main() -> int:
    """Measure every size asked for; return the exit status."""
    sizes = [int(size.replace(",", "")) for size in sys.argv[1:]] or [10_000]
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
        now = builders.NOON + timedelta(hours=3)
        kept = [run(size, pattern, now) for size in sorted(sizes)]
    finally:
        runner.teardown_databases(made)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
