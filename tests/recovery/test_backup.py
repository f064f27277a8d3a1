"""Promise R11: a backup while others work, and a restored copy that is whole and has every file."""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
HISTORY = (
    "reference,customer,received,complaint\n"
    "A-1,Ober Turbinen,2025-03-04,The blades came late\n"
    "A-2,Lund Marine,2025-04-05,Wrong papers\n"
)
STORE_A_FILE = (
    "from django.core.files.uploadedfile import SimpleUploadedFile as Up; from django.utils import timezone;"
    "from mail import blobs; blobs.store(upload=Up('note.txt', b'a crack in the hub'), now=timezone.now())"
)
Manage = Callable[..., subprocess.CompletedProcess]


def on_server(statement: str) -> None:
    """Run one statement on the server this lane tests with."""
    link = psycopg2.connect(SERVER)
    link.autocommit = True
    link.cursor().execute(statement)
    link.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[Callable[[str], Manage]]:
    """A function that gives an installation of its own by name: its `manage(*words)` runs a command there."""
    made: list[str] = []

    def installation(name: str) -> Manage:
        folder = tmp_path_factory.mktemp(name)
        environment = {"PATH": os.environ["PATH"], "GOLDSEAM_DATA_DIR": str(folder)}
        if SERVER.startswith("postgres"):
            made.append(database := f"goldseam_{len(made)}_{os.getpid()}")
            on_server(f"CREATE DATABASE {database}")
            url = urlunsplit(urlsplit(SERVER)._replace(path=f"/{database}"))
            environment |= {"DATABASE_URL": url, "SECRET_KEY": "only-for-tests-" + "k3yZ" * 12}

        def manage(*words: str | Path) -> subprocess.CompletedProcess:
            command = [sys.executable, "manage.py", *map(str, words)]
            return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

        manage.folder = folder
        return manage

    yield installation
    for database in made:
        on_server(f"DROP DATABASE {database}")


@pytest.fixture(scope="module")
def lived_in(house, tmp_path_factory) -> Manage:
    """An installation with a person, two old complaints and a stored file."""
    manage = house("old")
    history = tmp_path_factory.mktemp("history") / "history.csv"
    history.write_text(HISTORY, encoding="utf-8")
    for words in (
        ("migrate", "--verbosity=0"),
        ("prepare",),
        ("add_person", "--email=noor@demo.example", "--name=Noor Haddad", "--role=admin", "--no-password"),
        ("import_complaints", history),
        ("shell", "-v0", "-c", STORE_A_FILE),
    ):
        done = manage(*words)
        assert done.returncode == 0, done.stderr + done.stdout
    return manage


def test_r11_restored_copy_is_whole_and_has_every_file(lived_in, house, tmp_path):
    copy = tmp_path / "copy.tar"
    made = lived_in("backup", copy)
    back = house("new")
    restored = back("restore", copy)
    assert (made.returncode, restored.returncode) == (0, 0), made.stderr + restored.stderr
    counts = restored.stdout.strip().split(", ")
    assert (counts[0], *counts[2:]) == ("2 cases", "1 files", "0 faults", "0 files lost")
    assert copy.stat().st_mode & 0o077 == 0
    assert back("verify_timeline").stdout == lived_in("verify_timeline").stdout
    stored = next((back.folder / "files").glob("??/??/*"))
    assert stored.read_bytes() == b"a crack in the hub"


def test_r11_damaged_backup_is_refused_and_nothing_is_touched(lived_in, house, tmp_path):
    copy, worse = tmp_path / "copy.tar", tmp_path / "worse.tar"
    lived_in("backup", copy)
    with tarfile.open(copy) as whole, tarfile.open(worse, "w") as tar:
        for member in whole:
            data = whole.extractfile(member).read()
            changed = data.replace(b"crack", b"krack") if member.name.startswith("files/") else data
            tar.addfile(member, io.BytesIO(changed))
    refused = lived_in("restore", worse, "--replace")
    assert (refused.returncode, "is damaged" in refused.stderr) == (1, True)
    assert lived_in("verify_timeline").stdout.startswith("2 cases")


def test_r11_installation_in_use_is_replaced_only_when_said(lived_in, tmp_path):
    copy = tmp_path / "copy.tar"
    lived_in("backup", copy)
    refused, replaced = lived_in("restore", copy), lived_in("restore", copy, "--replace")
    assert (refused.returncode, "say --replace" in refused.stderr) == (1, True)
    assert (replaced.returncode, replaced.stdout.startswith("2 cases")) == (0, True), replaced.stderr


def test_r11_backup_writes_over_nothing(lived_in, tmp_path):
    there = tmp_path / "there.tar"
    there.write_bytes(b"something else")
    refused = lived_in("backup", there)
    assert (refused.returncode, there.read_bytes()) == (1, b"something else")
    assert "no backup is written over" in refused.stderr


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "files/aa/bb/short"])
def test_r11_part_that_no_backup_has_is_refused(house, tmp_path, name):
    strange = tmp_path / "strange.tar"
    with tarfile.open(strange, "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(text := json.dumps({}).encode())
        tar.addfile(entry, io.BytesIO(text))
    refused = house("new")("restore", strange)
    assert (refused.returncode, "is no backup of Goldseam" in refused.stderr) == (1, True)
