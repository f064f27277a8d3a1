"""Cases: the list, one case, logging a complaint, changing plain fields. No address here closes anything."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.answers import asked, not_taken, read
from accounts.api.pages import filters_of, page, pages_of
from accounts.models import User
from accounts.once import mark_of
from cases import access, editing
from cases import log as logging
from cases.api import bodies
from cases.api.case_shapes import CaseDetail
from cases.api.shapes import CaseRow
from cases.forms.change import EDITED, EditForm
from cases.forms.filters import Filters, since_moment
from cases.forms.log import LogForm
from cases.forms.taking import opened, took
from cases.keyset import page_of
from cases.models import Case, Due
from cases.queries import case_page, listing, record

TAG = ["Cases"]
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A key of your own, 8 to 200 characters. What is sent again with it does nothing a second time.",
)
OVERTAKEN = "Somebody saved this case since. It stands beside this as it is now; send your change again with its rev."


class Cases(APIView):
    """All cases the person may see, as the list of cases shows them."""

    @extend_schema(
        operation_id="list_cases",
        summary="List cases",
        tags=TAG,
        parameters=filters_of(Filters, *Filters.base_fields),
        responses=pages_of(CaseRow),
    )
    def get(self, request: Request) -> Response:
        """List cases, 25 a page: open ones by next deadline unless you ask for others."""
        now = timezone.now()
        form = asked(Filters(request.query_params), request.query_params)
        chosen = form.read()
        since = since_moment(chosen["since"], now) if "since" in chosen else None
        seen = access.visible_to(request.user)
        cases = listing.filtered(seen, chosen, reader=request.user, since=since, now=now)
        found = page_of(listing.rows(cases), listing.order_of(chosen), request.query_params)
        return page(request, CaseRow, found.rows, found)

    @extend_schema(
        operation_id="log_complaint",
        summary="Log a complaint",
        tags=TAG,
        parameters=[KEY],
        request=bodies.Complaint,
        responses={201: CaseDetail, 200: OpenApiResponse(CaseDetail, "The case this key has opened before.")},
    )
    def post(self, request: Request) -> Response:
        """Open a case. Its clocks start when you heard of it, and the receipt leaves by itself."""
        if not access.may_log(request.user):
            raise PermissionDenied("Complaints are logged by account managers, leads, quality and the council.")
        token = mark_of(user=request.user, what="log_complaint", key=key_of(request))[:32]
        known = logging.logged(token)
        case = known or _open(request, token)
        return Response(_detail(request.user, case.pk), status=200 if known else 201)


class OneCase(APIView):
    """One case."""

    @extend_schema(operation_id="read_case", summary="Read a case", tags=TAG, responses=CaseDetail)
    def get(self, request: Request, pk: int) -> Response:
        """Read where a case stands: texts, steps, the seven lights, promises, clocks."""
        return Response(_detail(request.user, pk))

    @extend_schema(
        operation_id="change_case",
        summary="Change plain fields",
        tags=TAG,
        request=bodies.Change,
        responses={
            200: CaseDetail,
            409: inline_serializer("Overtaken", {"message": serializers.CharField(), "case": CaseDetail()}),
        },
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change title, category, competitor, public or their reference. A stale `rev` answers 409."""
        case = case_to_work(request.user, pk)
        form = EditForm(_changed(case, read(bodies.Change, request.data)), case=case)
        about = {"case": case, "actor": request.user, "now": timezone.now()}
        try:
            done = form.is_valid() and took(form, _edit, form=form, **about)
        except editing.Overtaken:
            return Response({"message": OVERTAKEN, "case": _detail(request.user, pk)}, status=409)
        if not done:
            raise not_taken(form)
        return Response(_detail(request.user, pk))


def key_of(request: Request) -> str:
    """Return the key the program named its request by. Raise ParseError where there is none of 8 to 200 characters."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 8 <= len(key) <= 200:
        raise ParseError(f"Send the header Idempotency-Key: {KEY.description[0].lower()}{KEY.description[1:]}")
    return key


def case_to_work(user: User, pk: int) -> Case:
    """Return a case this person may write on. Raise Http404 if unseen, PermissionDenied if only to be read."""
    case = access.case_for(user, pk, select=case_page.SELECT)
    if not case_page.rights_of(user, case).work:
        raise PermissionDenied("Only those who work this case write on it.")
    return case


def _open(request: Request, token: str) -> Case:
    given = read(bodies.Complaint, request.data)
    form = LogForm(_typed(given), reader=request.user, now=timezone.now())
    case = opened(form, actor=request.user, token=token) if form.is_valid() else None
    if case is None:
        raise not_taken(form)
    return case


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent as the form of the page would send it."""
    known = {None: "", True: "yes", False: "no"}
    typed = {
        **given,
        **{name: known[given.get(name)] for name in ("in_writing", "valid")},
        "received_at": given.get("received_at") or timezone.now().isoformat(),
        "contact_pick": str(given.pop("contact", "")),
        "customer_pick": str(given.pop("customer", "")) or ("new" if given.pop("customer_is_new", False) else ""),
    }
    return {name: value for name, value in typed.items() if name not in ("customer", "contact", "customer_is_new")}


def _changed(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    """Return the case as the form would send it, with what is to be changed."""
    stands = {**{name: getattr(case, name) for name in EDITED}, "category": case.category_id}
    return {name: "" if value is None else value for name, value in {**stands, **given}.items()}


def _edit(*, case: Case, actor: User, now: Any, form: EditForm) -> None:
    editing.edit(case=case, actor=actor, changes=form.changes(), rev=form.cleaned_data["rev"], now=now)


def _detail(user: User, pk: int) -> dict[str, Any]:
    """Return one case as `CaseDetail` shows it, in four statements. Raise Http404 where this person may not see it."""
    found = case_page.read(user, pk, now=timezone.now())
    running = Due.objects.filter(case=found.case, closed_at=None).select_related("owner").order_by("due_at", "id")
    about = {"page": found, "promises": record.promises(found.case), "clocks": running}
    return CaseDetail(found.case, context=about).data
