"""Run the suite once on SQLite and once on PostgreSQL with Redis; say what was left out and why.

Tests in a browser cost most and are about pages, not databases: where both lanes run, the first has only those
marked `everywhere`, and the second has all of them.

GOLDSEAM_REQUIRE_ALL=1 makes whatever cannot run an error instead of a skip. Each lane has its own database
and data folder, so that a running installation and other runs on this machine are left alone.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from _servers import NotHere, postgres, redis

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("GOLDSEAM_REQUIRE_ALL") == "1"
NO_TESTS = 5
_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "DEBUG", "SECRET_KEY")


def main(arguments: list[str]) -> int:
    """Run both lanes; return the first exit code that is not 0."""
    with tempfile.TemporaryDirectory(prefix="goldseam-") as folder, contextlib.ExitStack() as running:
        try:
            servers = {"DATABASE_URL": running.enter_context(postgres(Path(folder) / "pg"))}
            servers["REDIS_URL"] = running.enter_context(redis(Path(folder) / "redis"))
        except NotHere as reason:
            plain = lane("SQLite, nothing else installed", Path(folder) / "sqlite", {}, arguments)
            print(f"\nSKIPPED  the whole lane on PostgreSQL and Redis: {reason}", flush=True)
            return plain or (1 if REQUIRE_ALL else 0)
        once = [] if chosen(arguments) else ["-m", "not browser or everywhere"]
        plain = lane("SQLite, nothing else installed", Path(folder) / "sqlite", {}, [*once, *arguments])
        full = lane("PostgreSQL, Redis, a real worker", Path(folder) / "full", servers, arguments)
        return combined(plain, full)


def chosen(arguments: list[str]) -> bool:
    """Tell whether the caller names what to run: then both lanes run just that."""
    return any(argument in ("-m", "-k") or not argument.startswith("-") for argument in arguments)


def combined(plain: int, full: int) -> int:
    """Return the exit code of both; a lane in which no test was chosen counts only if the other has none too."""
    codes = {plain, full} - {0}
    return max(codes - {NO_TESTS}, default=NO_TESTS if {plain, full} == {NO_TESTS} else 0)


def lane(name: str, folder: Path, servers: dict[str, str], arguments: list[str]) -> int:
    """Run pytest with `servers` in the environment and nothing of the caller's installation."""
    folder.mkdir(parents=True)
    print(f"\n=== {name} ===", flush=True)
    environment = {key: value for key, value in os.environ.items() if key not in _OURS}
    environment |= {
        "GOLDSEAM_DATA_DIR": str(folder / "data"),
        "GOLDSEAM_TEST_DB": str(folder / "test.sqlite3"),
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        **servers,
    }
    return subprocess.call(
        [sys.executable, "-m", "pytest", *side_by_side(arguments), *arguments], cwd=ROOT, env=environment
    )


def side_by_side(arguments: list[str]) -> list[str]:
    """Return what makes pytest use every core, unless the caller asked for something that needs a single run."""
    alone = any(argument.startswith(("-n", "-p", "--pdb", "-s")) for argument in arguments)
    return [] if alone else ["-n", "auto", "--dist", "loadfile"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
