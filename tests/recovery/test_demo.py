"""The demonstration company: lifelike, whole, and made by the product's own verbs without a refusal."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Role, User
from cases import defaults, timeline
from cases.models import Case, Customer, Entry, Escalation, IntakeItem, Signal
from mail.models import Message
from recovery.demo import arrivals, people
from recovery.demo.season import Season
from surveys.models import Answer
from tests import builders

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def season(django_db_setup, django_db_blocker):
    """Play a short season once for all tests here, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        defaults.install()
        staff = people.staff()
        customers = people.customers(staff, NOW.date(), Random(1))
        played = Season(staff, customers, now=NOW, chance=Random(1))
        played.run(26)
        yield played
        transaction.set_rollback(True)


def test_no_act_of_the_demonstration_is_refused(season):
    assert season.refusals == []


def test_every_chain_is_whole(season):
    assert [case.pk for case in Case.objects.all() if timeline.faults(case.pk)] == []


def test_cases_stand_in_all_three_states(season):
    assert set(Counter(Case.objects.values_list("state", flat=True))) == {"open", "resolved", "closed"}


def test_there_are_forty_customers_and_one_person_a_role(season):
    assert Customer.objects.count() == 40
    for role in Role:
        assert User.objects.get(email=f"{role}@demo.example").check_password("golden-seam-2041")


def test_something_lies_on_the_docket_and_somebody_answered(season):
    assert Escalation.objects.filter(decided_at=None).exists()
    assert Answer.objects.exists()


def test_the_books_of_the_week_wait_to_be_looked_at(season):
    assert Signal.objects.filter(state=Signal.State.PROPOSED).count() == 5


def test_only_letters_of_the_last_hours_still_wait_to_leave(season):
    assert not Message.objects.filter(state="queued", send_at__lt=NOW - timedelta(days=1)).exists()


def test_a_database_in_use_is_refused():
    builders.user()
    with pytest.raises(CommandError, match="in use already"):
        call_command("seed_demo")


def test_messages_of_this_morning_lie_on_a_case_and_in_the_intake(season):
    arrivals.arrive(season.people, now=NOW)

    assert Counter(IntakeItem.objects.values_list("state", flat=True)) == {"waiting": 2, "aside": 1}
    assert IntakeItem.objects.exclude(customer=None).count() == 2
    heard = Entry.objects.get(inbound__isnull=False)
    assert "two are still missing" in heard.words.text and "If anything is unclear" not in heard.words.text
