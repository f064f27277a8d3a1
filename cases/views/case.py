"""The case page."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import fast_lane, principles
from cases.models import Case
from cases.queries import case_page, clocks, standing, watch
from cases.queries import eight_d as reports
from cases.queries.case_page import TABS, Page
from cases.queries.step_panel import panel
from cases.views import tabs


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case: `?step=` chooses the panel, `?tab=` what lies under it, `?write=` opens the composer."""
    return show(request, pk)


def show(
    request: HttpRequest,
    pk: int,
    *,
    step: int | None = None,
    bound: dict[str, Form] | None = None,
    status: int = 200,
    tab: str = "",
    record: dict[str, Form] | None = None,
) -> HttpResponse:
    """Render the case page. `bound` replaces forms of the panel, `record` those of the tab, each by its name."""
    page = case_page.read(request.user, pk, now=timezone.now())
    number = step or _number(request, page)
    shown = tab or _chosen(request.GET.get("tab"), TABS)
    step_panel = _panel(page, number, bound or {})
    given = tabs.Given(request.GET, step_panel["needs"].drafts, record or {})
    context = {**_standing(page), **tabs.context(page, shown, given), "panel": step_panel, "number": number}
    return render(request, "cases/case.html", context, status=status)


@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole record on one page, as it goes to paper."""
    page = case_page.read(request.user, pk, now=timezone.now())
    return render(request, "cases/print.html", {**_standing(page), **tabs.everything(page)})


@require_safe
def eight_d(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the 8D report of a case on one page, as it goes to paper."""
    page = case_page.read(request.user, pk, now=timezone.now())
    shown = {"report": reports.report(page), "page": page, "case": page.case, "now": page.now, "nav": "cases"}
    return render(request, "cases/eight_d.html", shown)


def _standing(page: Page) -> dict[str, Any]:
    """What stands around the panel: head, strip, rail, lights, people."""
    return {
        "page": page,
        "case": page.case,
        "now": page.now,
        "nav": "cases",
        "rail": standing.rail(page),
        "deadline": standing.next_deadline(page.case),
        "acknowledged": standing.acknowledged(page),
        "watch": watch.of_case(page.sums["check_ins"], page.now),
        "lights": principles.lights(standing.pulse(page)),
        "three": clocks.three(page),
        "why_next": clocks.why_of_next(page),
        "lane": _lane(page.case),
    }


def _lane(case: Case) -> dict[str, str] | None:
    """Whether a small matter may take the fast lane, or why not; None where it does not come into question."""
    if fast_lane.closed_because(case):
        return None
    return {"why_not": fast_lane.repeat_because(fast_lane.earlier(case))}


def _panel(page: Page, number: int, bound: dict[str, Form]) -> dict[str, Any]:
    shown = panel(page.case, number, page.user, page.now)
    shown["forms"].update(bound)
    shown["clock"] = page.steps[number].clock if number in page.steps else {}
    return shown


def _number(request: HttpRequest, page: Page) -> int:
    """The step asked for, else the first one still to be done."""
    asked = request.GET.get("step", "")
    return int(asked) if asked in map(str, range(1, 10)) else page.current


def _chosen(asked: str | None, among) -> str:
    return asked if asked in among else among[0]
