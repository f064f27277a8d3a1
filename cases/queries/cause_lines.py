"""Everything a case's cause has gathered, read in one statement: chains, actions, checks, exposures, changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from accounts.models import User
from cases import access
from cases.enums import ActionKind, DueKind, ExposureState
from cases.models import Action, Case, Cause, Change, Check, Due, Exposure, Link, Why

_COLUMNS = {
    "kind": CharField(),
    "position": IntegerField(),
    "text": TextField(),
    "note": TextField(),
    "place": CharField(),
    "since_on": DateField(),
    "due_at": DateTimeField(),
    "done_at": DateTimeField(),
    "checked_at": DateTimeField(),
    "owner_id": BigIntegerField(),
    "owner": CharField(),
    "done_by_id": BigIntegerField(),
    "done_by": CharField(),
    "checked_by": CharField(),
}


@dataclass
class Line:
    """One row of the record, whatever it is: `what` is cause, why, action, check, exposure, link, change or guard.

    A cause: kind is its state, position its kind's key, note the proof, place its kind, due_at when it was first
    suspected, checked_at when the sweep was complete. A why: kind is its chain. An exposure: position is the
    customer's key, text their name. A check: kind is its result, note what was found, checked_at when a recurrence
    opened it again. A guard is a containment still listed: position is its case.
    """

    what: str
    pk: int
    kind: str | None
    position: int | None
    text: str | None
    note: str | None
    place: str | None
    since_on: date | None
    due_at: datetime | None
    done_at: datetime | None
    checked_at: datetime | None
    owner_id: int | None
    owner: str | None
    done_by_id: int | None
    done_by: str | None
    checked_by: str | None


def lines(case: Case, *wanted: str, reader: User) -> dict[str, list[Line]]:
    """Return the rows of the case's cause by what they are; "cause" is read whether wanted or not. One statement.

    Guards on other cases are among them only where the reader may see those.
    """
    parts = [_guards(case, reader) if what == "guard" else _PARTS[what](case) for what in ("cause", *wanted)]
    found: dict[str, list[Line]] = {what: [] for what in ("cause", *wanted)}
    for row in parts[0].union(*parts[1:], all=True):
        line = Line(*row)
        found[line.what].append(line)
    for some in found.values():
        some.sort(key=_order)
    return found


def _order(line: Line) -> tuple:
    if line.what == "exposure":
        return line.kind != ExposureState.OPEN, (line.text or "").casefold(), line.pk
    return line.position or 0, line.due_at is None, line.due_at, line.pk


def _part(rows: QuerySet, what: str, **columns) -> QuerySet:
    picked = [Value(what, CharField()), F("pk")]
    for name, field in _COLUMNS.items():
        source = columns.get(name)
        picked.append(Cast(Value(None), field) if source is None else Cast(source, field))
    return rows.order_by().values_list(*picked)


def _cause(case: Case) -> QuerySet:
    return _part(
        Cause.objects.filter(case_causes__case=case),
        "cause",
        kind="state",
        position="kind_id",
        text="title",
        note="proof__text",
        place="kind__name",
        due_at="found_at",
        done_at="proved_at",
        checked_at="swept_at",
        owner_id="owner_id",
        owner="owner__name",
    )


def _whys(case: Case) -> QuerySet:
    rows = Why.objects.filter(cause__case_causes__case=case)
    return _part(rows, "why", kind="chain", position="position", text="words__text")


def _actions(case: Case) -> QuerySet:
    return _part(
        Action.objects.filter(cause__case_causes__case=case, kind=ActionKind.CORRECTIVE),
        "action",
        kind="kind",
        text="words__text",
        due_at="due_at",
        done_at="done_at",
        checked_at="checked_at",
        owner_id="owner_id",
        owner="owner__name",
        done_by_id="done_by_id",
        done_by="done_by__name",
        checked_by="checked_by__name",
    )


def _checks(case: Case) -> QuerySet:
    return _part(
        Check.objects.filter(cause__case_causes__case=case),
        "check",
        kind="result",
        text="criterion__text",
        due_at="due_at",
        done_at="checked_at",
        checked_at="reopened_at",
        note="found__text",
        owner_id="checker_id",
        owner="checker__name",
    )


def _exposures(case: Case) -> QuerySet:
    clock = Due.objects.filter(kind=DueKind.EXPOSURE, ref=OuterRef("pk"), closed_at=None)
    return _part(
        Exposure.objects.filter(cause__case_causes__case=case),
        "exposure",
        kind="state",
        position="customer_id",
        text="customer__name",
        note="note__text",
        due_at=Subquery(clock.values("due_at")[:1]),
        done_at="marked_at",
        owner_id="owner_id",
        owner="owner__name",
        done_by_id="marked_by_id",
        done_by="marked_by__name",
    )


def _links(case: Case) -> QuerySet:
    return _part(Link.objects.filter(causes__case_causes__case=case), "link", kind="kind", text="name")


def _changes(case: Case) -> QuerySet:
    return _part(
        Change.objects.filter(Q(cause__case_causes__case=case) | Q(cause=None, case=case)),
        "change",
        text="words__text",
        place="where",
        since_on="since_on",
        due_at="adopted_at",
        owner_id="owner_id",
        owner="owner__name",
    )


def _guards(case: Case, reader: User) -> QuerySet:
    """Containments in place on the cases of the cause, that nothing has replaced yet."""
    seen = access.visible_to(reader).filter(case_causes__cause__case_causes__case=case).order_by().values("pk")
    own = Q(case=case) | Q(case__in=seen)
    rows = Action.objects.filter(own, kind=ActionKind.CONTAINMENT, done_at__isnull=False, removed_at=None).distinct()
    return _part(rows, "guard", text="words__text", position="case_id", done_at="done_at", owner="owner__name")


_PARTS: dict[str, Callable[[Case], QuerySet]] = {
    "cause": _cause,
    "why": _whys,
    "action": _actions,
    "check": _checks,
    "exposure": _exposures,
    "link": _links,
    "change": _changes,
}
