"""The floor everything is measured against, on the product's own settings: middleware, sessions, driver.

A bare page: a session, the person signed in, one indexed statement of 25 rows, a plain template. A bare act: a form of
one field, one row inserted and committed, a redirect.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import Context, engines
from django.urls import include, path
from django.utils import timezone

from cases.models import Case, Words

SHOWN = ("title", "state", "severity", "received_at", "customer__name")
PAGE = """<!doctype html><title>Cases</title><p>{{ user.name }}</p><table>{% for case in cases %}
<tr><td>{{ case.pk }}</td><td>{{ case.title }}</td><td>{{ case.customer.name }}</td><td>{{ case.state }}</td>
<td>{{ case.severity }}</td><td>{{ case.received_at|date:"j M Y" }}</td></tr>{% endfor %}</table>"""
_kept = {}


class OneField(forms.Form):
    """A form with a single text."""

    text = forms.CharField(max_length=2_000)


def listed(request: HttpRequest) -> HttpResponse:
    """List the 25 newest cases."""
    rows = Case.objects.select_related("customer").only(*SHOWN).order_by("-received_at", "-id")[:25]
    template = _kept.setdefault("page", engines["django"].from_string(PAGE).template)
    return HttpResponse(template.render(Context({"user": request.user, "cases": rows})))


def inserted(request: HttpRequest) -> HttpResponse:
    """Insert one row."""
    form = OneField(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    Words.objects.create(text=form.cleaned_data["text"], salt="", commitment="", written_at=timezone.now())
    return redirect("/floor/")


urlpatterns = [
    path("floor/", listed),
    path("floor/insert/", inserted),
    path("", include("recovery.urls")),
]
