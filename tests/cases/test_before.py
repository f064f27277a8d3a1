"""What is in sight before it breaks, each with one thing to do."""

from datetime import timedelta

import pytest

from cases import entries, workflow
from cases.enums import EntryKind, Side
from cases.locking import hold
from cases.models import Case, Cause, CustomerMark, Due, Exposure
from cases.queries import desk
from tests import builders
from tests.builders import NOON

DAY = timedelta(days=1)


@pytest.fixture
def marta(db):
    return builders.user(name="Marta Keller")


def resolved(owner, why="low_answer", **fields):
    case = builders.acknowledged(builders.case(owner=owner, **fields), promise_due_at=NOON + 30 * DAY)
    Case.objects.filter(pk=case.pk).update(state="resolved", resolved_at=NOON)
    workflow.reopen(case=hold(case), why=why, now=NOON + DAY)
    return case


def kinds(user, now=NOON + 2 * DAY, scope="mine"):
    return [(one.kind, one.customer) for one in desk.ahead(user, scope, now)]


def test_a_customer_silent_since_a_low_mark_is_in_sight_until_they_speak(marta):
    case = resolved(marta, of=builders.customer(name="Halden"))
    assert ("silent", "Halden") in kinds(marta)
    entries.write_entry(
        case=hold(case), actor=marta, kind=EntryKind.CALL, text="They called", now=NOON + 2 * DAY, side=Side.THEIRS,
        contact=case.reporter,
    )  # fmt: skip
    assert ("silent", "Halden") not in kinds(marta, NOON + 3 * DAY)


def test_a_case_opened_again_for_another_reason_is_no_low_mark(marta):
    resolved(marta, why="message")
    assert [kind for kind, _ in kinds(marta)] == []


def test_a_low_score_outside_any_case_is_in_sight_for_the_account_manager(marta):
    halden = builders.customer(name="Halden", account_manager=marta)
    for value, days in ((9, 40), (4, 10)):
        CustomerMark.objects.create(
            customer=halden, kind="score", value=value, on=NOON.date() - days * DAY, noted_at=NOON
        )
    assert kinds(marta) == [("score", "Halden")]
    assert kinds(builders.user()) == []
    CustomerMark.objects.create(customer=halden, kind="score", value=8, on=NOON.date(), noted_at=NOON)
    assert kinds(marta) == []


def test_a_customer_exposed_to_an_open_cause_is_in_sight_by_name(marta):
    case = builders.acknowledged(builders.case(owner=marta), promise_due_at=NOON + 30 * DAY)
    cause = Cause.objects.create(title="Gauge worn", found_at=NOON)
    exposure = Exposure.objects.create(
        cause=cause, customer=builders.customer(name="Brunner"), owner=marta, listed_at=NOON
    )
    builders_due(case, exposure.pk, marta)
    assert [(one.kind, one.words) for one in desk.ahead(marta, "mine", NOON + DAY)] == [("exposure", "Brunner")]


def builders_due(case, ref, owner):
    from cases import deadlines

    deadlines.start(case=case, kind="exposure", ref=ref, allowed="3d", started_at=NOON + DAY, owner_id=owner.pk)
    assert Due.objects.filter(kind="exposure").exists()


def test_today_and_the_page_show_one_act_for_each(client, clock, marta):
    clock.move_to(NOON + 2 * DAY)
    resolved(marta, of=builders.customer(name="Halden", renewal_on=NOON.date() + 30 * DAY))
    client.force_login(marta)
    for page in ("/", "/before/"):
        text = " ".join(client.get(page).content.decode().split())
        assert "<b>Halden</b> marked us low" in text and ">Call them<" in text
        assert "<b>Halden</b> renews" in text and ">Settle it<" in text


def test_the_page_costs_the_same_for_few_and_many(client, clock, marta, django_assert_max_num_queries):
    clock.move_to(NOON + 2 * DAY)
    client.force_login(marta)
    resolved(marta)
    with django_assert_max_num_queries(8) as few:
        client.get("/before/")
    for _ in range(8):
        resolved(marta)
    with django_assert_max_num_queries(8) as many:
        client.get("/before/")
    assert len(few) == len(many)


def test_it_shows_no_confidential_case_to_others(marta):
    case = resolved(marta, of=builders.customer(name="Halden"))
    Case.objects.filter(pk=case.pk).update(confidential=True)
    assert kinds(builders.user(), scope="everyone") == []
