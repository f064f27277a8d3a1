"""Chases: who hears, when, how often, in one letter; a set costs what one costs, and a bad row stops nobody."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Absence
from cases import chasing, deadlines, defaults
from cases.chase_letters import Told
from cases.models import Calendar, CalendarUse, CalendarVersion, Case, Chase, Contact, Due, Escalation, Event, SetAside
from cases.timeline import Kind, faults
from mail.models import Message, MessageState, Notice, Recipient
from mail.rendering import render
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def letters() -> list[Message]:
    """Return the letters that chase, oldest first."""
    return list(Message.objects.filter(template__in=["chase", "chases"]).order_by("id"))


def receiver(letter: Message) -> str:
    return letter.recipients.get().address


def step_due(case: Case, number: int) -> Due:
    return Due.objects.get(case=case, kind="step", ref=number)


@pytest.fixture
def team():
    made = builders.team()
    made.lead = builders.user("lead", of=made, name="Lena Brandt")
    made.save()
    return made


# One letter


def test_one_chase_is_one_letter_about_one_clock():
    case = builders.case(owner=builders.user())
    chasing.chase_due(NOON + 2 * HOUR)
    letter = letters()[0]
    assert (len(letters()), letter.template, letter.facts["what"]) == (1, "chase", "Acknowledge")
    assert "Acknowledge is due" in render(template=letter.template, facts=letter.facts).text
    assert faults(case.pk) == []


def test_each_rung_of_one_clock_has_a_subject_of_its_own():
    case = builders.case(owner=builders.user())
    facts = {rung: Told(case.owner, step_due(case, 1), case, rung).facts for rung in (50, 80, 100)}
    shown = [render(template="chase", facts={**facts[rung], "zone": "Europe/Zurich"}).subject for rung in facts]
    about = f": Acknowledge, {case.number} {case.customer.name}"
    assert shown == [f"Due Tue 16:00{about}", f"Soon due, Tue 16:00{about}", f"Overdue{about}"]


def test_letters_still_waiting_cost_the_same_for_one_reader_and_for_ten():
    costs = []
    for number, readers in enumerate((1, 10)):
        opened = NOON + number * 7 * DAY
        cases = [builders.case(owner=builders.user(), now=opened) for _ in range(readers)]
        Due.objects.exclude(case__in=cases).update(chase_at=None)
        chasing.chase_due(opened + 2 * HOUR)
        with CaptureQueriesContext(connection) as asked:
            chasing.chase_due(opened + timedelta(hours=3, minutes=13))
        costs.append(len(asked))
    assert {letter.facts["rung"] for letter in letters()} == {80}
    assert costs[0] == costs[1]


def test_digest_instead_of_ten_letters_with_a_bell_for_each():
    owner = builders.user()
    for _ in range(10):
        builders.case(owner=owner)
    chasing.chase_due(NOON + 2 * HOUR)
    assert [receiver(letter) for letter in letters()] == [owner.email]
    assert len(letters()[0].facts["items"]) == 10
    assert Notice.objects.filter(user=owner, kind="chase").count() == 10
    shown = render(template="chases", facts=letters()[0].facts)
    assert shown.subject == "10 things wait for you"
    assert shown.text.count("Open RC-") == 10


def test_s2_letter_about_several_cases_is_kept_close():
    owner = builders.user()
    case = builders.case(owner=owner)
    chasing.chase_due(NOON + 2 * HOUR)
    alone = letters()[0].confidential
    builders.case(owner=owner)
    Due.objects.filter(case=case).update(chase_at=None)
    chasing.chase_due(NOON + 2 * HOUR)

    assert (alone, [letter.template for letter in letters()]) == (False, ["chases"])
    assert letters()[0].confidential is True


def test_letter_still_waiting_takes_in_what_comes_and_keeps_the_latest_of_a_clock():
    case = builders.case(owner=builders.user())
    chasing.chase_due(NOON + 2 * HOUR)
    chasing.chase_due(NOON + timedelta(hours=3, minutes=13))
    assert [(letter.template, letter.facts["rung"]) for letter in letters()] == [("chase", 80)]
    assert Chase.objects.filter(due=step_due(case, 1), overtaken=False).count() == 2


def test_letter_that_has_left_takes_in_nothing():
    builders.case(owner=builders.user())
    chasing.chase_due(NOON + 2 * HOUR)
    Message.objects.filter(template="chase").update(state=MessageState.SENT, sent_at=NOON + 2 * HOUR)
    chasing.chase_due(NOON + timedelta(hours=3, minutes=13))
    assert [letter.facts["rung"] for letter in letters()] == [50, 80]


def test_after_three_days_of_standstill_one_letter_says_what_is_right_now(team):
    owner = builders.user(of=team)
    case = builders.case(owner=owner)
    later = NOON + 3 * DAY
    chasing.chase_due(later)
    assert sorted(receiver(letter) for letter in letters()) == sorted([owner.email, team.lead.email])
    for letter in letters():
        clocks = [item["due"] for item in letter.facts.get("items", [letter.facts])]
        assert len(set(clocks)) == len(clocks)
    told = Chase.objects.filter(due=step_due(case, 1)).order_by("rung").values_list("rung", "overtaken")
    assert list(told) == [(50, True), (80, True), (100, True), (125, False)]
    assert chasing.chase_due(later) == 0


# Who and when


def test_lead_hears_at_the_breach_and_never_the_customer(team):
    owner = builders.user(of=team)
    case = builders.case(owner=owner)
    chasing.chase_due(NOON + 4 * HOUR)
    assert {receiver(letter) for letter in letters()} == {owner.email, team.lead.email}
    theirs = Contact.objects.filter(customer=case.customer).values_list("email", flat=True)
    assert not Recipient.objects.filter(address__in=theirs, message__template__startswith="chase").exists()


@pytest.mark.parametrize("away", [(), ("owner",), ("owner", "deputy"), ("owner", "deputy", "lead")])
def test_absent_goes_to_deputy_then_lead_then_chair(team, away):
    deputy, chair = builders.user(of=team), builders.user("chair")
    owner = builders.user(of=team, deputy=deputy)
    line = {"owner": owner, "deputy": deputy, "lead": team.lead, "chair": chair}
    for name in away:
        Absence.objects.create(user=line[name], from_on=NOON.date(), to_on=NOON.date())
    builders.case(owner=owner)
    chasing.chase_due(NOON + 2 * HOUR)
    assert [receiver(letter) for letter in letters()] == [list(line.values())[len(away)].email]


def test_people_who_stand_in_for_one_another_make_no_loop(team):
    one, other = builders.user(of=team), builders.user(of=team)
    one.deputy, other.deputy = other, one
    for person in (one, other, team.lead):
        person.save()
        Absence.objects.create(user=person, from_on=NOON.date(), to_on=NOON.date())
    case = builders.case(owner=one)
    chasing.chase_due(NOON + 2 * HOUR)
    assert letters() == []
    assert Event.objects.get(case=case, kind=Kind.CHASED).facts["told"] == []


def test_chase_arrives_in_the_hours_of_who_reads_it(team):
    defaults.install()
    early = Calendar.objects.create(name="Dock")
    facts = {**defaults.OFFICE_HOURS, "hours": {"wed": [["06:00", "12:00"]], "thu": [["06:00", "12:00"]]}}
    CalendarVersion.objects.create(calendar=early, number=1, facts=facts, made_at=NOON)
    case = builders.case(owner=builders.user(of=team, zone="Europe/London"))
    CalendarUse.objects.create(calendar=early, team=team)
    Due.objects.filter(case=case).exclude(kind="step", ref=1).update(chase_at=None)
    chasing.chase_due(NOON + 2 * HOUR)
    assert letters()[0].send_at == NOON.replace(hour=6) + DAY  # Wednesday 06:00 in London, not in Zürich


def test_clock_that_runs_day_and_night_writes_at_once():
    case = builders.case(owner=builders.user())
    night = NOON.replace(hour=22)
    Due.objects.filter(case=case, kind="step", ref=1).update(always=True, chase_at=night, due_at=night + HOUR)
    Due.objects.filter(case=case).exclude(kind="step", ref=1).update(chase_at=None)
    chasing.chase_due(night)
    assert [letter.send_at for letter in letters()] == [night]


def test_complaint_about_somebody_never_reminds_that_person(team):
    accused = team.lead
    case = builders.case(owner=builders.user(of=team))
    Case.objects.filter(pk=case.pk).update(about_user=accused)
    chasing.chase_due(NOON + 4 * HOUR)
    assert accused.email not in {receiver(letter) for letter in letters()}


def test_decision_overdue_by_a_quarter_goes_to_the_sponsor():
    sponsor = builders.user("sponsor")
    case = builders.case(owner=builders.user())
    chasing.chase_due(NOON + DAY)
    Escalation.objects.get(case=case, reason="overdue")
    Message.objects.update(state=MessageState.WITHHELD)
    chasing.chase_due(NOON + 2 * DAY)
    assert sponsor.email in {receiver(letter) for letter in letters()}
    assert Escalation.objects.filter(case=case, reason="overdue").count() == 1


# What it costs, and what breaks


def test_p5_set_costs_the_same_for_one_case_and_for_thirty(team):
    owner = builders.user(of=team)
    builders.case(owner=owner)
    with CaptureQueriesContext(connection) as one:
        assert chasing.chase_due(NOON + 4 * HOUR) == 1
    cases = [builders.case(owner=owner, now=NOON + DAY) for _ in range(30)]
    Due.objects.exclude(case__in=cases).update(chase_at=None)
    with CaptureQueriesContext(connection) as thirty:
        assert chasing.chase_due(NOON + DAY + 4 * HOUR) == 30
    assert len(thirty) <= len(one) + 2  # the letter of before is still there, and takes this in


def test_r5_row_that_breaks_is_set_aside_and_the_others_are_chased(monkeypatch):
    owner = builders.user()
    bad, good = builders.case(owner=owner), builders.case(owner=owner)
    broken, real = step_due(bad, 1).pk, deadlines.rungs

    def rungs(due, *args, **kwargs):
        if due.pk == broken:
            raise ValueError("a row that cannot be")
        return real(due, *args, **kwargs)

    monkeypatch.setattr(deadlines, "rungs", rungs)
    assert chasing.chase_due(NOON + 2 * HOUR) == 1
    assert list(SetAside.objects.values_list("sweep", "ref")) == [("chase", broken)]
    assert Chase.objects.filter(due=step_due(good, 1)).count() == 1
    assert Chase.objects.filter(due=broken).count() == 0


def test_clock_started_afresh_is_chased_afresh():
    case = builders.case(owner=builders.user())
    silence = Due.objects.get(case=case, kind="silence")
    Due.objects.filter(case=case).exclude(pk=silence.pk).update(chase_at=None)
    chasing.chase_due(silence.chase_at)
    restarted = deadlines.start(case=case, kind="silence", allowed="3d", started_at=silence.chase_at + HOUR)
    chasing.chase_due(restarted.chase_at)
    assert (restarted.pk, Notice.objects.filter(kind="chase").count()) == (silence.pk, 2)


def test_chases_append_to_whole_chains():
    owner = builders.user()
    cases = [builders.case(owner=owner) for _ in range(3)]
    chasing.chase_due(NOON + 30 * DAY)
    assert [faults(case.pk) for case in cases] == [[], [], []]
    for case in cases:
        fresh = Case.objects.get(pk=case.pk)
        first = Due.objects.filter(case=case, closed_at=None).order_by("due_at").first()
        assert fresh.next_due_at == first.due_at


def test_absence_counts_on_the_day_it_is_where_they_are():
    owner = builders.user(zone="Pacific/Auckland")
    Absence.objects.create(user=owner, from_on=date(2026, 11, 18), to_on=date(2026, 11, 18))
    case = builders.case(owner=owner)
    chasing.chase_due(NOON + 2 * HOUR)  # already the 18th in Auckland
    assert Event.objects.get(case=case, kind=Kind.CHASED).facts["told"] == []
