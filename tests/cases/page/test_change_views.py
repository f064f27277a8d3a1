"""Changing what a case says of itself: dialogs, refusals at their field, both versions (promise R6)."""

import pytest

from cases.enums import Fault
from cases.models import (
    Case,
    Escalation,
    Words,
)
from tests import builders
from tests.cases.page.moments import text_of

pytestmark = pytest.mark.django_db


def test_case_is_given_to_somebody(page, case):
    new = builders.user(name="Ida Roth")
    page("change/assign/", {"owner": new.pk, "reason": "She knows them"})
    case.refresh_from_db()
    assert case.owner == new


def test_council_is_asked_once(page, case):
    page("change/escalate/", {"reason": "I need CHF 4,500"})
    answer = page("change/escalate/", {"reason": "Again"})
    assert Escalation.objects.get(case=case, reason="by_hand").words.text == "I need CHF 4,500"
    assert (answer.status_code, "You have asked the council already." in text_of(answer)) == (422, True)


def test_refused_request_to_the_council_leaves_no_words(page):
    page("change/escalate/", {"reason": "First"})
    page("change/escalate/", {"reason": "Second"})
    assert list(Words.objects.filter(text__in=["First", "Second"]).values_list("text", flat=True)) == ["First"]


def edit(case: Case, **fields) -> dict:
    return {"rev": case.rev, "title": case.title, "competitor": "", "external_ref": "", "category": "", **fields}


def test_case_is_edited(page, case):
    page("change/edit/", edit(case, title="Late housings", competitor="Brunner", public_exposure="on"))
    case.refresh_from_db()
    assert (case.title, case.competitor, case.public_exposure, case.rev) == ("Late housings", "Brunner", True, 2)


def test_second_editor_sees_both_versions_and_can_save(page, case):
    """R6: whoever saves second is shown both and loses no word."""
    page("change/edit/", edit(case, title="Theirs"))
    answer = page("change/edit/", edit(case, title="Mine"))
    shown = text_of(answer)
    assert answer.status_code == 409
    assert ('<p class="words">Theirs</p>' in shown, '<p class="words">Mine</p>' in shown) == (True, True)
    page("change/edit/", edit(case, title="Mine", rev=answer.context["form"]["rev"].value()))
    case.refresh_from_db()
    assert case.title == "Mine"


def test_lowering_the_severity_is_the_leads(page, case):
    answer = page("change/severity/", {"severity": "low", "reason": "It was nothing"})
    why = "Only the team lead or the council may lower the severity, and never of a case of their own."
    assert answer.context["form"].errors == {"severity": [why]}


def test_anyone_who_sees_the_case_may_raise_its_severity(client, case):
    client.force_login(builders.user("counsel"))
    client.post(f"{case.get_absolute_url()}change/severity/", {"severity": "critical", "reason": ""})
    case.refresh_from_db()
    assert case.severity == "critical"


def test_fault_waits_for_the_remedy(client, owner):
    case = builders.case(owner=owner, remedy=None)
    client.force_login(owner)
    answer = client.post(f"{case.get_absolute_url()}change/fault/", {"fault": Fault.OURS})
    assert list(answer.context["form"].errors) == ["fault"]


def test_remedy_is_recorded_in_their_words(client, owner):
    case = builders.case(owner=owner, remedy=None)
    client.force_login(owner)
    client.post(f"{case.get_absolute_url()}change/remedy/", {"state": "told", "remedy": "Forty by Friday"})
    case.refresh_from_db()
    assert (case.remedy_state, Words.objects.get(case=case, part="remedy").text) == ("told", "Forty by Friday")


def test_remedy_told_needs_their_words(page):
    answer = page("change/remedy/", {"state": "told", "remedy": ""})
    assert list(answer.context["form"].errors) == ["remedy"]


def test_who_confirms_is_changed_with_a_reason(page, case):
    other = builders.contact(case.customer, name="Urs Graf")
    page("change/confirmer/", {"contact": other.pk, "reason": "Ruth is away"})
    case.refresh_from_db()
    assert case.confirmer == other


def test_contact_of_another_customer_cannot_confirm(page):
    stranger = builders.contact(builders.customer())
    answer = page("change/confirmer/", {"contact": stranger.pk, "reason": "x"})
    assert list(answer.context["form"].errors) == ["contact"]


def test_change_comes_as_a_dialog_and_leads_out_of_it(client, owner, case):
    client.force_login(owner)
    url = f"{case.get_absolute_url()}change/remedy/"
    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
    answer = client.post(url, {"state": "left_to_us", "remedy": ""}, headers={"HX-Request": "true"})
    assert "<html" not in fragment
    assert answer["HX-Redirect"] == case.get_absolute_url()


def test_unknown_change_is_not_found(page):
    assert page("change/everything/").status_code == 404
