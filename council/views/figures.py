"""The pages of figures, and what stands behind a number."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import access
from council.choosing import Choosing, names_of
from council.figures import beside, catalogue, counting, lines, pareto
from council.figures import holding as hold
from council.figures import statement as statements
from council.figures import value as values
from council.figures.asked import COLUMNS, Asked, may_compare_owners
from council.figures.measures import Measure
from council.figures.overview import overview
from council.figures.replica import reads_copy
from council.periods import stretch
from council.queries import counted
from mail.pages import page_of


@require_safe
@reads_copy
def figures(request: HttpRequest) -> HttpResponse:
    """Show all figures of a period beside the one before."""
    asked, shown = question(request, "figures")
    return render(request, "council/figures/page.html", {**shown, "overview": overview(asked)})


@require_safe
@reads_copy
def counted_rows(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how a figure is counted, its sum, and exactly the rows it counts; `?part=` shows some of them."""
    measure, part = _measure(slug, request.GET.get("part", ""))
    asked, shown = question(request, "")
    person = request.GET.get("person", "") if shown["compares_owners"] else ""
    found = counted.of_person(counted.rows(asked, measure, part), measure, person)
    page = page_of(found, request.GET)
    about = counted.about(asked, measure, part, page.rows)
    kept = {"part": part} if part else {}
    more = {"page": page, "counted": about, "kept": kept, "part_more": f"&part={part}", "person": person}
    if shown["compares_owners"]:
        more["people"] = counted.by_person(asked, measure, part)
    return render(request, "council/figures/counted.html", {**shown, **more})


def _measure(slug: str, part: str) -> tuple[Measure, str]:
    """Return a measure and the name of one of its parts. Raise Http404 where there is none."""
    measure = catalogue.MEASURES.get(slug)
    if measure is None or (part and measure.part(part) is None):
        raise Http404
    return measure, part


def question(request: HttpRequest, tab: str) -> tuple[Asked, dict[str, Any]]:
    """Return what is asked, and what every page of figures shows around the answer."""
    now = timezone.now()
    form = Choosing(request.GET, reader=request.user)
    asked = form.asked(now)
    return asked, {
        "asked": asked,
        "form": form,
        "tab": tab,
        "compares_owners": may_compare_owners(request.user),
        "home_currency": settings.HOME_CURRENCY,
        "nav": "council",
        "now": now,
    }


@require_safe
@reads_copy
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Show some figures by team, category, tier, severity, or by owner for those who may compare owners."""
    asked, shown = question(request, "beside")
    by = request.GET.get("by", "team")
    if by not in COLUMNS:
        raise Http404
    if by == "owner":
        if not shown["compares_owners"]:
            raise PermissionDenied("Figures by owner are for team leads and the council.")
        asked = asked if request.user.on_council else asked.with_filter(team=request.user.team_id)
    groups = beside.beside(asked, by, names_of(shown["form"], by))
    more = {
        "groups": groups,
        "by": by,
        "columns": beside.NAMES,
        "measures": beside.SHOWN,
        "kept": {"by": by},
        "by_more": f"&by={by}",
    }
    return render(request, "council/figures/beside.html", {**shown, **more})


@require_safe
@reads_copy
def value(request: HttpRequest) -> HttpResponse:
    """Show value saved, lost and at stake, renewals to come, and the rates behind it."""
    asked, shown = question(request, "value")
    worths = values.worths(asked, [asked.period, asked.before])
    more = {
        "rows": values.rows(asked, worths),
        "renewals": values.renewals(asked),
        "rates": values.rates(asked),
    }
    return render(request, "council/figures/value.html", {**shown, **more})


@require_safe
@reads_copy
def causes(request: HttpRequest) -> HttpResponse:
    """Show causes by value or by count, whether they came back, checks, exposures and changes."""
    asked, shown = question(request, "causes")
    by_count = request.GET.get("weigh") == "count"
    both = [asked.period, asked.before]
    read = counting.read(asked, counting.pairs(catalogue.LEARNING, both))
    more = {
        "bars": [(bar, asked.with_filter(**dict([bar.filter]))) for bar in pareto.bars(asked, by_count=by_count)],
        "by_count": by_count,
        "lines": [lines.line(asked, read, measure) for measure in catalogue.LEARNING],
        "kept": {"weigh": "count"} if by_count else {},
    }
    return render(request, "council/figures/causes.html", {**shown, **more})


@require_safe
@reads_copy
def holding(request: HttpRequest) -> HttpResponse:
    """Show whether the repaired hold, beside customers without a case."""
    asked, shown = question(request, "holding")
    groups = hold.groups(asked)
    more = {"groups": groups, "conclusion": hold.conclusion(groups), "few": hold.FEW}
    return render(request, "council/figures/holding.html", {**shown, **more})


@require_safe
@reads_copy
def held_by(request: HttpRequest, fate: str) -> HttpResponse:
    """List exactly the customers of one group."""
    if fate not in list(hold.Fate):
        raise Http404
    asked, shown = question(request, "")
    rows = hold.listed(asked, hold.Fate(fate))
    more = {"rows": rows, "name": hold.NAMES[hold.Fate(fate)]}
    return render(request, "council/figures/customers.html", {**shown, **more})


@require_safe
@reads_copy
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the recovery statement of a customer: `?for=renewal` or a period; `?reader=customer` without our money."""
    customer = access.customer_for(request.user, pk)
    asked, shown = question(request, "")
    is_renewal = request.GET.get("for") == "renewal"
    if is_renewal:
        first, last = statements.contract(customer, asked.today)
        asked = asked.about(stretch(first, last, asked.zone))
    more = {
        "statement": statements.statement(asked, customer),
        "customer": customer,
        "is_renewal": is_renewal,
        "time": "for=renewal" if is_renewal else asked.query(),
        "for_them": request.GET.get("reader") == "customer",
    }
    return render(request, "council/figures/statement.html", {**shown, **more, "asked": asked})
