"""What the views of the case page share: the door to a case, and the way back to it."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from cases import access
from cases.forms.taking import took
from cases.models import Case
from cases.queries.case_page import SELECT, Rights, rights_of

__all__ = ["SeeOther", "back", "case_to_work", "case_with", "took"]


class SeeOther(HttpResponseRedirect):
    """Go and read there: 303, so that reloading sends nothing again."""

    status_code = 303


def case_to_work(request: HttpRequest, pk: int) -> Case:
    """Return a case this person may write on. Raise Http404 if unseen, PermissionDenied if only to be read."""
    return case_with(request, pk, lambda rights: rights.work)


def case_with(request: HttpRequest, pk: int, allowed: Callable[[Rights], bool]) -> Case:
    """Return a case on which this person has a right. Raise Http404 if unseen, PermissionDenied without the right."""
    case = access.case_for(request.user, pk, select=SELECT)
    if not allowed(rights_of(request.user, case)):
        raise PermissionDenied
    return case


def back(request: HttpRequest, case: Case, *, tab: str = "", place: str = "") -> HttpResponse:
    """Lead back to the case page, on `tab`, to the place with that id; also out of a dialog."""
    url = case.get_absolute_url() + (f"?tab={tab}" if tab else "") + (f"#{place}" if place else "")
    return HttpResponseClientRedirect(url) if request.htmx else SeeOther(url)
