"""What became of a customer: noted once a day, taken back, left by a case that ended with the customer lost."""

from datetime import date, timedelta

import pytest

from accounts.models import AdminEvent
from cases import customers, ending, marks, workflow
from cases.locking import hold
from cases.models import Chain, CustomerMark
from cases.refusals import Refused
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def noted(of, **fields):
    known = {"actor": builders.user(), "customer": of, "kind": CustomerMark.Kind.RENEWED, "on": TODAY, "now": NOON}
    return marks.note(**{**known, **fields})


def test_a_mark_is_noted_with_its_line_in_the_administration_log():
    mark = noted(builders.customer(), kind=CustomerMark.Kind.SCORE, value=9)
    assert (mark.kind, mark.value, mark.on) == ("score", 9, TODAY)
    assert AdminEvent.objects.get(kind="customer_marked").facts["value"] == 9


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"kind": CustomerMark.Kind.SCORE}, "value"),
        ({"kind": CustomerMark.Kind.SCORE, "value": 11}, "value"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(fields, field):
    with pytest.raises(Refused) as refused:
        noted(builders.customer(), **fields)
    assert refused.value.field == field


def test_the_same_day_is_noted_once():
    of = builders.customer()
    noted(of)
    with pytest.raises(Refused):
        noted(of)


def test_a_case_that_loses_the_customer_leaves_its_mark_until_it_is_open_again():
    team = builders.team()
    lead, owner = builders.user("lead", of=team), builders.user(of=team)
    case = builders.case(owner=owner)
    gone = date(2026, 11, 12)
    asked = ending.ask_lost(case=case, actor=owner, on=gone, reason="They buy elsewhere.", now=NOON)
    ending.confirm(ending=asked, actor=lead, now=NOON)
    mark = CustomerMark.objects.get()
    assert (mark.kind, mark.on, mark.case_id) == ("lost", gone, case.pk)
    with pytest.raises(Refused):
        marks.take_back(mark=mark, actor=owner, now=NOON)
    case.refresh_from_db()
    workflow.reopen(case=hold(case), why="their_word", now=NOON)
    assert not CustomerMark.objects.exists()


def test_pages_note_and_take_back(client):
    client.force_login(builders.user("manager"))
    of = builders.customer()
    answer = client.post(f"/customers/{of.pk}/marks/", {"kind": "score", "on": "2026-11-02", "value": "12"})
    assert (answer.status_code, CustomerMark.objects.count()) == (422, 0)
    client.post(f"/customers/{of.pk}/marks/", {"kind": "score", "on": "2026-11-02", "value": "8"})
    mark = CustomerMark.objects.get()
    assert (mark.value, mark.on) == (8, date(2026, 11, 2))
    client.post(f"/customers/{of.pk}/marks/{mark.pk}/")
    assert not CustomerMark.objects.exists()


def test_a_new_tier_has_the_cases_counted_anew():
    case = builders.case(owner=builders.user())
    Chain.objects.update(tallied_seq=5)
    fields = {name: getattr(case.customer, name) for name in customers.FIELDS} | {"tier": "key"}
    customers.edit(actor=builders.user(), customer=case.customer, fields=fields, rev=case.customer.rev, now=NOON)
    assert Chain.objects.get(case=case).tallied_seq == 0


def test_s2_mark_names_no_case_behind_its_door(client):
    case = builders.case(owner=builders.user(of=builders.team()))
    marks.lost(case=case, on=TODAY, actor=None, now=NOON)
    client.force_login(builders.user("quality"))
    url = f"/customers/{case.customer_id}/"
    before = client.get(url).content.decode()
    type(case).objects.filter(pk=case.pk).update(confidential=True)
    after = client.get(url).content.decode()
    assert (case.number in before, case.number in after, "left us" in after) == (True, False, True)
