"""A real Celery worker killed two hundred times, and what became of the letters (promises R2, R3).

    python bench/faults.py [KILLS [SEED]]        200 kills unless told otherwise; some minutes

Works in a database of its own on PostgreSQL (DATABASE_URL) and on the Redis named by REDIS_URL, whose queue it
empties. Prints kills, letters and repeats; ends with status 1 where a letter is missing or a rung was told twice.
"""

import logging
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def main() -> int:
    """Kill as often as asked; return the exit status."""
    kills, seed = (int(given) for given in (*sys.argv[1:3], *("200", "2041")[len(sys.argv[1:3]) :]))
    from tests.postbox import Postbox

    with Postbox() as box:
        os.environ["EMAIL_URL"] = box.url  # read by the settings of this process and of the workers
        import django
        from django.conf import settings
        from django.db import connection
        from django.test.utils import get_runner

        django.setup()
        if connection.vendor != "postgresql" or not settings.REDIS_URL:
            raise SystemExit("Set DATABASE_URL and REDIS_URL: this promise is about separate workers.")
        runner = get_runner(settings)(verbosity=0, interactive=False)
        made = runner.setup_databases()
        try:
            return report(kills, seed, box)
        finally:
            connection.close()
            runner.teardown_databases(made)


def report(kills: int, seed: int, box) -> int:
    """Run and print; return 1 where something is wrong."""
    from tests.faults import killing

    logging.disable()  # the mail server's talk
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome = killing.rage(kills=kills, seed=seed, box=box, log=Path(folder) / "worker.log")
    took = time.perf_counter() - began
    print(f"{outcome.kills} kills in {took:.0f} s, {outcome.busy} of them in the middle of a sweep or of letters")
    print(f"{outcome.letters} letters taken by the mail server, {outcome.repeats} of them a second time")
    print("\n".join(outcome.problems) or "nothing lost, no rung told twice, every timeline whole")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
