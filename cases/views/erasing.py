"""What we hold about a person at a customer: a copy for them, and erasing it. For administrators."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts import admin_log
from cases import access, erasure
from cases.forms.erasing import EraseForm
from cases.models import Contact
from cases.views.customers import contact_of
from cases.views.doors import took


@require_safe
def shown(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Show how much we hold about a person, and what can be done with it."""
    person = _person(request, pk, contact)
    return _page(request, person, EraseForm(contact=person))


@require_POST
def copied(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Hand out everything we hold about a person as one file, and record that it was taken."""
    person, now = _person(request, pk, contact), timezone.now()
    held = erasure.export(contact=person, reader=request.user, now=now)
    facts = {"customer": person.customer_id, "contact": person.pk}
    admin_log.record(actor=request.user, kind="contact_exported", facts=facts, now=now)
    answer = JsonResponse(held, json_dumps_params={"indent": 1, "ensure_ascii": False})
    name = slugify(person.name) or "person"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{now:%Y-%m-%d}.json"'
    return answer


@require_POST
def erased(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Erase a person."""
    person = _person(request, pk, contact)
    form = EraseForm(request.POST, contact=person)
    facts = {"contact": person, "actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, erasure.erase, reason=form.cleaned_data["reason"], **facts):
        return redirect("cases:customer", pk=pk)
    return _page(request, person, form, status=422)


def _person(request: HttpRequest, pk: int, contact: int) -> Contact:
    if not erasure.may_erase(request.user):
        raise PermissionDenied("What we hold about a person is handed out and erased by administrators.")
    return contact_of(access.customer_for(request.user, pk), contact)


def _page(request: HttpRequest, person: Contact, form: EraseForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "contact": person,
        "customer": person.customer,
        "held": erasure.export(contact=person, reader=request.user, now=now),
        "refusals": erasure.refusals(person),
        "form": form,
        "nav": "customers",
        "now": now,
    }
    return render(request, "cases/contact_data.html", context, status=status)
