"""The one-process installation, as a person starts it: up, ready, one address, stopped by Ctrl-C."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which only a data folder is given."""
    return {"PATH": os.environ["PATH"], "GOLDSEAM_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen]:
    """Start the installation and wait until it answers."""
    command = [sys.executable, "manage.py", "serve", "--prepare", "--port", str(port)]
    with (folder / "lines.log").open("ab") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=lines, stderr=lines)
    try:
        wait_for(lambda: ask(port, "/healthz")[0] == 200 or process.poll() is not None)
        assert process.poll() is None, (folder / "lines.log").read_text()
        yield process
    finally:
        process.kill()
        process.wait()


def ask(port: int, path: str) -> tuple[int, str]:
    """Return status and body, or 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_for(condition) -> None:
    """Wait until `condition` holds; fail after PATIENCE seconds."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Iterator[tuple[subprocess.Popen, int, Path]]:
    """One installation for the tests of this module."""
    folder, port = tmp_path_factory.mktemp("installed"), free_port()
    with serving(folder, port) as process:
        yield process, port, folder


def test_serve_becomes_ready_through_its_own_queue(installed):
    _, port, _ = installed
    wait_for(lambda: ask(port, "/readyz")[0] == 200)
    assert json.loads(ask(port, "/readyz")[1]) == {"ready": True, "faults": {}}


def test_serve_hands_out_static_files_by_fingerprinted_name(installed):
    _, port, folder = installed
    manifest = json.loads((folder / "static" / "staticfiles.json").read_text())
    status, sheet = ask(port, "/static/" + manifest["paths"]["css/tokens.css"])
    assert (status, sheet) == (200, (ROOT / "static/css/tokens.css").read_text())


def test_serve_asks_for_a_sign_in(installed):
    _, port, _ = installed
    status, page = ask(port, "/")
    assert (status, "<h1>Sign in</h1>" in page) == (200, True)


def test_serve_refuses_a_port_that_is_taken(installed, tmp_path):
    _, port, _ = installed
    command = [sys.executable, "manage.py", "serve", "--prepare", "--port", str(port)]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    expected = f"CommandError: Cannot listen on 127.0.0.1:{port}: another program has it. Choose another with --port."
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, expected)


def test_serve_stops_cleanly_on_ctrl_c_and_starts_again(installed):
    process, port, folder = installed
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    with serving(folder, port) as again:
        again.send_signal(signal.SIGTERM)
        assert again.wait(30) == 0
    assert "Traceback" not in (folder / "lines.log").read_text()
