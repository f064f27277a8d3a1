"""What a program changes: plain fields of a case, against the revision they were read at."""

import pytest

from cases import editing
from cases.models import Case, Event
from tests import builders
from tests.builders import NOON


def test_change_saves_what_is_sent_and_leaves_the_rest(program, case):
    said = program.patch(
        f"cases/{case.pk}/", {"rev": case.rev, "title": "Late housings", "external_ref": "SO-77"}
    ).json()
    assert (said["title"], said["external_ref"], said["rev"], said["public_exposure"]) == (
        "Late housings",
        "SO-77",
        case.rev + 1,
        False,
    )
    assert Event.objects.filter(case=case, kind="edited").get().facts == {"fields": ["external_ref", "title"]}


def test_r6_change_of_a_stale_revision_is_refused_and_shows_what_stands(program, case, bob):
    editing.edit(case=case, actor=bob, changes={"title": "Bob was here"}, rev=case.rev, now=NOON)
    answer = program.patch(f"cases/{case.pk}/", {"rev": case.rev, "title": "Late housings"})
    assert (answer.status_code, answer.json()["case"]["title"]) == (409, "Bob was here")
    assert answer.json()["message"].startswith("Somebody saved this case since.")
    again = program.patch(f"cases/{case.pk}/", {"rev": answer.json()["case"]["rev"], "title": "Late housings"})
    assert (again.status_code, Case.objects.get(pk=case.pk).title) == (200, "Late housings")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"rev": None}, "rev"),
        ({"category": 999999}, "category"),
        ({"state": "closed"}, "state"),
        ({"severity": "low"}, "severity"),
        ({"owner": 1}, "owner"),
        ({"external_ref": "x" * 121}, "external_ref"),
    ],
)
def test_change_is_refused_at_its_field(program, case, changed, field):
    answer = program.patch(f"cases/{case.pk}/", {"rev": case.rev, **changed})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_reference_that_another_case_carries_is_refused_at_its_field(program, case, alice):
    other = builders.case(owner=alice)
    assert program.patch(f"cases/{other.pk}/", {"rev": other.rev, "external_ref": "SO-77"}).status_code == 200
    answer = program.patch(f"cases/{case.pk}/", {"rev": case.rev, "external_ref": "SO-77"})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["external_ref"])
