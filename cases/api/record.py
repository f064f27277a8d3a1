"""The record of a case: its timeline, and what passed between us and them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import once
from accounts.api.answers import NotTaken, asked, not_taken, read
from accounts.api.pages import page, pages_of
from accounts.models import User
from cases import access, entries
from cases.api import bodies
from cases.api.cases import KEY, case_to_work, key_of
from cases.api.record_shapes import EntryRow, EventRow
from cases.enums import EntryKind
from cases.forms.filters import TimelinePlace
from cases.forms.record import EntryForm
from cases.forms.taking import took
from cases.keyset import moment_order, page_of
from cases.models import Case, Contact, Entry
from cases.queries import case_page, record

TAG = ["Record"]
NEWEST_FIRST = moment_order("at", falling=True)
_PLACES = [OpenApiParameter(name, str, description="A place in the list.") for name in ("after", "before")]


class Timeline(APIView):
    """What happened on a case."""

    @extend_schema(
        operation_id="read_timeline",
        summary="Read the timeline",
        tags=TAG,
        parameters=[OpenApiParameter("before", int, description="Only what happened before this number.")],
        responses=pages_of(EventRow),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read what happened, newest first, 50 a page."""
        before = asked(TimelinePlace(request.query_params), request.query_params, ()).cleaned_data["before"]
        found = case_page.read(request.user, pk, now=timezone.now())
        events, older = record.happened(found.case, before=before, last_letter_at=found.sums["last_letter_at"])
        _name(found, events)
        shown = EventRow(events, many=True, context={"page": found}).data
        at = request.build_absolute_uri(request.path)
        return Response({"results": shown, "next": f"{at}?before={older}" if older else None, "previous": None})


def _name(found: case_page.Page, events: list[record.Happened]) -> None:
    """Give each event the names of whom it points to. One statement."""
    people = case_page.people_of(found.case, user_ids={pk for one in events for pk in one.user_ids()})
    names = {staff: {one.pk: one.name for one in people if one.staff == staff} for staff in (True, False)}
    for one in events:
        one.names, one.contacts = names[True], names[False]


class Entries(APIView):
    """Calls, meetings, letters, e-mails and notes of a case."""

    @extend_schema(
        operation_id="list_entries",
        summary="List entries",
        tags=TAG,
        parameters=_PLACES,
        responses=pages_of(EntryRow),
    )
    def get(self, request: Request, pk: int) -> Response:
        """List what was said and written, newest first, 25 a page."""
        case = access.case_for(request.user, pk)
        rows = Entry.objects.filter(case=case).select_related("words", "author", "contact")
        found = page_of(rows, NEWEST_FIRST, request.query_params)
        return page(request, EntryRow, found.rows, found)

    @extend_schema(
        operation_id="add_entry",
        summary="Write down a call, a meeting, a letter, their e-mail or a note",
        tags=TAG,
        parameters=[KEY],
        request=bodies.Entry,
        responses={201: EntryRow, 200: OpenApiResponse(EntryRow, "What this key has written down before.")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write down what passed. It reaches nobody; a word of theirs ends a pause, one of ours the silence."""
        case, now = case_to_work(request.user, pk), timezone.now()
        key = {"user": request.user, "what": f"add_entry {pk}", "key": key_of(request)}
        made, acted = once.once(**key, act=lambda: _written(case, request), now=now)
        entry = Entry.objects.select_related("words", "author", "contact").get(pk=made)
        return Response(EntryRow(entry).data, status=201 if acted else 200)


def _written(case: Case, request: Request) -> int:
    """Write the entry down and return its id; raise `NotTaken` for what form or verb refuse."""
    given = read(bodies.Entry, request.data)
    kind = EntryKind(given.pop("kind"))
    people = Contact.objects.filter(customer=case.customer_id, erased_at=None)
    form = EntryForm(given, {}, kind=kind, contacts=people)
    _only_of_its_kind(form, given)
    made: list[Entry] = []
    if not (form.is_valid() and took(form, _add, case=case, actor=request.user, form=form, made=made)):
        raise not_taken(form)
    return made[0].pk


def _add(*, case: Case, actor: User, form: EntryForm, made: list[Entry]) -> None:
    given = {name: value for name, value in form.cleaned_data.items() if name != "files"}
    made.append(entries.add_entry(case=case, actor=actor, kind=form.kind, now=timezone.now(), **given))


def _only_of_its_kind(form: EntryForm, given: dict[str, Any]) -> None:
    """Raise `NotTaken` for what this kind of entry does not have: it would be lost without a word."""
    theirs = form.kind == EntryKind.EMAIL and given.get("side", "theirs") == "theirs"
    others = [name for name in given if name not in form.fields and not (theirs and name == "side")]
    if others:
        raise NotTaken({name: [f"This does not belong to: {form.kind.label}. Leave it out."] for name in others})
