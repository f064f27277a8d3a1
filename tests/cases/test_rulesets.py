"""Calendars of teams and customers with public holidays, policies by category, applying a version to open cases."""

from datetime import date, timedelta

import pytest

from accounts.models import AdminEvent
from cases import applying, defaults, holidays, opening, rulebook, rulesets, tasks
from cases.enums import Severity, StepNumber
from cases.models import Calendar, CalendarUse, CalendarVersion, Chase, Due, Event, Holiday, Policy, SetAside
from cases.policy import DEFAULT
from cases.refusals import Refused
from cases.timeline import Kind, faults
from tests import builders
from tests.builders import NOON
from tests.cases.test_rulebook import typed, words

pytestmark = pytest.mark.django_db
YEARS = (2026, 2027)
SWISS = {date(2026, 12, 25): "Christmas Day", date(2027, 1, 1): "New Year's Day"}


@pytest.fixture
def ada(client):
    defaults.install()
    admin = builders.user("admin", name="Ada Lind")
    client.force_login(admin)
    return admin


def in_switzerland(admin, **more) -> Calendar:
    facts = {**defaults.OFFICE_HOURS, "country": "CH", "region": "ZH", **more}
    return rulebook.save_calendar(actor=admin, facts=facts, base=1, now=NOON).calendar


# Public holidays


def test_holidays_are_copied_into_rows_and_a_version_new_cases_open_with(ada):
    calendar = in_switzerland(ada)
    assert holidays.copy_due(NOON, read=lambda *place: SWISS) == 1
    assert list(Holiday.objects.filter(own=False).values_list("on", "name")) == sorted(SWISS.items())
    version = opening.calendar_version()
    assert (version.number, version.facts["holidays"]) == (3, ["2026-12-25", "2027-01-01"])
    assert version.facts["names"]["2026-12-25"] == "Christmas Day"
    assert calendar.versions.get(number=2).facts["holidays"] == []


def test_holidays_that_are_there_are_not_asked_for_again(ada, django_assert_num_queries):
    in_switzerland(ada)
    holidays.copy_due(NOON, read=lambda *place: SWISS)
    with django_assert_num_queries(3):
        assert holidays.copy_due(NOON, read=None) == 0
    assert CalendarVersion.objects.count() == 3


def test_days_of_our_own_come_before_those_of_the_country(ada):
    in_switzerland(ada, special_hours={"2026-12-25": [["08:00", "12:00"]]})
    holidays.copy_due(NOON, read=lambda *place: SWISS)
    facts = opening.calendar_version().facts
    assert (facts["holidays"], facts["copied"]) == (["2027-01-01"], ["2027-01-01"])


def test_country_nobody_knows_is_set_aside_and_said_on_the_page(client, ada):
    in_switzerland(ada)

    def read(country, region, years):
        raise holidays.NoHolidays(f"No public holidays are known for {country} {region}.")

    assert holidays.copy_due(NOON, read=read) == 0
    assert SetAside.objects.get().sweep == "holidays"
    assert "No public holidays are known for CH ZH." in words(client.get("/manage/calendar/"))
    rulebook.save_calendar(
        actor=ada, facts={**defaults.OFFICE_HOURS, "country": "AT"}, base=2, now=NOON + timedelta(hours=1)
    )
    assert not SetAside.objects.exists()


def test_task_asks_the_library_for_what_lacks(ada, clock):
    in_switzerland(ada)
    clock.move_to(NOON)
    assert tasks.copy_holidays() == 1
    assert Holiday.objects.get(on=date(2026, 12, 25)).name == "Christmas Day"
    assert Holiday.objects.filter(on__year=2027).exists()


def test_calendar_form_shows_our_own_days_only_and_keeps_the_copied(client, ada):
    in_switzerland(ada)
    holidays.copy_due(NOON, read=lambda *place: SWISS)
    version = CalendarVersion.objects.get(number=3)
    page = client.get("/manage/calendar/")
    assert "2 public holidays are copied in" in words(page)
    assert page.context["form"]["holidays"].value() == ""
    rulebook.save_calendar(actor=ada, facts={**holidays.own(version.facts), "hours": {"mon": [["08:00", "12:00"]]}},
                           base=3, now=NOON)  # fmt: skip
    assert opening.calendar_version().facts["holidays"] == ["2026-12-25", "2027-01-01"]


# Calendars of teams and customers


def test_further_calendar_begins_as_the_default_and_counts_for_whom_it_says(client, ada):
    team, customer = builders.team(), builders.customer(name="Halden Precision AG")
    client.post("/manage/calendars/", {"name": "Dock"})
    dock = Calendar.objects.get(name="Dock")
    client.post(f"/manage/calendars/{dock.pk}/uses/", {"team": team.pk})
    client.post(f"/manage/calendars/{dock.pk}/uses/", {"customer": "halden"})
    assert opening.calendar_version(team_id=team.pk).calendar == dock
    assert opening.calendar_version(customer=customer).calendar == dock
    page = words(client.get(f"/manage/calendars/{dock.pk}/"))
    assert "Team North" in page and "Halden Precision AG" in page
    use = CalendarUse.objects.get(team=team)
    client.post(f"/manage/calendars/{dock.pk}/uses/{use.pk}/")
    assert opening.calendar_version(team_id=team.pk).calendar.is_default
    kinds = list(AdminEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["calendar_added", "calendar_used", "calendar_used", "calendar_left"]
    assert "let North work by the calendar Dock" in words(client.get("/manage/log/"))


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Choose one team, or one customer."),
        ({"customer": "Nobody"}, "No customer has this name."),
        ({"customer": "Alp"}, "Several customers begin like this: Alpha AG, Alpina AG."),
    ],
)
def test_use_that_cannot_be_is_refused_with_what_was_typed(client, ada, sent, message):
    builders.customer(name="Alpha AG"), builders.customer(name="Alpina AG")
    dock = rulesets.add_calendar(actor=ada, name="Dock", now=NOON)
    answer = client.post(f"/manage/calendars/{dock.pk}/uses/", sent)
    assert (answer.status_code, CalendarUse.objects.count()) == (422, 0)
    assert message in words(answer) and sent.get("customer", "") in words(answer)


def test_team_works_by_one_calendar(ada):
    team = builders.team()
    one, other = (rulesets.add_calendar(actor=ada, name=name, now=NOON) for name in ("One", "Other"))
    rulesets.use_calendar(actor=ada, calendar=one, team=team, now=NOON)
    with pytest.raises(Refused, match="North works by “One”"):
        rulesets.use_calendar(actor=ada, calendar=other, team=team, now=NOON)


def test_weeks_show_what_is_typed_before_anything_is_saved(client, ada, clock):
    version = CalendarVersion.objects.get()
    from cases.forms.calendar import CalendarForm

    sent = typed(CalendarForm, version.facts, mon="06:00–10:00", holidays="2026-03-04 Stocktaking")
    page = words(client.post(f"/manage/calendars/{version.calendar_id}/weeks/", sent))
    assert "06:00–10:00" in page and "Stocktaking" in page
    assert CalendarVersion.objects.count() == 1
    broken = words(client.post(f"/manage/calendars/{version.calendar_id}/weeks/", {**sent, "mon": "noon"}))
    assert "What is typed is not a calendar yet" in broken


# Policies


def test_further_policy_needs_somebody_to_count_for(client, ada):
    answer = client.post("/manage/policies/", {"name": "Key", "category": "", "tier": ""})
    assert (answer.status_code, "Say for which category" in words(answer)) == (422, True)
    client.post("/manage/policies/", {"name": "Key", "category": "", "tier": "key"})
    key = Policy.objects.get(name="Key")
    assert opening.policy_version(tier="key").policy == key
    assert words(client.get(f"/manage/policies/{key.pk}/")).count("Key") > 0


def test_policy_of_its_own_is_saved_over_its_own_versions(ada):
    key = rulesets.add_policy(actor=ada, name="Key", category=None, tier="key", now=NOON)
    made = rulebook.save_policy(actor=ada, facts={**DEFAULT, "repeat_days": 60}, base=1, now=NOON, of=key.pk)
    assert (made.policy, made.number) == (key, 2)
    assert opening.policy_version().number == 1


# Applying a version to open cases


@pytest.fixture
def newer(ada):
    """A second version that gives Resolve 3 days and Acknowledge 1 hour."""
    steps = {**DEFAULT["steps"], "resolve": {"*": "3d"}, "acknowledge": {"*": "1h"}}
    return lambda: rulebook.save_policy(actor=ada, facts={**DEFAULT, "steps": steps}, base=1, now=NOON).policy


def due_of(case, number: int) -> Due:
    return Due.objects.get(case=case, kind="step", ref=number)


def test_open_cases_keep_their_version_until_it_is_applied(ada, newer):
    case = builders.case(owner=builders.user())
    before, policy = due_of(case, 3).due_at, newer()
    assert due_of(case, 3).due_at == before
    assert applying.behind(policy) == [case]
    applying.apply(policy=policy, cases=[case], actor=ada, now=NOON)
    assert due_of(case, 3).due_at == before - timedelta(days=4)  # three working days instead of five, no weekend
    assert (applying.behind(policy), faults(case.pk)) == ([], [])
    assert Event.objects.get(case=case, kind=Kind.POLICY_APPLIED).facts == {"from": 1, "to": 2, "policy": policy.pk}


def test_what_was_missed_stays_missed_and_rungs_stay_climbed(ada, newer):
    case = builders.case(owner=builders.user(), severity=Severity.NORMAL)
    due, policy = due_of(case, 1), newer()
    Chase.objects.create(due=due, rung=100, at=due.due_at)
    Due.objects.filter(pk=due.pk).update(rung=100)
    applying.apply(policy=policy, cases=[case], actor=ada, now=due.due_at + timedelta(hours=1))
    after = due_of(case, 1)
    assert (after.due_at, after.allowed, after.rung) == (due.due_at, "4h", 100)


def test_preview_names_what_moves_and_saves_nothing(client, ada, newer, clock):
    clock.move_to(NOON + timedelta(hours=2))
    case = builders.case(owner=builders.user())
    before, policy = due_of(case, 3).due_at, newer()
    page = words(client.get(f"/manage/policies/{policy.pk}/apply/"))
    assert "2 deadlines would move" in page and "1 would be late at once" in page and case.number in page
    assert due_of(case, 3).due_at == before
    client.post(f"/manage/policies/{policy.pk}/apply/", {"case": [case.pk]})
    assert due_of(case, 3).due_at != before
    assert "Nothing to apply" in words(client.get(f"/manage/policies/{policy.pk}/apply/"))
    assert "applied version 2 of the policy Standard to 1 open case" in words(client.get("/manage/log/"))


def test_preview_says_of_every_deadline_what_applying_makes_of_it(newer, ada):
    case = builders.acknowledged(builders.case(owner=builders.user()))
    policy, now = newer(), NOON + timedelta(hours=1)
    foreseen = {(one.case.pk, one.what): one.after for one in applying.preview(policy, [case], now)}
    before = {(due.kind, due.ref): due.due_at for due in Due.objects.filter(case=case, closed_at=None)}
    applying.apply_to(case=case, policy=policy, actor=ada, now=now)
    rows = Due.objects.filter(case=case, closed_at=None)
    moved = {due for due in rows if due.due_at != before[due.kind, due.ref]}
    assert foreseen == {(case.pk, StepNumber(due.ref).label if due.ref else "Silence"): due.due_at for due in moved}
    assert moved
