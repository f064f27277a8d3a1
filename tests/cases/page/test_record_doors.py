"""Who may write on a case, address by address (promise S2); reading changes nothing."""

import pytest

from cases.enums import EntryKind
from cases.models import (
    Case,
    Entry,
    Event,
)
from tests import builders
from tests.cases.page.moments import LATER

pytestmark = pytest.mark.django_db


WRITES = [
    ("write/note/", {"text": "x"}),
    ("facts/", {"side": "ours", "text": "x", "source": "y"}),
    ("gap/", {"expected": "x"}),
    ("promises/", {"kind": "recovery", "promise": "x", "promise_due_at": LATER, "form": "written"}),
    ("actions/", {"kind": "immediate", "text": "x", "due_at": LATER}),
    ("discovery/", {}),
    ("discovery/1/", {"answer": "yes"}),
    ("files/", {}),
    ("change/edit/", {"title": "x", "rev": 1}),
    ("change/escalate/", {"reason": "x"}),
    ("change/fault/", {"fault": "ours"}),
    ("change/remedy/", {"state": "left_to_us"}),
    ("change/confirmer/", {"reason": "x"}),
    ("change/assign/", {"reason": "x"}),
]


@pytest.mark.parametrize(("path", "data"), WRITES)
@pytest.mark.parametrize("role", ["auditor", "manager"])
def test_whoever_only_reads_the_case_writes_nothing(client, case, role, path, data):
    before = Event.objects.filter(case=case).count()
    client.force_login(builders.user(role, of=builders.team("South")))
    answer = client.post(f"{case.get_absolute_url()}{path}", data)
    assert (answer.status_code, Event.objects.filter(case=case).count()) == (403, before)


@pytest.mark.parametrize(("path", "data"), WRITES)
def test_a_case_not_seen_is_not_written_on(client, case, path, data):
    Case.objects.filter(pk=case.pk).update(confidential=True)
    client.force_login(builders.user("quality"))
    assert client.post(f"{case.get_absolute_url()}{path}", data).status_code == 404


@pytest.mark.parametrize("path", ["facts/", "gap/", "promises/", "actions/", "discovery/", "discovery/1/", "files/"])
def test_reading_an_address_that_writes_changes_nothing(client, owner, case, path):
    client.force_login(owner)
    assert client.get(f"{case.get_absolute_url()}{path}").status_code == 405


def test_a_colleague_in_the_team_writes_too(client, case):
    client.force_login(builders.user("manager", of=builders.team()))
    client.post(f"{case.get_absolute_url()}write/note/", {"text": "From next door"})
    assert Entry.objects.get(case=case, kind=EntryKind.NOTE).words.text == "From next door"
