"""Promise S2: a deputy reads a confidential case for as long as the owner is away, and not a day longer."""

from datetime import date, timedelta

import pytest

from accounts.models import Absence, User
from cases import access
from cases.models import Step
from tests.builders import NOON, case, team, user

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def at_noon(clock):
    clock.move_to(NOON)


@pytest.fixture
def deputy() -> User:
    return user("manager", name="Dario Deputy")


@pytest.fixture
def owner(deputy) -> User:
    return user("manager", name="Olga Owner", of=team(), deputy=deputy)


def away(who: User, first: date, last: date) -> None:
    Absence.objects.create(user=who, from_on=first, to_on=last)


@pytest.mark.parametrize(
    ("first", "last", "seen"),
    [(0, 0, True), (-3, 3, True), (1, 5, False), (-5, -1, False)],
)
def test_s2_deputy_of_the_owner_reads_it_only_on_days_away(owner, deputy, first, last, seen):
    held = case(owner=owner, sensitive=True)
    away(owner, TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    assert access.visible_to(deputy).filter(pk=held.pk).exists() is seen


def test_s2_deputy_of_somebody_present_does_not_read_it(owner, deputy):
    held = case(owner=owner, sensitive=True)
    assert not access.visible_to(deputy).filter(pk=held.pk).exists()


def test_s2_deputy_of_somebody_who_left_reads_it(owner, deputy):
    held = case(owner=owner, sensitive=True)
    User.objects.filter(pk=owner.pk).update(left_at=NOON)
    assert access.visible_to(deputy).filter(pk=held.pk).exists()


def test_s2_deputy_of_a_steps_owner_reads_it_while_they_are_away(owner, deputy):
    held = case(owner=user("manager"), sensitive=True)
    Step.objects.filter(case=held, number=5).update(owner=owner)
    before = access.visible_to(deputy).filter(pk=held.pk).exists()
    away(owner, TODAY, TODAY)
    assert (before, access.visible_to(deputy).filter(pk=held.pk).exists()) == (False, True)
