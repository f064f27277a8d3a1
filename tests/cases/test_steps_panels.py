"""The panels: what each shows where the step stands, and that each costs at most four statements."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts import drafts
from cases import access, actions
from cases.enums import ActionKind, StepNumber, WhyChain
from cases.models import Link
from cases.queries import case_page
from cases.queries.step_panel import panel
from cases.steps import learnings, resolve, root_cause
from cases.views.steps import WITH
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def shown(case, number, user=None, now=NOON + HOUR):
    """Return the markup of a panel as somebody sees it."""
    user = user or case.owner
    fresh = access.case_for(user, case.pk, select=WITH)
    context = {"panel": panel(fresh, number, user, now), "page": case_page.read(user, case.pk, now=now), "now": now}
    return render_to_string("cases/steps/_panel.html", context, request=RequestFactory().get("/"))


def full(owner, colleague, rows):
    """Return a case with `rows` rows of everything a panel lists."""
    case = builders.ready_to_offer(builders.acknowledged(builders.case(owner=owner)), now=NOON)
    lot = Link.objects.create(kind="lot", name=f"L-{case.pk}")
    case.links.add(lot)
    cause = root_cause.link(case=case, actor=owner, now=NOON, title="Carrier hand-over without a scan")
    for chain in WhyChain:
        whys = ["Nobody scanned"] * rows
        root_cause.write_whys(case=case, cause=cause, actor=owner, chain=chain, answers=whys, now=NOON)
    for _ in range(rows):
        lot.customers.add(builders.customer())
        drafts.keep(user=owner, key=f"case-{case.pk}-x-{_}", body={"text": "half"}, now=NOON)
        contained = plan(case, owner)
        plan(case, owner, cause=cause)
        actions.finish_action(action=contained, actor=owner, now=NOON)
        root_cause.plan_check(
            case=case,
            cause=cause,
            actor=owner,
            criterion="No late hand-over",
            due_at=NOON + timedelta(days=60),
            checker=colleague,
            now=NOON,
        )
    learnings.sweep(case=case, cause=cause, actor=owner, now=NOON)
    resolve.offer(case=case, actor=owner, text="Forty housings by courier", now=NOON)
    return case


def plan(case, owner, cause=None):
    kind, text = (ActionKind.CORRECTIVE if cause else ActionKind.CONTAINMENT), "Scan at the gate"
    facts = {"case": case, "actor": owner, "owner": owner, "cause": cause, "now": NOON}
    return actions.plan_action(kind=kind, text=text, due_at=NOON + HOUR, **facts)


@pytest.mark.parametrize("rows", [1, 8])
def test_panel_costs_at_most_four_statements_however_many_rows(rows, django_assert_max_num_queries):
    owner = builders.user(name="Marta Keller")
    case = full(owner, builders.user(name="Sven Baum"), rows)
    fresh, page = access.case_for(owner, case.pk, select=WITH), case_page.read(owner, case.pk, now=NOON + HOUR)
    for number in StepNumber:
        with django_assert_max_num_queries(4):
            made = panel(fresh, number, owner, NOON + HOUR)
            render_to_string("cases/steps/_panel.html", {"panel": made, "page": page, "now": NOON + HOUR})


def test_panel_has_one_primary_button_at_most():
    owner = builders.user()
    for case in (builders.case(owner=owner), full(owner, builders.user(), 2)):
        assert [shown(case, number).count('data-look="primary"') > 1 for number in StepNumber] == [False] * 9


def test_panel_of_somebody_who_only_reads_has_no_form():
    case = full(builders.user(of=builders.team()), builders.user(), 1)
    auditor = builders.user("auditor")
    pages = [shown(case, number, user=auditor) for number in StepNumber]
    assert ["<form" in page for page in pages] == [False] * 9
    assert ["You can read this case." in page for page in pages] == [False] + [True] * 8
