"""The command the mail server calls, and the look at files that changes nothing."""

import io
import json
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from cases import tracking
from cases.models import Entry, IntakeItem
from mail.models import Inbound
from tests import builders
from tests.mail.inbound.writing import delivery_report, mail

pytestmark = pytest.mark.django_db


def run(*args: str, stdin: bytes = b"", monkeypatch=None) -> str:
    """Call the command and return what it printed."""
    out = io.StringIO()
    if monkeypatch is not None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
    call_command("receive_mail", *args, stdout=out)
    return out.getvalue()


def test_it_stores_a_message_and_says_what_became_of_it(monkeypatch):
    case = builders.case(owner=builders.user())

    said = run(stdin=mail("Two?", sender=case.reporter.email, Subject=case.number), monkeypatch=monkeypatch)

    inbound = Inbound.objects.get()
    assert said == f"message {inbound.pk}: new, belongs to {case.number}\n"
    assert Entry.objects.get(inbound=inbound).case == case


def test_what_belongs_to_no_case_is_said_to_wait(monkeypatch):
    builders.case(owner=builders.user())

    said = run(stdin=mail(), monkeypatch=monkeypatch)

    assert said.endswith(f"waits in the intake as item {IntakeItem.objects.get().pk}\n")


def test_a_look_prints_one_object_a_line_and_stores_nothing(tmp_path):
    case = builders.case(owner=builders.user())
    files = {
        "reply.eml": mail(
            "Two.\n\nOn 17 Nov 2026, Marta wrote:\n> When?", sender=case.reporter.email, Subject=case.number
        ),
        "bounce.eml": delivery_report(),
        "words.txt": b"One: just words",
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)

    lines = run("--dry-run", "--json", *(str(tmp_path / name) for name in files)).splitlines()

    reply, bounce, words = map(json.loads, lines)
    assert reply == {
        "file": str(tmp_path / "reply.eml"),
        "kind": "new",
        "from": case.reporter.email,
        "subject": case.number,
        "reply": "Two.",
        "attachments": [],
        "case": case.number,
    }
    assert bounce["bounce"] == {"recipient": "ruth@halden.example", "status": "5.1.1", "hard": True}
    assert [one["type"] for one in bounce["attachments"]] == ["message/delivery-status", "message/rfc822"]
    assert (words["kind"], words["reply"]) == ("new", "One: just words")
    assert Inbound.objects.count() == 0


def test_a_look_needs_no_installation(tmp_path, monkeypatch):
    (tmp_path / "a.eml").write_bytes(mail())

    def nothing(inbound):
        raise DatabaseError("no such table")

    monkeypatch.setattr(tracking, "case_of", nothing)

    assert json.loads(run("--dry-run", "--json", str(tmp_path / "a.eml")))["kind"] == "new"


def test_files_are_never_taken_in_by_mistake(tmp_path):
    (tmp_path / "a.eml").write_bytes(mail())

    with pytest.raises(CommandError, match="only looked at"):
        run(str(tmp_path / "a.eml"))
