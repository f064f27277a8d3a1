"""The decision log: searched, and handed out as a file no spreadsheet runs anything in."""

import csv
import io
from datetime import timedelta

import pytest

from cases import escalation
from cases.enums import EscalationReason
from council import deciding, undoing
from council.models import DecisionKind
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def later(clock):
    clock.move_to(NOON + 2 * HOUR)


def decided(people, reason, **fields):
    case = builders.case(owner=people.owner, **fields)
    entry = escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=people.owner, now=NOON)
    return deciding.decide(
        escalation=entry, actor=people.member, kind=DecisionKind.BACK_OWNER, reason=reason, now=NOON + HOUR
    )


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def export(client, user, query="", kind="csv"):
    client.force_login(user)
    return client.get(f"/council/figures/files/decisions/{kind}/{query}")


def test_the_file_says_what_the_log_says(client, people):
    decision = decided(people, "They are on the right way", of=builders.customer(name="Halden"))
    undoing.undo(decision=decision, actor=people.member, now=NOON + HOUR)
    row = rows_of(export(client, people.chair))[0]
    assert {name: row[name] for name in ("Case", "Customer", "Why it lay there", "Decision", "Reason", "By")} == {
        "Case": decision.case.number,
        "Customer": "Halden",
        "Why it lay there": "The owner asks for help",
        "Decision": "Back the owner",
        "Reason": "They are on the right way",
        "By": "Ada Okafor",
    }
    assert (row["Decided"], row["Taken back"]) == ("2026-11-17 13:00:00", "2026-11-17 13:00:00")


@pytest.mark.parametrize("words", ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1"])
def test_s8_nothing_in_it_runs_in_a_spreadsheet(client, people, words):
    decided(people, words)
    assert rows_of(export(client, people.chair))[0]["Reason"].startswith("'")


def test_the_file_holds_what_was_searched_for(client, people):
    decided(people, "Send a fitter")
    decided(people, "Wait for the lot")
    assert [row["Reason"] for row in rows_of(export(client, people.chair, "?q=fitter"))] == ["Send a fitter"]


def test_nobody_gets_a_decision_on_a_case_they_may_not_see(client, people):
    decided(people, "Between us", about_person=True)
    assert rows_of(export(client, builders.user())) == []
    assert len(rows_of(export(client, people.auditor))) == 1


def test_it_comes_as_a_workbook_too_and_the_page_leads_there(client, people):
    decided(people, "Carry on")
    answer = export(client, people.chair, kind="xlsx")
    assert b"".join(answer.streaming_content).startswith(b"PK")
    page = client.get("/council/log/?q=carry").content.decode()
    assert "/council/figures/files/decisions/csv/?q=carry" in page
