"""Opening a case: refusals, receipt, docket, and that all is written or nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import intake
from cases.enums import Severity
from cases.models import Case, Chain, Due, Escalation, Event, Step, Words
from cases.refusals import Refused
from mail.models import Message
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def test_a_moment_in_the_future_is_refused_at_its_field():
    with pytest.raises(Refused) as refusal:
        builders.case(owner=builders.user(), received_at=NOON + timedelta(hours=1))
    assert refusal.value.field == "received_at"
    assert Case.objects.count() == 0


def test_a_reporter_of_another_customer_is_refused():
    stranger = builders.contact(builders.customer())
    with pytest.raises(Refused) as refusal:
        builders.case(owner=builders.user(), reporter=stranger)
    assert refusal.value.field == "reporter"


def test_the_complaint_is_kept_exactly_as_written():
    text = "  „Das ist das dritte Mal“\n\n\tund mehr  "
    case = builders.case(owner=builders.user(), text=text)
    assert Words.objects.get(case=case, part="complaint").text == text


def test_a_receipt_leaves_at_once_and_completes_no_step():
    case = builders.case(owner=builders.user())
    assert Message.objects.get(thread=case.thread).template == "receipt"
    assert Step.objects.get(case=case, number=1).state == "planned"


def test_a_problem_we_found_sends_no_receipt():
    case = builders.case(owner=builders.user(), channel="found")
    assert not Message.objects.filter(thread=case.thread).exists()


def test_the_stake_of_the_day_is_frozen_with_its_sum():
    case = builders.case(owner=builders.user())
    assert (case.stake, case.stake_currency, case.home_stake) == (128_400_000, "CHF", 128_400_000)
    assert case.stake_sum["lifetime_profit"] == 109_200_000


def test_the_second_case_in_ninety_days_goes_to_the_docket_once():
    customer = builders.customer()
    owner = builders.user()
    for _ in range(3):
        builders.case(owner=owner, of=customer)
    assert Escalation.objects.filter(case__customer=customer, reason="repeat").count() == 1


def test_low_severity_is_no_repeat():
    customer = builders.customer()
    for _ in range(2):
        builders.case(owner=builders.user(), of=customer, severity=Severity.LOW)
    assert not Escalation.objects.exists()


@pytest.mark.parametrize("found_first", [True, False])
def test_what_we_found_ourselves_is_no_complaint_of_theirs(found_first):
    customer, owner = builders.customer(), builders.user()
    channels = ("found", "phone") if found_first else ("phone", "found")
    for channel in channels:
        builders.case(owner=owner, of=customer, channel=channel)
    assert not Escalation.objects.exists()
    builders.case(owner=owner, of=customer, channel="email")
    assert Escalation.objects.get(case__customer=customer).reason == "repeat"


def test_a_legal_matter_is_confidential_and_on_the_docket_at_once():
    case = builders.case(owner=builders.user(), sensitive=True)
    assert case.confidential
    assert Escalation.objects.get(case=case).reason == "sensitive"


def test_nobody_owning_it_has_a_clock_of_its_own():
    case = builders.case(owner=None)
    assert Due.objects.get(case=case, kind="unassigned").due_at == NOON + timedelta(hours=2)


@pytest.mark.parametrize("broken", ["Round", "Step", "Due", "Words", "Chain", "Event"])
def test_r1_a_failed_write_leaves_nothing_behind(broken, monkeypatch):
    owner, customer = builders.user(), builders.customer()
    builders.contact(customer)
    model = {"Round": intake.Round, "Step": Step, "Due": Due, "Words": Words, "Chain": Chain, "Event": Event}[broken]

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    for name in ("save", "bulk_create", "create"):
        target = model if name == "save" else model.objects
        monkeypatch.setattr(target, name, fail)
    before = Message.objects.count()
    with pytest.raises(RuntimeError):
        builders.case(owner=owner, of=customer)
    assert (Case.objects.count(), Step.objects.count(), Due.objects.count()) == (0, 0, 0)
    assert Message.objects.count() == before


def test_opening_costs_a_constant_number_of_statements():
    owner, customer = builders.user(), builders.customer()
    reporter = builders.contact(customer)
    builders.case(owner=owner)
    with CaptureQueriesContext(connection) as counted:
        builders.case(owner=owner, of=customer, reporter=reporter, severity=Severity.LOW, with_defaults=False)
    statements = [query["sql"] for query in counted.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 15
