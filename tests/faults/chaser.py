"""A worker that does nothing but chase: `python -m tests.faults.chaser MOMENT`, a process of its own.

It says that it is ready, waits for a line, then climbs what is due, a few clocks at a time so that two of them meet
again and again, and prints how many it climbed. The lease is left out: correctness must not need it.
"""

import sys
from datetime import datetime

import django


def main(moment: str) -> None:
    """Chase once at `moment` as soon as the starter says so."""
    django.setup()
    from django.db import connection

    from cases import chasing

    connection.ensure_connection()
    chasing.SIZES = {"postgresql": 7}
    print("ready", flush=True)
    sys.stdin.readline()
    print(chasing.chase_due(datetime.fromisoformat(moment)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
