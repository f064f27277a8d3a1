"""The case page: what stands on it, who sees what, how many statements it costs (promises P2, S2)."""

from datetime import timedelta

import pytest
from django.template.loader import get_template

from cases import actions, editing, entries, escalation, facts, promises
from cases.enums import ActionKind, EntryKind, EscalationReason, PromiseKind, Side
from cases.models import Case, Step
from cases.queries import case_page
from cases.steps import resolve, root_cause
from cases.timeline import Kind
from cases.wording import blocks_of
from tests import builders
from tests.builders import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_hours_later")]
HOUR = timedelta(hours=1)
TABS = ("timeline", "discovery", "facts", "promises", "actions", "files")
MOST = 14


@pytest.fixture
def owner(led):
    return led


@pytest.fixture
def case(critical):
    return critical


def page_of(case: Case, user, *, at=NOON + 3 * HOUR) -> case_page.Page:
    return case_page.read(user, case.pk, now=at)


def fill(case: Case, owner, times: int) -> None:
    """Write a lot into the record of a case."""
    for turn in range(times):
        now = NOON + HOUR + timedelta(minutes=turn)
        entries.add_entry(case=case, actor=owner, kind=EntryKind.CALL, text="Called", now=now, contact=case.reporter)
        facts.add_fact(case=case, actor=owner, side=Side.OURS, text="So", source="x", verified=True, now=now)
        promises.make_promise(
            case=case, actor=owner, kind=PromiseKind.RECOVERY, text="p", due_at=NOON + 99 * HOUR, now=now
        )
        actions.plan_action(
            case=case,
            actor=owner,
            kind=ActionKind.IMMEDIATE,
            text="a",
            owner=owner,
            due_at=NOON + 99 * HOUR,
            now=now,
        )


# What every page shows


def test_case_page_shows_head_complaint_and_steps(client, owner, case):
    client.force_login(owner)
    html = client.get(case.get_absolute_url()).content.decode()
    assert f"<h1>{case.title}</h1>" in html
    assert '<blockquote class="words">This is the third time this year.</blockquote>' in html
    assert "Step 2 · Contain" in html
    assert html.count("<li data-state=") >= 9


def test_case_page_opens_the_step_asked_for(client, owner, case):
    client.force_login(owner)
    answer = client.get(case.get_absolute_url() + "?step=5")
    assert (answer.context["number"], answer.context["panel"]["step"].number) == (5, 5)


@pytest.mark.parametrize("step", ["0", "10", "x", "", "²"])
def test_case_page_falls_back_to_the_first_open_step(client, owner, case, step):
    client.force_login(owner)
    assert client.get(case.get_absolute_url(), {"step": step}).context["number"] == 2


@pytest.mark.parametrize("before", ["0", "abc", "99999999999999999999", "-1"])
def test_case_page_survives_an_odd_place_in_the_timeline(client, owner, case, before):
    client.force_login(owner)
    assert client.get(case.get_absolute_url(), {"before": before}).context["tab"] == "timeline"


def test_case_page_of_a_case_just_logged_asks_for_the_remedy(client, owner):
    case = builders.case(owner=owner, remedy=None)
    client.force_login(owner)
    html = client.get(case.get_absolute_url(), {"step": 2}).content.decode()
    assert "Nobody has asked yet what will make it right." in html


def test_case_page_of_history_has_no_steps(client, owner):
    case = builders.case(owner=owner)
    Step.objects.filter(case=case).delete()
    Case.objects.filter(pk=case.pk).update(historical=True)
    client.force_login(owner)
    html = client.get(case.get_absolute_url()).content.decode()
    assert html.count("before Goldseam") == 9


def test_case_page_escapes_what_people_wrote(client, owner):
    case = builders.case(owner=owner, text="<script>alert(1)</script>", title="<b>x</b>", remedy="<i>now</i>")
    client.force_login(owner)
    html = client.get(case.get_absolute_url()).content.decode()
    assert [raw for raw in ("<script>alert(1)", "<b>x</b>", "<i>now</i>") if raw in html] == []


# Who sees it


def test_confidential_case_is_no_case_for_outsiders(client, owner):
    case = builders.case(owner=owner, sensitive=True)
    client.force_login(builders.user("manager"))
    assert client.get(case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("tab", TABS)
def test_auditor_reads_every_tab_and_gets_no_form(client, case, tab):
    client.force_login(builders.user("auditor"))
    html = client.get(case.get_absolute_url(), {"tab": tab}).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert "<form" not in main
    assert "Escalate" not in main


# What it costs


@pytest.mark.parametrize("tab", TABS)
def test_case_page_costs_at_most_fourteen_statements_however_long(
    client, owner, case, tab, django_assert_max_num_queries, django_assert_num_queries
):
    """P2: a case with one row of everything and one with thirty cost the same."""
    client.force_login(owner)
    fill(case, owner, 1)
    client.get(case.get_absolute_url(), {"tab": tab})
    with django_assert_max_num_queries(MOST) as few:
        client.get(case.get_absolute_url(), {"tab": tab})
    fill(case, owner, 30)
    with django_assert_num_queries(len(few)):
        client.get(case.get_absolute_url(), {"tab": tab})


@pytest.mark.parametrize("step", range(1, 10))
def test_case_page_costs_at_most_fourteen_statements_at_every_step(
    client, owner, case, step, django_assert_max_num_queries
):
    client.force_login(owner)
    builders.ready_to_offer(case, now=NOON + HOUR)
    resolve.offer(case=case, actor=owner, text="Forty by courier", now=NOON + HOUR)
    root_cause.link(case=case, actor=owner, title="One carrier", now=NOON + HOUR)
    escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=NOON + HOUR)
    client.get(case.get_absolute_url(), {"step": step})
    with django_assert_max_num_queries(MOST):
        client.get(case.get_absolute_url(), {"step": step, "write": "email", "confirm": 1})


# The timeline


def test_every_kind_of_event_has_its_sentence():
    assert set(Kind.values) == set(blocks_of(get_template("cases/events.html").template))


def test_timeline_pages_by_number(client, owner, case):
    fill(case, owner, 20)
    client.force_login(owner)
    first = client.get(case.get_absolute_url()).context
    second = client.get(case.get_absolute_url(), {"before": first["older"]}).context
    seqs = [one.event.seq for one in (*first["events"], *second["events"])]
    assert seqs == list(range(seqs[0], 0, -1))
    assert (len(first["events"]), second["older"]) == (50, None)


def test_timeline_asks_to_confirm_what_was_only_said(client, owner, case):
    client.force_login(owner)
    html = client.get(case.get_absolute_url()).content.decode()
    assert html.count("confirm in writing") == 1


def test_a_letter_of_ours_confirms_what_was_said_before(client, owner, case):
    entries.add_entry(
        case=case,
        actor=owner,
        kind=EntryKind.EMAIL,
        text="As we said",
        now=NOON + 2 * HOUR,
        contact=case.reporter,
        subject="What we said",
    )
    client.force_login(owner)
    html = client.get(case.get_absolute_url()).content.decode()
    assert html.count("confirm in writing") == 0


def test_timeline_names_who_got_the_case(client, owner, case):
    editing.assign(case=case, actor=owner, owner=builders.user(name="Ida Roth"), now=NOON + HOUR)
    client.force_login(owner)
    html = client.get(case.get_absolute_url()).content.decode()
    assert "<b>Marta Keller</b> gave the case to <b>Ida Roth</b>" in html


def test_print_page_holds_the_whole_record(client, owner, case):
    fill(case, owner, 1)
    client.force_login(owner)
    html = client.get(case.get_absolute_url() + "print/").content.decode()
    assert "Is it contained, so that it cannot get worse?" in html
    assert "This is the third time this year." in html
    assert "<form" not in html[html.index("<main") : html.index("</main>")]
