"""Rules in versions, lists in order, rates by day: what is new holds for new cases, nonsense is refused in place."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import AdminEvent
from cases import defaults, opening, rulebook, taxonomy
from cases.enums import Severity, StepNumber
from cases.forms.calendar import CalendarForm
from cases.forms.policy import PolicyForm
from cases.models import CalendarVersion, Category, CauseKind, Chain, PolicyVersion, Rate
from cases.policy import DEFAULT, Rules
from cases.refusals import Refused
from tests.builders import NOON, case, user
from tests.reading import words

pytestmark = pytest.mark.django_db


def typed(form_class, facts: dict, base: int = 1, **changed) -> dict:
    """Return what the form of these facts posts, with changes."""
    form = form_class(facts=facts, base=base)
    said = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in (said | changed).items() if value is not None}


def save(client, url: str, data: dict):
    """Show what changes, then save exactly that."""
    shown = client.post(url, {**data, "act": "show"})
    assert shown.status_code == 200, words(shown)
    return client.post(url, {**data, "previewed": shown.context["form"]["previewed"].value(), "act": "save"})


# The policy


def test_policy_form_reads_back_what_it_shows(noor):
    form = PolicyForm(typed(PolicyForm, DEFAULT), facts=DEFAULT, base=1)
    assert form.is_valid(), form.errors
    before, after = Rules(DEFAULT), Rules(form.facts())
    for severity in Severity:
        for step in rulebook.TIMED_STEPS:
            assert after.step_time(step, severity) == before.step_time(step, severity)
        assert after.time("exposure", severity) == before.time("exposure", severity)
    assert (after.ladder, after["survey"], after["gesture_limits"]) == (
        before.ladder,
        DEFAULT["survey"],
        DEFAULT["gesture_limits"],
    )
    assert form.differences(DEFAULT, form.facts()) == []


def test_policy_shows_what_changes_before_it_saves(client, noor):
    data = typed(PolicyForm, DEFAULT, resolve_high="3 days", gesture_manager="1'500")
    page = words(client.post("/manage/policy/", {**data, "act": "save"}))
    assert "What changes with version 2" in page
    assert "<b>Resolve, high</b><span><del>5d</del> → <b>3d</b></span>" in page
    assert "<b>An account manager, CHF</b><span><del>1,000</del> → <b>1,500</b></span>" in page
    assert PolicyVersion.objects.count() == 1


def test_policy_says_when_check_ins_are_and_leaves_out_empty_ones(client, noor):
    data = typed(PolicyForm, DEFAULT, check_in_1="14", check_in_2="45", check_in_3="")
    assert "Third check-in" in words(client.post("/manage/policy/", {**data, "act": "show"}))
    save(client, "/manage/policy/", data)
    assert PolicyVersion.objects.get(number=2).facts["check_in_days"] == [14, 45]


def test_policy_saved_is_a_new_version_that_only_new_cases_open_with(client, noor):
    old = case()
    answer = save(client, "/manage/policy/", typed(PolicyForm, DEFAULT, acknowledge_normal="3h"))
    new = case()
    assert answer.status_code == 302
    assert (old.policy_version.number, new.policy_version.number) == (1, 2)
    assert Rules(new.policy_version.facts).step_time(StepNumber.ACKNOWLEDGE, "normal") == "3h"
    event = AdminEvent.objects.get(kind="policy_changed")
    assert (event.actor, event.facts["version"]) == (noor, 2)
    assert "made version 2 of the policy" in words(client.get("/manage/log/"))


def test_policy_without_a_difference_makes_no_version(client, noor):
    answer = client.post("/manage/policy/", {**typed(PolicyForm, DEFAULT), "act": "show"})
    assert (answer.status_code, PolicyVersion.objects.count()) == (302, 1)


def test_policy_is_saved_only_as_it_was_shown(client, noor):
    data = typed(PolicyForm, DEFAULT, decision="3h")
    shown = client.post("/manage/policy/", {**data, "act": "show"})
    mark = shown.context["form"]["previewed"].value()
    client.post("/manage/policy/", {**data, "decision": "2h", "previewed": mark, "act": "save"})
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("acknowledge_low", "soon", "This is not a working time. Write 30m, 4h or 5d."),
        ("acknowledge_low", "", "Write a working time, such as 30m, 4h or 5d."),
        ("contain_critical", "0h", "A step needs some time, and at most a year."),
        ("resolve_low", "9999d", "A step needs some time, and at most a year."),
        ("resolve_critical", "9d", "A critical case cannot have more time than a high one."),
        ("silence_high", "9d", "A high case cannot have more time than a normal one."),
        ("rung_2_at", "40", "Rungs rise: this one comes after the one above."),
        ("rung_1_to", [], "Say who hears on this rung."),
        ("rung_4_to", ["lead"], "Somewhere an overdue case must reach the council."),
        ("confirm_2", "2d", "The second reminder comes after the first."),
        ("confirm_docket", "6d", "The council is asked after the last reminder."),
        ("survey_open", "9", "The survey stays open until after the last reminder."),
        ("survey_remind_2", "4", "The second reminder comes after the first."),
        ("check_in_3", "60", "Each check-in comes after the one before."),
        ("gesture_manager", "-1", "This cannot be less than nothing."),
        ("gesture_manager", "90'000", "A lead may give at least as much as an account manager."),
        ("gesture_chair", "10", "The chair may give at least as much as a lead."),
        ("repeats_key", "1", "Ensure this value is greater than or equal to 2."),
    ],
)
def test_policy_refuses_nonsense_at_the_field(client, noor, field, value, message):
    answer = client.post("/manage/policy/", {**typed(PolicyForm, DEFAULT, **{field: value}), "act": "show"})
    assert (answer.status_code, PolicyVersion.objects.count()) == (422, 1)
    assert message in words(answer)
    assert list(answer.context["form"].errors) == ["gesture_lead" if message.startswith("A lead") else field]


def test_r6_second_saver_of_a_policy_sees_both_versions(client, noor):
    lena = user("admin", name="Lena Brandt")
    rulebook.save_policy(actor=lena, facts={**DEFAULT, "decision": {"*": "2h"}}, base=1, now=NOON)
    answer = client.post("/manage/policy/", {**typed(PolicyForm, DEFAULT, decision="6h"), "act": "save"})
    page = words(answer)
    assert (answer.status_code, PolicyVersion.objects.count()) == (409, 2)
    assert "Lena Brandt changed this while you were writing" in page
    assert "4h → 2h" in page and "4h → 6h" in page
    assert 'name="base" value="2"' in page and 'value="6h"' in page


def test_r6_version_over_an_older_one_is_refused_by_the_verb(noor):
    rulebook.save_policy(actor=noor, facts={**DEFAULT, "repeat_days": 60}, base=1, now=NOON)
    with pytest.raises(rulebook.Overtaken) as overtaken:
        rulebook.save_policy(actor=noor, facts=DEFAULT, base=1, now=NOON)
    assert overtaken.value.newest.number == 2


# The calendar


def test_calendar_form_reads_back_what_it_shows(noor):
    facts = {
        **defaults.OFFICE_HOURS,
        "holidays": ["2026-12-25"],
        "names": {"2026-12-25": "Christmas Day"},
        "special_hours": {"2026-12-24": [["08:00", "12:00"]]},
    }
    form = CalendarForm(typed(CalendarForm, facts), facts=facts, base=1)
    assert form.is_valid(), form.errors
    assert form.facts() == facts


def test_calendar_saved_is_a_new_version_in_force_for_new_cases(client, noor):
    facts = CalendarVersion.objects.get().facts
    data = typed(CalendarForm, facts, fri="8:00-12:00", holidays="2026-12-25 Christmas Day\n2027-01-01")
    assert save(client, "/manage/calendar/", data).status_code == 302
    version = opening.calendar_version()
    assert (version.number, version.facts["hours"]["fri"]) == (2, [["08:00", "12:00"]])
    assert version.facts["holidays"] == ["2026-12-25", "2027-01-01"]
    assert version.facts["names"] == {"2026-12-25": "Christmas Day"}


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        (dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ""), "mon", "This calendar has no opening hours."),
        ({"mon": "morning"}, "mon", "Write hours like 08:00–12:00, 13:00–17:00."),
        ({"tue": "17:00-08:00"}, "mon", "it must close after it opens"),
        ({"wed": "08:00-12:00, 11:00-13:00"}, "mon", "Two windows of one day overlap at 11:00."),
        ({"holidays": "Christmas"}, "holidays", "“Christmas” does not begin with a day like 2026-12-25."),
        ({"holidays": "2026-02-30"}, "holidays", "“2026-02-30” does not begin with a day like 2026-12-25."),
        ({"special": "2026-12-24 short"}, "special", "Write hours like 08:00–12:00, 13:00–17:00."),
        ({"zone": "Mars/Base"}, "zone", "Select a valid choice."),
    ],
)
def test_calendar_refuses_nonsense_at_the_field(client, noor, changed, field, message):
    data = typed(CalendarForm, CalendarVersion.objects.get().facts, **changed)
    answer = client.post("/manage/calendar/", {**data, "act": "show"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert message in words(answer)


def test_calendar_without_hours_is_refused_by_the_verb(noor):
    facts = {**defaults.OFFICE_HOURS, "hours": {}}
    with pytest.raises(Refused, match="no opening hours"):
        rulebook.save_calendar(actor=noor, facts=facts, base=1, now=NOON)


# Lists and rates


@pytest.mark.parametrize(("what", "model"), [("categories", Category), ("causes", CauseKind)])
def test_list_takes_new_renames_moves_and_retires(client, noor, what, model):
    url = f"/manage/lists/{what}/"
    client.post(url, {"name": "  Paint   work "})
    added = model.objects.get(name="Paint work")
    client.post(f"{url}{added.pk}/", {"act": "rename", "name": "Painting", "was": "Paint work"})
    client.post(f"{url}{added.pk}/", {"act": "up"})
    client.post(f"{url}{added.pk}/", {"act": "retire"})
    added.refresh_from_db()
    assert (added.name, added.retired) == ("Painting", True)
    assert list(model.objects.all())[-2] == added
    kinds = list(AdminEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [f"{what}_{act}" for act in ("added", "renamed", "moved", "retired")]


def test_list_refuses_a_name_it_holds_and_none(client, noor):
    for name, message in (("DELIVERY", "This name is on the list already"), (" ", "Give it a name.")):
        answer = client.post("/manage/lists/categories/", {"name": name})
        assert answer.status_code == 422
        assert message in words(answer)


def test_r6_entry_renamed_meanwhile_is_refused_with_both_names(client, noor):
    entry = Category.objects.get(name="Delivery")
    taxonomy.rename(what="categories", actor=noor, entry=entry, name="Transport", was="Delivery", now=NOON)
    url = f"/manage/lists/categories/{entry.pk}/"
    answer = client.post(url, {"act": "rename", "name": "Shipping", "was": "Delivery"})
    assert answer.status_code == 422
    assert "Somebody renamed this to “Transport” meanwhile." in words(answer)
    assert 'value="Shipping"' in words(answer)


def test_category_renamed_is_found_by_its_new_name(noor):
    entry = Category.objects.get(name="Delivery")
    held = case(category=entry)
    Chain.objects.filter(case=held).update(indexed_seq=5)
    taxonomy.rename(what="categories", actor=noor, entry=entry, name="Transport", was="Delivery", now=NOON)
    assert Chain.objects.get(case=held).indexed_seq == 0


def test_last_entry_offered_is_not_retired(noor):
    last = Category.objects.first()
    Category.objects.exclude(pk=last.pk).update(retired=True)
    with pytest.raises(Refused, match="the last one offered"):
        taxonomy.retire(what="categories", actor=noor, entry=last, retired=True, now=NOON)


def test_rate_is_entered_in_millionths_and_corrected_for_the_same_day(client, noor, clock):
    for worth in ("0,95", "0.94"):
        client.post("/manage/rates/", {"currency": "eur", "worth": worth, "on": "2026-03-01"})
    assert list(Rate.objects.values_list("currency", "on", "micros")) == [("EUR", date(2026, 3, 1), 940_000)]
    assert "0.94" in words(client.get("/manage/rates/"))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"currency": "CHF"}, "This is the installation&#x27;s own currency; it is worth itself."),
        ({"currency": "Euro"}, "Write the three letters of the currency, such as EUR."),
        ({"worth": "0"}, "One unit is worth more than nothing."),
        ({"worth": "x"}, "This is not a number."),
        ({"on": "2027-01-01"}, "This day is still to come."),
    ],
)
def test_rate_that_cannot_be_is_refused_at_its_field(client, noor, clock, changed, message):
    answer = client.post("/manage/rates/", {"currency": "EUR", "worth": "0.94", "on": "2026-03-01", **changed})
    assert (answer.status_code, Rate.objects.count()) == (422, 0)
    assert message in words(answer)


def test_rate_taxonomy_keeps_six_decimals(noor):
    rate = taxonomy.enter_rate(actor=noor, currency="JPY", on=NOON.date(), worth=Decimal("0.0058124"), now=NOON)
    assert rate.micros == 5812
