"""Messages that belong to no case: who they may be from, their clock, and what becomes of them."""

from datetime import UTC, datetime, timedelta

import pytest

from cases import arriving, defaults, intake_items
from cases.arrival_kinds import IntakeState, MatchedBy, SampleResult
from cases.enums import CaseState, Channel, EntryKind, Side
from cases.models import Case, Entry, IntakeItem
from cases.refusals import Refused
from mail.models import Inbound, Notice
from tests import builders
from tests.builders import NOON
from tests.cases.arrivals.arriving import LATER, receive
from tests.mail.inbound.writing import mail

pytestmark = pytest.mark.django_db
AT_TWO = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def rules():
    defaults.install()


@pytest.fixture
def manager():
    return builders.user(name="Marta Keller", of=builders.team())


def lay(sender: str = "Ruth Aebi <ruth@halden.example>", *, now=NOON, **headers) -> IntakeItem:
    """Let a message reach us that belongs to no case."""
    headers.setdefault("Message_ID", f"<{Inbound.objects.count()}@halden.example>")
    return IntakeItem.objects.get(inbound=receive(mail("Two are bent.", sender=sender, **headers), now=now))


def test_a_message_waits_two_working_hours():
    assert lay(now=NOON).due_at == NOON + timedelta(hours=2)


def test_its_hours_are_working_hours():
    friday_evening = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 16:30 in Zürich, half an hour before closing

    assert lay(now=friday_evening).due_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_the_sender_is_matched_by_address(manager):
    of = builders.customer(account_manager=manager)
    contact = builders.contact(of, email="Ruth@Halden.example")

    item = lay()

    assert (item.customer, item.contact, item.matched_by) == (of, contact, MatchedBy.ADDRESS)
    assert Notice.objects.filter(user=manager, kind="intake_new").count() == 1


def test_the_sender_is_matched_by_domain_as_a_guess():
    of = builders.customer()
    builders.contact(of, email="somebody@halden.example")

    item = lay()

    assert (item.customer, item.contact, item.matched_by) == (of, None, MatchedBy.DOMAIN)


def test_of_a_message_from_nobody_known_the_leads_hear():
    lead = builders.user("lead", of=builders.team())

    lay()

    assert list(Notice.objects.filter(kind="intake_new").values_list("user", flat=True)) == [lead.pk]


def test_a_domain_of_two_customers_or_of_anybody_matches_nobody():
    for _ in range(2):
        builders.contact(builders.customer(), email=f"a{_}@halden.example")
    builders.contact(builders.customer(), email="somebody@gmail.com")

    assert [lay().customer, lay("x@gmail.com", now=LATER).customer] == [None, None]


def test_machines_wait_for_nobody():
    receive(mail(Auto_Submitted="auto-generated"))
    receive(mail(List_Id="<news.example>"))

    assert IntakeItem.objects.count() == 0


def test_when_its_time_is_up_the_leads_hear_once_and_then_the_chair():
    lead, chair = builders.user("lead", of=builders.team()), builders.user("chair")
    item = lay()

    for minutes in (119, 121, 122, 151, 200):
        arriving.take_in(NOON + timedelta(minutes=minutes))

    told = Notice.objects.filter(kind="intake_late").order_by("id")
    assert [(one.user, one.at - NOON) for one in told] == [
        (lead, timedelta(minutes=121)),
        (chair, timedelta(minutes=151)),
    ]
    item.refresh_from_db()
    assert item.chase_at is None


def accept(client, item: IntakeItem, **given):
    """Send the log form as the page shows it for a message."""
    page = client.get("/cases/new/", {"intake": item.pk})
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent |= {"kept": [mark for _, mark in page.context["kept"]], "remedy_state": "not_asked", **given}
    return client.post("/cases/new/", {name: value for name, value in sent.items() if value not in (None, "", False)})


def test_accepted_it_becomes_a_case_received_when_the_message_was_written(client, manager, clock):
    clock.move_to(AT_TWO)
    contact = builders.contact(builders.customer(), email="ruth@halden.example")
    item = lay(now=NOON, Date="Tue, 17 Nov 2026 10:30:00 +0100", Subject="Spindles bent")
    client.force_login(manager)

    accept(client, item)

    case, item = Case.objects.get(), IntakeItem.objects.get()
    assert (case.channel, case.title, case.reporter) == (Channel.EMAIL, "Spindles bent", contact)
    assert (case.received_at, case.logged_at) == (datetime(2026, 11, 17, 9, 30, tzinfo=UTC), AT_TWO)
    assert case.words.get(part="complaint").text == "Two are bent."
    assert (item.state, item.case, item.decided_by) == (IntakeState.ACCEPTED, case, manager)


def test_an_unknown_sender_becomes_a_contact_of_the_customer_chosen(client, manager, clock):
    clock.move_to(AT_TWO)
    of = builders.customer(name="Halden AG")
    client.force_login(manager)

    accept(client, lay(), customer=str(of.pk), customer_name="Halden AG")

    reporter = Case.objects.get().reporter
    assert (reporter.customer, reporter.name, reporter.email) == (of, "Ruth Aebi", "ruth@halden.example")


def test_a_reply_to_the_accepted_message_finds_its_case(client, manager, clock):
    clock.move_to(AT_TWO)
    builders.contact(builders.customer(), email="ruth@halden.example")
    client.force_login(manager)
    accept(client, lay(Message_ID="<first@halden.example>"))

    receive(mail("And one more.", In_Reply_To="<first@halden.example>", Message_ID="<second@halden.example>"))

    entry = Entry.objects.get(side=Side.THEIRS)
    assert (entry.case, entry.words.text) == (Case.objects.get(), "And one more.")


def test_two_people_accept_it_once(client, manager, clock):
    clock.move_to(AT_TWO)
    builders.contact(builders.customer(), email="ruth@halden.example")
    item = lay()
    client.force_login(manager)
    page = client.get("/cases/new/", {"intake": item.pk})
    accept(client, item)

    answer = accept(client, item, token="")

    assert page.status_code == 200
    assert (answer.status_code, Case.objects.count()) == (422, 1)
    assert "has put this message on RC-" in answer.content.decode()


def test_put_on_a_case_it_counts_there_as_their_word(manager):
    case = builders.acknowledged(builders.case(owner=manager))
    item = lay(case.reporter.email)

    intake_items.add_to(item=item, case=case, actor=manager, now=LATER)

    entry = Entry.objects.get(case=case, side=Side.THEIRS, kind=EntryKind.EMAIL)
    assert (entry.contact, entry.inbound) == (case.reporter, item.inbound)
    item.refresh_from_db()
    assert (item.state, item.case) == (IntakeState.ADDED, case)


def test_setting_aside_needs_a_reason_and_is_undone(manager):
    item = lay()
    with pytest.raises(Refused, match="Say why"):
        intake_items.set_aside(item=item, actor=manager, reason=" ", now=LATER)

    intake_items.set_aside(item=item, actor=manager, reason="An offer for paint", now=LATER)
    with pytest.raises(Refused, match="set this message aside"):
        intake_items.add_to(item=item, case=builders.case(owner=manager), actor=manager, now=LATER)
    intake_items.bring_back(item=item, actor=manager, now=LATER)

    item.refresh_from_db()
    assert (item.state, item.due_at, item.brought_back) == (IntakeState.WAITING, LATER + timedelta(hours=2), 1)


def aside_last_week(manager, count: int = 8) -> list[IntakeItem]:
    """Set messages aside in the week before."""
    items = [lay(f"a{number}@ads.example", Message_ID=f"<{number}@ads>") for number in range(count)]
    for item in items:
        intake_items.set_aside(item=item, actor=manager, reason="Advertising", now=LATER)
    return items


def test_each_week_a_lead_looks_at_a_sample(manager):
    lead = builders.user("lead", of=builders.team())
    aside_last_week(manager)
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    for _ in range(2):
        arriving.take_in(monday)

    assert IntakeItem.objects.exclude(sampled_on=None).count() == intake_items.SAMPLE
    assert Notice.objects.filter(user=lead, kind="intake_sample").count() == intake_items.SAMPLE


def test_what_was_wrongly_set_aside_comes_back(manager):
    lead = builders.user("lead", of=builders.team())
    aside_last_week(manager, 1)
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    arriving.take_in(monday)
    item = IntakeItem.objects.get()

    intake_items.judge(item=item, actor=lead, right=False, now=monday)

    item.refresh_from_db()
    assert (item.state, item.sample_result) == (IntakeState.WAITING, SampleResult.WRONG)


def test_nobody_judges_what_they_set_aside_themselves(manager):
    aside_last_week(manager, 1)
    arriving.take_in(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    with pytest.raises(Refused, match="Another lead"):
        intake_items.judge(item=IntakeItem.objects.get(), actor=manager, right=True, now=LATER)


def test_a_person_taken_for_a_machine_waits_after_all():
    inbound = receive(mail(List_Id="<team.halden.example>"))

    item = intake_items.lay_by_hand(inbound=inbound, now=LATER)

    assert (item.state, item.due_at) == (IntakeState.WAITING, LATER + timedelta(hours=2))
    assert Case.objects.filter(state=CaseState.OPEN).count() == 0
