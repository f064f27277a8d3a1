"""The registers of causes and changes, the page of a cause, and the check whether it works."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from cases import actions, checks
from cases.enums import ActionKind, CheckResult, WhyChain
from cases.models import CaseCause, Cause, Change, Check, Due, Event, Exposure
from cases.refusals import Refused
from cases.steps import root_cause
from mail.models import Notice
from tests.builders import NOON, case, customer, user
from tests.reading import words

pytestmark = pytest.mark.django_db

SOON = NOON + timedelta(days=30)


def cause_of(owner: User, checker: User, *, title: str = "Carrier hand-over without a scan", of=None) -> Cause:
    """Make a suspected cause with both chains, a corrective action and a check."""
    held = of or case(owner=owner)
    cause = root_cause.link(case=held, actor=owner, title=title, now=NOON)
    for chain in WhyChain:
        root_cause.write_whys(case=held, cause=cause, actor=owner, chain=chain, answers=[f"Because {chain}"], now=NOON)
    about = {"kind": ActionKind.CORRECTIVE, "text": "Scan at the gate", "owner": owner, "due_at": SOON}
    actions.plan_action(case=held, cause=cause, actor=owner, now=NOON, **about)
    planned = {"criterion": "Three months without a lost box", "due_at": SOON, "checker": checker}
    root_cause.plan_check(case=held, cause=cause, actor=owner, now=NOON, **planned)
    return cause


@pytest.fixture
def people(client):
    """The owner of a cause, who is signed in, and somebody who checks."""
    owner, checker = user("manager", name="Marta Keller"), user("quality", name="Sven Baum")
    client.force_login(owner)
    return owner, checker


@pytest.mark.parametrize(("result", "passed"), [("passed", True), ("failed", False)])
def test_check_is_settled_with_words_its_clock_stops_and_the_case_has_the_event(people, result, passed):
    owner, checker = people
    check = cause_of(owner, checker).checks.get()
    checks.settle_check(check=check, actor=checker, passed=passed, note="Not one box lost", now=SOON)
    check.refresh_from_db()
    event = Event.objects.order_by("-seq").first()
    assert (check.result, check.checked_at) == (result, SOON)
    assert (event.kind, event.facts["result"], event.words.text) == ("checked", result, "Not one box lost")
    assert Due.objects.get(kind="check", ref=check.pk).closed_at == SOON


def test_check_that_failed_rings_the_owner_of_the_cause_and_no_bell_when_it_passed(people):
    owner, checker = people
    for passed in (True, False):
        check = cause_of(owner, checker).checks.get()
        checks.settle_check(check=check, actor=checker, passed=passed, note="I looked", now=SOON)
    rung = Notice.objects.filter(kind="check_failed")
    assert list(rung.values_list("user", "key")) == [(owner.pk, f"check-{check.pk}")]


@pytest.mark.parametrize("note", ["", "  "])
def test_check_without_words_is_refused(people, note):
    owner, checker = people
    check = cause_of(owner, checker).checks.get()
    with pytest.raises(Refused, match="Say what you saw"):
        checks.settle_check(check=check, actor=checker, passed=True, note=note, now=SOON)


def test_check_by_an_owner_of_an_action_is_refused(people):
    owner, checker = people
    check = cause_of(owner, checker).checks.get()
    with pytest.raises(Refused, match="You own one of the actions"):
        checks.settle_check(check=check, actor=owner, passed=True, note="Fine", now=SOON)


def test_check_settled_twice_is_refused(people):
    owner, checker = people
    check = cause_of(owner, checker).checks.get()
    checks.settle_check(check=check, actor=checker, passed=False, note="Two lost", now=SOON)
    with pytest.raises(Refused, match="has its result already"):
        checks.settle_check(check=check, actor=checker, passed=True, note="Fine", now=SOON)


def test_check_is_planned_anew_with_a_clock(people):
    owner, checker = people
    cause = cause_of(owner, checker)
    later = SOON + timedelta(days=60)
    check = checks.plan_next(cause=cause, actor=owner, criterion="None", due_at=later, checker=checker, now=SOON)
    due = Due.objects.get(kind="check", ref=check.pk)
    assert (due.due_at, due.owner_id, due.closed_at) == (later, checker.pk, None)


def test_cause_page_shows_chains_actions_checks_and_takes_the_result(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    client.force_login(checker)
    page = words(client.get(f"/learnings/{cause.pk}/"))
    for text in ("Because occurrence", "Because escape", "Scan at the gate", "Three months without a lost box"):
        assert text in page
    check = cause.checks.get()
    client.post(f"/learnings/{cause.pk}/checks/{check.pk}/", {"result": "failed", "note": "Two boxes lost"})
    page = words(client.get(f"/learnings/{cause.pk}/"))
    assert '<span class="pill" data-state="late">it did not work</span>' in page
    assert "<blockquote>Two boxes lost</blockquote>" in page


def test_result_without_words_stays_at_its_field(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    client.force_login(checker)
    answer = client.post(f"/learnings/{cause.pk}/checks/{cause.checks.get().pk}/", {"result": "passed", "note": ""})
    assert answer.status_code == 422
    assert "Say what you saw." in words(answer)


def test_result_by_somebody_else_is_refused(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    answer = client.post(f"/learnings/{cause.pk}/checks/{cause.checks.get().pk}/", {"result": "passed", "note": "ok"})
    assert (answer.status_code, Check.objects.get().result) == (403, CheckResult.PENDING)


def test_further_change_stands_in_the_register_and_on_every_case(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    other = case(owner=owner, severity="low")
    root_cause.link(case=other, actor=owner, cause=cause, now=NOON)
    typed = {"what": "Gate scanners", "where": "PR-12", "owner": owner.pk, "since_on": "2026-11-01"}
    assert client.post(f"/learnings/{cause.pk}/changes/", typed).status_code == 302
    change = Change.objects.get()
    assert (change.where, change.since_on, change.cause) == ("PR-12", date(2026, 11, 1), cause)
    assert Event.objects.filter(kind="change_adopted", facts__change=change.pk).count() == 2
    assert "Gate scanners" in words(client.get("/learnings/?shown=changes"))


def test_action_of_a_cause_is_marked_done_by_its_owner_only(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    action = cause.actions.get()
    client.force_login(user("manager"))
    assert client.post(f"/learnings/{cause.pk}/actions/{action.pk}/").status_code == 403
    client.force_login(owner)
    client.post(f"/learnings/{cause.pk}/actions/{action.pk}/")
    action.refresh_from_db()
    assert action.done_by == owner


def test_auditor_reads_a_cause_and_changes_nothing(client, people):
    cause = cause_of(*people)
    client.force_login(user("auditor"))
    page = words(client.get(f"/learnings/{cause.pk}/"))
    assert cause.title in page and "Enter a change" not in page and "Plan one more check" not in page
    assert client.post(f"/learnings/{cause.pk}/changes/", {}).status_code == 403


def test_register_counts_what_belongs_to_each_cause(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    for state in ("open", "safe", "told"):
        Exposure.objects.create(cause=cause, customer=customer(), state=state, listed_at=NOON)
    row = client.get("/learnings/").context["page"].rows[0]
    counted = (row.cases_count, row.exposed, row.looked_at, row.actions_open, row.check_due, row.failed, row.adopted)
    assert counted == (1, 3, 2, 1, SOON, 0, 0)


def test_register_counts_no_case_the_reader_may_not_see(client, people):
    owner, checker = people
    held = case(owner=owner, sensitive=True)
    cause = cause_of(owner, checker, of=held)
    root_cause.link(case=case(owner=owner), actor=owner, cause=cause, now=NOON)
    client.force_login(user("manager"))
    assert client.get("/learnings/").context["page"].rows[0].cases_count == 1
    assert f"RC-{held.pk}" not in words(client.get(f"/learnings/{cause.pk}/"))


def test_register_narrows_by_state_words_and_overdue_check(client, people, clock):
    owner, checker = people
    cause_of(owner, checker, title="Wrong label")
    Cause.objects.create(title="Late paint", state="proved", found_at=NOON, owner=owner)
    for asked, title in (("state=proved", "Late paint"), ("q=LABEL", "Wrong label"), ("check=late", "Wrong label")):
        clock.move_to(SOON + timedelta(days=1))
        client.force_login(owner)
        assert [row.title for row in client.get(f"/learnings/?{asked}").context["page"].rows] == [title]


def test_p2_registers_cost_the_same_at_one_and_at_thirty_rows(client, people, django_assert_num_queries):
    owner, _ = people
    for count in (1, 29):
        for _ in range(count):
            cause = Cause.objects.create(title="Late paint", found_at=NOON, owner=owner)
            held = case(owner=owner, severity="low")
            CaseCause.objects.create(case=held, cause=cause, at=NOON)
            Change.objects.create(cause=cause, words=held.words.first(), where="PR", owner=owner, since_on=NOON.date())
        for url in ("/learnings/", "/learnings/?shown=changes"):
            with django_assert_num_queries(4):  # session, person, rows, bell
                client.get(url)


def test_p2_cause_page_costs_the_same_at_one_and_at_thirty_rows(client, people, django_assert_num_queries):
    owner, checker = people
    cause = cause_of(owner, checker)
    for count in (1, 29):
        for _ in range(count):
            CaseCause.objects.create(case=case(owner=owner, severity="low"), cause=cause, at=NOON)
            Exposure.objects.create(cause=cause, customer=customer(), listed_at=NOON, owner=owner)
        with django_assert_num_queries(12):
            client.get(f"/learnings/{cause.pk}/")
