"""Customers, survey answers and the docket by the API: what their pages show to the same person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.enums import EscalationReason, Severity
from surveys.models import Answer, Invitation
from tests import builders
from tests.api.asking import Program
from tests.builders import NOON


def answered(case, **marks) -> Answer:
    """Give a case an answer to its survey."""
    invitation = Invitation.objects.create(
        case=case, round=case.round, contact=case.reporter, planned_at=NOON, sent_at=NOON, state="answered"
    )
    return Answer.objects.create(invitation=invitation, kept_at=NOON, sent_at=NOON, **marks)


def test_customers_are_listed_by_name_with_what_their_row_says(program, alice):
    halden = builders.customer(name="Halden Pumps AG", account_manager=alice)
    builders.customer(name="Aare Valves AG")
    builders.case(owner=alice, of=halden)
    rows = program.get("customers/").json()["results"]
    assert [row["name"] for row in rows] == ["Aare Valves AG", "Halden Pumps AG"]
    assert (rows[1]["open_cases"], rows[1]["account_manager"]["id"], rows[1]["last_case_at"]) == (
        1,
        alice.pk,
        "2026-11-17T11:00:00Z",
    )
    assert rows[1]["at_stake"] == {"amount": 128_400_000, "currency": "CHF"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "HALD"}, ["Halden Pumps AG"]),
        ({"manager": "me"}, ["Halden Pumps AG"]),
        ({"manager": "nobody"}, ["Aare Valves AG"]),
        ({"tier": "key"}, []),
    ],
)
def test_customers_are_narrowed_as_on_their_page(program, alice, asked, found):
    builders.customer(name="Halden Pumps AG", account_manager=alice)
    builders.customer(name="Aare Valves AG")
    assert [row["name"] for row in program.get("customers/", **asked).json()["results"]] == found


@pytest.mark.parametrize("asked", [{"tier": "gold"}, {"manager": "x"}, {"name": "Halden"}])
def test_customers_filter_that_is_not_understood_is_refused(program, asked):
    answer = program.get("customers/", **asked)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, list(asked))


def test_customer_is_read_with_people_and_counts_of_seen_cases_only(alice, charlie):
    secret = builders.acknowledged(builders.case(owner=alice, sensitive=True))
    gone = builders.contact(secret.customer, name="", erased_at=NOON)
    path = f"customers/{secret.customer_id}/"
    hers, his = Program(alice).get(path).json(), Program(charlie).get(path).json()
    assert [one["name"] for one in hers["contacts"]] == ["Ruth Aebi"] and gone.pk
    assert (hers["promises"], his["promises"]) == (
        {"kept": 0, "broken": 0, "open": 1},
        {"kept": 0, "broken": 0, "open": 0},
    )


def test_s2_customers_count_only_cases_the_person_sees(alice, charlie):
    builders.case(owner=alice, sensitive=True)
    hers, his = (Program(one).get("customers/").json()["results"][0] for one in (alice, charlie))
    assert [(row["open_cases"], row["last_case_at"]) for row in (hers, his)] == [(1, "2026-11-17T11:00:00Z"), (0, None)]


def test_s2_answers_are_those_of_cases_the_person_sees(alice, charlie):
    plain, secret = builders.case(owner=alice), builders.case(owner=alice, sensitive=True)
    for case in (plain, secret):
        answered(case, satisfied=4, recommend=9)
    hers, his = (Program(one).get("answers/").json()["results"] for one in (alice, charlie))
    assert [row["case"] for row in hers] == [secret.number, plain.number]
    assert [row["case"] for row in his] == [plain.number]
    assert (his[0]["satisfied"], his[0]["recommend"], his[0]["easy"], his[0]["contact"]["name"]) == (
        4,
        9,
        None,
        "Ruth Aebi",
    )


def test_answers_are_narrowed_as_on_their_page(program, alice):
    answered(builders.case(owner=alice), satisfied=2, verdict="look", judged_at=NOON)
    answered(builders.case(owner=alice), satisfied=5, verdict="fine", judged_at=NOON)
    assert [row["satisfied"] for row in program.get("answers/", verdict="look").json()["results"]] == [2]
    assert program.get("answers/", verdict="bad").status_code == 422
    assert program.get("answers/", late="maybe").status_code == 422


def test_s2_docket_shows_the_entries_of_cases_the_person_sees(alice, charlie):
    plain, secret = builders.case(owner=alice), builders.case(owner=alice, sensitive=True)
    for case in (plain, secret):
        builders.on_the_docket(case, EscalationReason.BROKEN_PROMISE, now=NOON)
    chair, seen = builders.user("chair"), {}
    for name, person in (("chair", chair), ("alice", alice), ("charlie", charlie)):
        seen[name] = {row["case"] for row in Program(person).get("docket/").json()["results"]}
    assert seen == {
        "chair": {plain.number, secret.number},
        "alice": {plain.number, secret.number},
        "charlie": {plain.number},
    }


def test_docket_says_what_may_be_decided_and_by_whom(alice):
    case = builders.case(owner=alice)
    entry = builders.on_the_docket(case, EscalationReason.BROKEN_PROMISE, now=NOON)
    rows = [Program(one).get("docket/").json()["results"][0] for one in (builders.user("chair"), alice)]
    assert [row["you_may_decide"] for row in rows] == [True, False]
    assert (rows[0]["id"], rows[0]["reason"], rows[0]["settles"]) == (entry.pk, "broken_promise", [entry.pk])
    assert "back_owner" in rows[0]["decisions"]


def test_p2_lists_cost_the_same_at_one_and_at_thirty_rows(program, alice):
    program.get("me/")
    for path in ("customers/", "answers/", "docket/"):
        counts = []
        for more in (1, 24):
            for _ in range(more):
                case = builders.case(owner=alice, severity=Severity.LOW)
                answered(case, satisfied=4)
                builders.on_the_docket(case, EscalationReason.BROKEN_PROMISE, now=NOON)
            with CaptureQueriesContext(connection) as asked:
                assert program.get(path).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] and counts[0] <= 8, (path, counts)
