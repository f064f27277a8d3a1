"""A page where anybody reports a problem, if the installation wants one: no account, no riddle, a person reads it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mail import blobs
from surveys import languages, limits, reporting
from surveys.doors import customer_page
from surveys.forms import ReportForm


@customer_page("GET", "HEAD", "POST", halfway=True)
def page(request: HttpRequest) -> HttpResponse:
    """Show the form; take a report into the intake. A machine that fills in what nobody sees is thanked alike."""
    _switched_on()
    if request.method != "POST" or languages.asked_for(request):
        return _show(request, ReportForm.of(request.POST))
    form = ReportForm(request.POST, request.FILES)
    if not limits.may_report(request):
        form.add_error(None, _("That was a lot at once. Please wait an hour, or write us an e-mail."))
    if not form.is_valid():
        return _show(request, form, status=422)
    if not form.cleaned_data["website"]:
        reporting.take(report=_report(form.cleaned_data), now=timezone.now())
    return redirect("surveys:report_thanks")


@customer_page("GET", "HEAD", "POST")
def thanks(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    _switched_on()
    return render(request, "surveys/report_thanks.html", {"back": request.path})


def _show(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "surveys/report.html", {"form": form, "back": request.path}, status=status)


def _switched_on() -> None:
    if not settings.REPORT_PAGE:
        raise Http404


def _report(said: dict[str, Any]) -> reporting.Report:
    files = [(blobs.shown_name(one.name), blobs.check(one).content_type, _bytes(one)) for one in said["files"]]
    given = {name: said[name] for name in ("name", "company", "email", "phone", "text", "remedy")}
    return reporting.Report(**given, files=files)


def _bytes(upload: Any) -> bytes:
    upload.seek(0)
    return upload.read()
