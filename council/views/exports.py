"""Tables of the figures as files, and the printed report."""

import tempfile
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.refusals import Refused
from council import exporting
from council.figures import catalogue, files, lines, pareto
from council.figures import counting as count
from council.figures import holding as hold
from council.figures import value as values
from council.figures.overview import overview
from council.figures.replica import reads_copy
from council.figures.tables import Table
from council.models import Export, ExportState
from council.views.figures import question

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, what: str, kind: str) -> HttpResponseBase:
    """Hand out a table as CSV, streamed, or as a workbook; a large workbook is made in the background on POST."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    table = _table(request, what)
    name = f"{table.name}-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "csv":
        answer = StreamingHttpResponse(files.csv_lines(table), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    if table.count <= exporting.AT_ONCE:
        return FileResponse(_workbook(table), as_attachment=True, filename=name, content_type=XLSX)
    if request.method == "POST":
        asked = exporting.ask(reader=request.user, what=what, given=request.GET, now=timezone.now())
        return redirect("council:export_progress", pk=asked.pk)
    shown = {"table": table, "what": what, "nav": "council", "now": timezone.now()}
    return render(request, "council/figures/large.html", shown)


def _table(request: HttpRequest, what: str) -> Table:
    try:
        return exporting.table(reader=request.user, what=what, given=request.GET, now=timezone.now())
    except KeyError:
        raise Http404 from None
    except Refused as refused:
        raise PermissionDenied(refused.message) from refused


def _workbook(table: Table):
    """Return an open temporary file that is gone once it is closed."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as kept:
        path = Path(kept.name)
    try:
        files.write_xlsx(table, path)
        return path.open("rb")
    finally:
        path.unlink()


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a file is, to the one who asked for it."""
    asked = get_object_or_404(Export, pk=pk, asked_by=request.user)
    shown = {"export": asked, "nav": "council", "now": timezone.now()}
    return render(request, "council/figures/progress.html", shown)


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a file that is ready, to the one who asked for it."""
    asked = get_object_or_404(Export, pk=pk, asked_by=request.user, state=ExportState.READY)
    try:
        file = asked.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=asked.file_name, content_type=XLSX)


@require_safe
@reads_copy
def report(request: HttpRequest) -> HttpResponse:
    """Show everything on paper: figures, value, causes, whether the repaired hold, each with its definition."""
    asked, shown = question(request, "")
    both = [asked.period, asked.before]
    read = count.read(asked, count.pairs(catalogue.LEARNING, both))
    groups = hold.groups(asked)
    more = {
        "overview": overview(asked),
        "rows": values.rows(asked, values.worths(asked, both)),
        "bars": [(bar, asked.with_filter(**dict([bar.filter]))) for bar in pareto.bars(asked)],
        "learning": [lines.line(asked, read, measure) for measure in catalogue.LEARNING],
        "groups": groups,
        "conclusion": hold.conclusion(groups),
        "few": hold.FEW,
        "measures": list(catalogue.MEASURES.values()),
    }
    return render(request, "council/figures/report.html", {**shown, **more})
