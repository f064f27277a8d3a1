"""One incident, many customers: write once, read each letter, send them in one act."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import drafts
from cases import access, incident, letter_acts, outgoing
from cases.enums import ExposureState
from cases.forms.incident import IncidentForm, draft_key, kept
from cases.forms.steps.moments import next_closing
from cases.letter_kinds import LetterAct
from cases.models import Cause, Contact, Exposure
from cases.refusals import Refused
from cases.views import letter_desk
from cases.views.causes import may_keep
from cases.views.doors import took


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the letter, show it for each customer; sent again as read, it leaves, and can be taken back a moment."""
    cause = access.cause_for(request.user, pk)
    exposures = _may_tell(request, cause)
    form = _form(request, cause, exposures)
    if not form.is_bound or not form.is_valid():
        return _page(request, cause, form, status=422 if form.is_bound else 200)
    if "send" in request.POST and _sent(request, cause, form):
        return redirect("cases:cause_tell", pk=pk)
    return _page(request, cause, form, tellings=form.tellings(), status=422 if form.errors else 200)


@require_POST
def open_found(request: HttpRequest, pk: int, exposure: int) -> HttpResponse:
    """Open a case found by us for one exposed customer and lead to its first step."""
    cause = access.cause_for(request.user, pk)
    row = get_object_or_404(Exposure.objects.select_related("cause", "customer"), pk=exposure, cause=cause)
    own = row.owner_id == request.user.pk and not request.user.only_reads
    if not (own or may_keep(request.user, cause)):
        raise PermissionDenied("Customers are told by who keeps the cause, or by whom they were given to.")
    try:
        case = incident.open_found(exposure=row, actor=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("cases:cause", pk=pk)
    messages.success(request, f"{case.number} is open. Its first step is to tell them.")
    return redirect(f"{case.get_absolute_url()}?step=1#step")


def _may_tell(request: HttpRequest, cause: Cause) -> list[Exposure]:
    """Return who is still to be told, of those this person may write to."""
    waiting = Exposure.objects.filter(cause=cause, state=ExposureState.OPEN, message=None)
    if not may_keep(request.user, cause):
        waiting = waiting.filter(owner=request.user)
        if request.user.only_reads or not Exposure.objects.filter(cause=cause, owner=request.user).exists():
            raise PermissionDenied("Customers are told by who keeps the cause, or by whom they were given to.")
    return list(waiting.select_related("customer", "owner", "cause", "opened"))


def _form(request: HttpRequest, cause: Cause, exposures: list[Exposure]) -> IncidentForm:
    people: dict[int, list[Contact]] = {}
    contacts = Contact.objects.filter(customer__in=[one.customer_id for one in exposures], erased_at=None)
    for person in contacts.order_by("pk"):
        people.setdefault(person.customer_id, []).append(person)
    chosen = request.GET.getlist("to") or [str(one.pk) for one in exposures]
    initial: dict[str, Any] = {"to": chosen, "subject": "{product}: what we found, and what we do about it"}
    if source := incident.source_of(cause):
        initial["due_at"] = next_closing(source, timezone.now(), 2)
    initial |= kept(drafts.draft_of(request.user, draft_key(cause)))
    return IncidentForm(request.POST or None, cause=cause, exposures=exposures, people=people, initial=initial)


def _sent(request: HttpRequest, cause: Cause, form: IncidentForm) -> bool:
    """Send as read; False where the words are not those that were shown, or a customer cannot be written to."""
    if form.cleaned_data["seen"] != form.mark:
        form.add_error(None, "The words have changed since you read the letters. Read them once more, then send.")
        return False
    now, source = timezone.now(), incident.source_of(cause)
    kept = {"typed": form.typed, "draft": form.draft_key, "contact": form.tellings()[0].contact}
    about = {"case": source, "actor": request.user, "leaves_at": now + outgoing.UNDO, "now": now, **kept}
    given = {"cause": cause, **form.given}
    if not took(form, letter_acts.send_off, act=LetterAct.INCIDENT, given=given, **about):
        return False
    drafts.drop(user=request.user, key=form.draft_key)
    count = len(given["tellings"])
    letters = "letters leave in a moment, each" if count > 1 else "letter leaves in a moment,"
    messages.success(request, f"{count} {letters} with a case found by us. Until then you can take it all back.")
    return True


def _page(request: HttpRequest, cause: Cause, form: IncidentForm, *, tellings=(), status: int = 200) -> HttpResponse:
    letters = [_preview(cause, form, telling) for telling in tellings]
    context = {"cause": cause, "form": form, "letters": letters, "mark": form.mark if tellings else ""}
    if letters:
        said = "\n\n".join(form.letter.parts())
        context["findings"] = letter_desk.found_in(said, form.letter.promise, request.user)
    context |= letter_desk.leaving_of(cause, request.user, may_keep(request.user, cause))
    context["ready"] = bool(letters) and all(one["contact"] for one in letters)
    return render(request, "cases/incident.html", {**context, "nav": "learnings", "now": timezone.now()}, status=status)


def _preview(cause: Cause, form: IncidentForm, telling: incident.Telling) -> dict[str, Any]:
    customer = telling.exposure.customer
    own = {"customer": customer, "product": incident.product_of(cause, customer)}
    letter = form.letter.filled(contact=telling.contact, **own)
    return {**own, **form.rows_of(telling), "letter": letter}
