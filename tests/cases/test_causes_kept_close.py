"""A cause that only confidential cases stand under is read by whoever may read one of them, or has a part in it."""

import pytest

from cases.models import Exposure
from cases.steps import institutionalize, root_cause
from tests.builders import NOON, case, customer, user
from tests.cases.stepping import page_of, send
from tests.cases.test_causes import cause_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(clock):
    """The clock stands where the cases of these tests came in."""
    clock.move_to(NOON)


@pytest.fixture
def owner():
    return user("manager", name="Marta Keller")


@pytest.fixture
def checker():
    return user("quality", name="Sven Baum")


@pytest.fixture
def secret(owner, checker):
    """A cause whose only case is confidential, with a change of its own."""
    held = case(owner=owner, sensitive=True)
    cause = cause_of(owner, checker, title="A seal that was left open", of=held)
    adoption = institutionalize.Adoption(what="Two people seal", where="Gate", owner=owner, since_on=NOON.date())
    institutionalize.adopt(case=held, actor=owner, adoption=adoption, now=NOON)
    return cause


def found(client, reader, cause) -> tuple[int, int, int]:
    """Return how the cause's page answers a reader, and how many causes and changes the registers show."""
    client.force_login(reader)
    changes = client.get("/learnings/?shown=changes").context["page"].rows
    causes = client.get("/learnings/").context["page"].rows
    return client.get(f"/learnings/{cause.pk}/").status_code, len(causes), len(changes)


def test_s2_cause_of_confidential_cases_only_is_hidden_from_others(client, secret):
    assert found(client, user("manager"), secret) == (404, 0, 0)


@pytest.mark.parametrize("role", ["council", "auditor"])
def test_s2_cause_of_confidential_cases_is_read_by_who_may_read_them(client, secret, role):
    assert found(client, user(role), secret) == (200, 1, 1)


def test_s2_cause_is_read_by_whom_it_gave_a_part(client, secret, owner, checker):
    told = user("manager")
    Exposure.objects.create(cause=secret, customer=customer(), owner=told, listed_at=NOON)
    assert [found(client, one, secret) for one in (owner, checker, told)] == [(200, 1, 1)] * 3


def test_s2_cause_is_read_by_all_once_an_open_case_stands_under_it(client, secret, owner):
    root_cause.link(case=case(owner=owner), actor=owner, cause=secret, now=NOON)
    assert found(client, user("manager"), secret) == (200, 1, 1)


def test_s2_cause_of_confidential_cases_only_is_not_offered_elsewhere(secret):
    other = case(owner=user("manager"))
    assert "A seal that was left open" not in page_of(other.owner, other, 5)
    assert send(other.owner, other, "root_cause", "link", cause=secret.pk).status_code == 422
    assert not other.case_causes.exists()


def test_s2_cause_taken_off_its_only_confidential_case_is_not_opened_to_all_by_that(client, secret, owner):
    secret.case_causes.all().delete()

    assert found(client, user("manager"), secret)[:2] == (404, 0)
    assert found(client, owner, secret)[0] == found(client, user("auditor"), secret)[0] == 200
