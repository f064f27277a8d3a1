"""The ready piece of SQL that says who reads a confidential case, held against the rule in the words of the ORM."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db.models import Exists, OuterRef, Q

from accounts.models import Absence, User
from cases import access
from cases.enums import ActionKind
from cases.models import Action, Case, CaseReader, Step
from cases.words import write
from tests import builders
from tests.builders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = date(2026, 3, 2)  # where the clock of these tests stands
DAY = timedelta(days=1)


def by_rule(user: User) -> set[int]:
    """Return what somebody may read, asked as plainly as the ORM can."""
    away = Absence.objects.filter(user=OuterRef("pk"), from_on__lte=TODAY, to_on__gte=TODAY)
    gone = Q(left_at__isnull=False) | Q(is_active=False) | Exists(away)
    whose = User.objects.filter(Q(pk=user.pk) | (Q(deputy=user) & gone)).values("pk")
    seen = (
        Q(confidential=False) | Q(owner__in=whose) | Exists(CaseReader.objects.filter(case=OuterRef("pk"), user=user))
    )
    seen |= Exists(Step.objects.filter(case=OuterRef("pk"), owner__in=whose, state="planned"))
    seen |= Exists(Action.objects.filter(case=OuterRef("pk"), owner__in=whose, done_at=None))
    if user.has_role("lead") and user.team_id:
        seen |= Q(team=user.team_id)
    return set(Case.objects.exclude(about_user=user).filter(seen).values_list("pk", flat=True))


def people() -> list[User]:
    """Make managers, leads and engineers of two teams and of none."""
    teams = [builders.team("North"), builders.team("South"), None]
    return [builders.user(role, of=team) for role, team in product(("manager", "lead", "quality"), teams)]


def some_go(made: list[User]) -> None:
    """Let most name a deputy; one leaves, one may not sign in any more, four are or were away."""
    for place, person in enumerate(made):
        person.deputy = made[(place + 1) % len(made)] if place % 4 else None
        person.left_at, person.is_active = (NOON if place == 2 else None), place != 5
        person.save()
    for person, start in ((made[1], 0), (made[3], 1), (made[6], -3), (made[7], -2)):
        Absence.objects.create(user=person, from_on=TODAY + start * DAY, to_on=TODAY + (start + 2) * DAY)


@pytest.fixture
def company() -> list[User]:
    """People, and for each of them confidential cases they own, have a step or an action on, read, or are about."""
    made = people()
    stranger = builders.user(of=builders.team("West"))
    for person in made:
        kept = [builders.case(owner=person), *(builders.case(owner=stranger) for _ in range(6))]
        Step.objects.filter(case=kept[1], number=2).update(owner=person)
        Step.objects.filter(case=kept[2], number=2).update(owner=person, state="done", done_at=NOON)
        for case, done_at in ((kept[3], None), (kept[4], NOON)):
            row = write(text="Stop the line", now=NOON, case=case)
            about = {"kind": ActionKind.CONTAINMENT, "words": row, "owner": person, "planned_at": NOON, "due_at": NOON}
            Action.objects.create(case=case, done_at=done_at, done_by=person if done_at else None, **about)
        CaseReader.objects.create(case=kept[5], user=person, named_by=stranger, named_at=NOON)
        Case.objects.filter(pk=kept[6].pk).update(about_user=person)
        Case.objects.filter(pk__in=[case.pk for case in kept]).update(confidential=True)
    builders.case(owner=stranger)
    some_go(made)
    return [*made, stranger]


def test_everybody_reads_exactly_what_the_rule_says(company):
    seen = {person.pk: set(access.visible_to(person).values_list("pk", flat=True)) for person in company}
    assert seen == {person.pk: by_rule(person) for person in company}
    assert len({frozenset(rows) for rows in seen.values()}) == len(company)


def test_it_fits_into_a_query_of_something_else(company):
    for person in company[:4]:
        steps = Step.objects.filter(case__in=access.visible_to(person).filter(pk__gt=0), number=1)
        assert set(steps.values_list("case", flat=True)) == by_rule(person)


def test_it_costs_one_statement(company, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(access.visible_to(company[0]))
