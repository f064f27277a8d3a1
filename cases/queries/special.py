"""What the case page and the pages of special acts show: a pending end, clearances, related cases, readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import User
from cases import access
from cases.arrival_kinds import IntakeState
from cases.enums import ClearanceKind, ClearanceState, EndingState
from cases.models import Case, CaseReader, Clearance, Ending, Event, IntakeItem, Outgoing, Relation
from cases.queries.sums import first_of
from cases.timeline import Kind
from mail.models import Message, MessageState

RELATED, BECAME, FROM, ABSORBED = "related", "split_into", "split_from", "absorbed"


class Listed(Aggregate):
    """JSON objects of a group as one JSON list."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **context):
        """PostgreSQL calls it JSONB_AGG."""
        return super().as_sql(compiler, connection, function="JSONB_AGG", **context)


def parts() -> dict[str, Any]:
    """Return what the sums of a case hold beside the record, in terms of one case."""
    here = OuterRef("pk")
    asked = Ending.objects.filter(case=here, state=EndingState.ASKED).order_by("-id")
    moved = Event.objects.filter(case=here, kind=Kind.ADDRESS_CHANGED, round=OuterRef("round")).order_by("-seq")
    brought = IntakeItem.objects.filter(case=here, state=IntakeState.ACCEPTED).order_by("id")
    return {
        "ending": first_of(asked, pk="pk", act="act", by="asked_by__name", by_id="asked_by_id", told_at="asked_at"),
        "readdressed": first_of(moved, who="actor__name", whom="contact_id", moved_at="at"),
        "arrived": first_of(brought, message="inbound_id"),
        "clearance_admission": _clearance(ClearanceKind.ADMISSION),
        "clearance_offer": _clearance(ClearanceKind.OFFER),
        "list_named": _list(
            Relation.objects.filter(from_case=OuterRef("pk")), "from_case", pk="to_case_id", kind="kind"
        ),
        "list_naming": _list(
            Relation.objects.filter(to_case=OuterRef("pk")), "to_case", pk="from_case_id", kind="kind"
        ),
        "list_leaving": _list(
            Outgoing.objects.filter(case=here),
            "case",
            pk="pk",
            act="act",
            who="author__name",
            who_id="author_id",
            to="contact__name",
            leaves_at="leaves_at",
            held_why="held_why",
        ),
        "list_dead": _list(
            Message.objects.filter(thread=OuterRef("thread"), state=MessageState.DEAD, to_staff=False),
            "thread",
            pk="pk",
            why="error",
            to=KT("facts__name"),
            written_at="queued_at",
        ),
        "list_absorbed": _list(Case.objects.filter(merged_into=here), "merged_into", pk="pk"),
    }


def _clearance(kind: str):
    rows = Clearance.objects.filter(case=OuterRef("pk"), kind=kind).order_by("-id")
    facts = {"state": "state", "text": "words__text", "reason": "reason__text", "counsel": "counsel__name"}
    return first_of(rows, **facts, told_at="asked_at")


def _list(rows: QuerySet, by: str, **facts) -> Coalesce:
    found = rows.order_by().values(by).annotate(found=Listed(JSONObject(**facts))).values("found")
    return Coalesce(Subquery(found), Value([], output_field=JSONField()), output_field=JSONField())


@dataclass(frozen=True)
class Bond:
    """Another case that has to do with this one. `case` is None where the reader may not see it."""

    number: int
    kind: str
    relation: int | None
    case: Case | None


def bonds(case: Case, user: User) -> list[Bond]:
    """Return the cases linked with, split off from or merged into this one. Three statements."""
    rows = Relation.objects.filter(Q(from_case=case) | Q(to_case=case)).order_by("id")
    found = [_bond(row, case) for row in rows]
    merged = Case.objects.filter(merged_into=case).order_by("pk").values_list("pk", flat=True)
    found += [(pk, ABSORBED, None) for pk in merged]
    seen = _seen(user, (number for number, _, _ in found))
    return [Bond(number, kind, relation, seen.get(number)) for number, kind, relation in found]


def _bond(row: Relation, case: Case) -> tuple[int, str, int | None]:
    ours = row.from_case_id == case.pk
    other = row.to_case_id if ours else row.from_case_id
    if row.kind == Relation.Kind.SPLIT:
        return other, BECAME if ours else FROM, None
    return other, RELATED, row.pk


def _seen(user: User, numbers: Iterable[int]) -> dict[int, Case]:
    cases = access.visible_to(user).filter(pk__in=list(numbers)).select_related("customer", "owner")
    return {case.pk: case for case in cases}


def endings(case: Case) -> list[Ending]:
    """Return the ends asked for, newest first."""
    related = ("asked_by", "decided_by", "entry__words", "entry__contact", "words", "reason")
    return list(Ending.objects.filter(case=case).select_related(*related))


def readers(case: Case) -> list[CaseReader]:
    """Return the named readers by name."""
    return list(CaseReader.objects.filter(case=case).select_related("user", "named_by").order_by("user__name"))


def clearances(user: User) -> tuple[list[Clearance], list[Clearance]]:
    """Return what waits for counsel, oldest first, and what was decided last."""
    rows = Clearance.objects.filter(case__in=access.visible_to(user))
    rows = rows.select_related("case__customer", "words", "reason", "asked_by", "counsel")
    waiting = rows.filter(state=ClearanceState.ASKED).order_by("id")
    return list(waiting[:100]), list(rows.exclude(state=ClearanceState.ASKED).order_by("-decided_at")[:30])
