"""Cases by the API: who sees what, the same narrowing and pages as the list, what one case says, at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import secrecy
from cases.enums import Severity
from cases.models import Case
from tests import builders
from tests.api.asking import Program
from tests.builders import NOON

# Alice owns it, Bob is in her team, Charlie is in another; the others by their role.
SEES = {
    "owner": True,
    "colleague": False,
    "outsider": False,
    "lead": True,
    "other lead": False,
    "council": True,
    "chair": True,
    "sponsor": True,
    "counsel": True,
    "auditor": True,
    "admin": False,
    "quality": False,
}
BELOW = ("", "timeline/", "entries/")


@pytest.fixture
def people(alice, bob, charlie):
    roles = ("council", "chair", "sponsor", "counsel", "auditor", "admin", "quality")
    return {
        "owner": alice,
        "colleague": bob,
        "outsider": charlie,
        "lead": builders.user("lead", of=builders.team()),
        "other lead": builders.user("lead", of=builders.team("South")),
        **{role: builders.user(role) for role in roles},
    }


@pytest.mark.parametrize("who", SEES)
def test_s2_confidential_case_is_seen_by_whom_the_pages_show_it(client, people, who):
    secret = builders.case(owner=people["owner"], sensitive=True)
    program = Program(people[who])
    client.force_login(people[who])
    assert (program.numbers() == [secret.number]) is SEES[who]
    for below in BELOW:
        assert program.get(f"cases/{secret.pk}/{below}").status_code == (200 if SEES[who] else 404)
    assert (client.get(secret.get_absolute_url()).status_code == 200) is SEES[who]


@pytest.mark.parametrize("role", ["manager", "lead", "council", "chair", "sponsor", "counsel", "auditor"])
def test_s2_whom_it_is_about_never_sees_it(case, role):
    lead, person = builders.user("lead", of=case.team), builders.user(role, of=case.team)
    secrecy.set_about(case=case, actor=lead, person=person, owner=None, now=NOON)
    program = Program(person)
    assert [program.get(f"cases/{case.pk}/{below}").status_code for below in BELOW] == [404, 404, 404]
    assert program.numbers() == []


def test_s2_an_unseen_case_and_no_case_are_answered_alike(charlie, alice):
    secret, program = builders.case(owner=alice, sensitive=True), Program(charlie)
    unseen, nothing = program.get(f"cases/{secret.pk}/"), program.get("cases/999999/")
    assert (unseen.status_code, unseen.json()) == (nothing.status_code, nothing.json())
    assert unseen.json() == {"message": "There is nothing here that you may see."}


def test_list_says_of_a_case_what_its_row_says(program, case):
    row = program.get("cases/").json()["results"][0]
    assert (row["number"], row["title"], row["owner"]) == (
        case.number,
        case.title,
        {"id": case.owner_id, "name": "Alice Amsler"},
    )
    assert row["at_stake"] == {"amount": case.stake, "currency": "CHF"}
    assert row["next"] == {"what": "Promise", "due_at": "2026-11-18T11:38:00Z"}
    assert [step["state"] for step in row["steps"]] == ["done", *["planned"] * 8]
    assert row["received_at"] == "2026-11-17T11:00:00Z"
    assert row["url"].endswith(f"/cases/{case.number}/")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"whose": "me"},
        {"whose": "nobody"},
        {"severity": "low"},
        {"state": "all", "sort": "stake"},
        {"council": "true"},
        {"over": "10000"},
        {"since": "week"},
        {"company": "customer"},
        {"silent": "true"},
        {"history": "only"},
    ],
)
def test_list_is_narrowed_and_sorted_as_the_page_is(client, program, alice, bob, asked):
    builders.case(owner=alice, severity=Severity.LOW)
    builders.case(owner=bob, severity=Severity.CRITICAL)
    builders.case(owner=None)
    client.force_login(alice)
    assert program.numbers(**asked) == [case.number for case in client.get("/cases/", asked).context["cases"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"state": "ended"}, "state"), ({"owner": "x"}, "owner"), ({"status": "open"}, "status"), ({"over": "7"}, "over")],
)
def test_filter_that_is_not_understood_is_refused_and_not_passed_over(program, asked, field):
    answer = program.get("cases/", **asked)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_pages_lead_through_every_case_and_back(program, alice):
    cases = {builders.case(owner=alice, severity=Severity.LOW).number for _ in range(30)}
    first = program.get("cases/", whose="me").json()
    second = program.get(first["next"]).json()
    assert {row["number"] for row in first["results"] + second["results"]} == cases
    assert (len(first["results"]), first["previous"], second["next"]) == (25, None, None)
    assert program.get(second["previous"]).json()["results"] == first["results"]


def test_p2_list_costs_the_same_at_one_and_at_thirty_rows(program, alice):
    program.get("me/")  # from here on it is known when the token was used last
    counts = []
    for more in (1, 29):
        for _ in range(more):
            builders.case(owner=alice, severity=Severity.LOW)
        with CaptureQueriesContext(connection) as asked:
            assert program.get("cases/").status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 2 and counts[0] <= 8


def test_p2_case_costs_at_most_fourteen_statements(program, case):
    with CaptureQueriesContext(connection) as asked:
        assert program.get(f"cases/{case.pk}/").status_code == 200
    assert len(asked) <= 14


def test_case_says_where_it_stands(program, case):
    said = program.get(f"cases/{case.pk}/").json()
    assert said["texts"]["complaint"] == "This is the third time this year."
    assert [step["step"] for step in said["steps"]][:3] == ["acknowledge", "contain", "resolve"]
    assert (said["steps"][0]["state"], said["steps"][0]["done_by"]) == ("done", "Alice Amsler")
    assert [promise["text"] for promise in said["promises"]] == ["A call with the courier's tracking number"]
    assert [light["number"] for light in said["lights"]] == [1, 2, 3, 4, 5, 6, 7]
    assert said["lights"][0] == {
        "number": 1,
        "principle": "Solution before fault",
        "light": "green",
        "reason": "asked “what can we do?” first",
    }
    assert {clock["kind"] for clock in said["clocks"]} == {"step", "promise", "silence"}
    assert said["rev"] == Case.objects.get(pk=case.pk).rev


def test_timeline_says_what_happened_in_words(program, case):
    said = program.get(f"cases/{case.pk}/timeline/").json()
    assert [event["seq"] for event in said["results"]] == list(range(len(said["results"]), 0, -1))
    assert said["results"][-1]["sentence"].startswith("Alice Amsler logged the complaint, phone, from Ruth Aebi")
    assert said["results"][-1]["words"] == "This is the third time this year."
    assert not [event for event in said["results"] if "<" in event["sentence"] or not event["sentence"]]
    assert said["next"] is None


def test_timeline_is_read_in_parts(program, case, monkeypatch):
    monkeypatch.setattr("cases.queries.record.happened.__kwdefaults__", {"most": 2})
    first = program.get(f"cases/{case.pk}/timeline/").json()
    second = program.get(first["next"]).json()
    assert [len(first["results"]), second["results"][0]["seq"]] == [2, first["results"][-1]["seq"] - 1]


def test_entries_are_what_was_said(program, case):
    entry = program.get(f"cases/{case.pk}/entries/").json()["results"][0]
    assert (entry["kind"], entry["side"], entry["author"]["name"], entry["contact"]["name"]) == (
        "call",
        "ours",
        "Alice Amsler",
        "Ruth Aebi",
    )
    assert entry["text"].startswith("Apologised")
