"""The docket as it is shown: entries in their order, each with clock, sum, what is asked and what may be decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest, JSONObject

from accounts.models import Role, User
from cases import access
from cases.enums import DueKind, EscalationReason
from cases.models import Case, CaseCause, Confirmation, Due, Escalation, Gesture, Promise, Words
from cases.queries.capped import Counted, first
from cases.queries.pulse import parsed
from council import ranking, rights
from council.bench import Bench
from council.models import Approval, Ballot, DecisionKind, Question
from council.queries.folding import fold
from council.queries.item import Item

SHOWN = 50
FEW = 2
CAP = 200
MOST_IN_A_YEAR = 21
ORDER = (F("rank").desc(), "id")
YEAR = timedelta(days=365)
CLOCK = ("pk", "owner_id", "started_at", "due_at", "allowed", "always", "calendar_version_id", "rung")
GESTURE = {
    **{name: F(name) for name in ("pk", "cost", "currency", "state", "kind")},
    "what": F("words__text"),
    "why": F("why__text"),
    "proposer": F("proposed_by"),
    "name": F("proposed_by__name"),
    "roles": F("proposed_by__role_marks"),
}


def waiting(user: User, bench: Bench, now: datetime, *, limit: int = SHOWN) -> tuple[list[Item], int]:
    """Return what this person may see, heaviest first and folded, and how many wait in all.

    Where not all are shown, the others count as entries: nobody has looked yet which of them fold. More than `CAP`
    are not counted: `CAP` then stands for all of them.

    Two statements; one more where what is at stake with a customer is not known.
    """
    open_ones = Escalation.objects.filter(decided_at=None, case__in=access.visible_to(user)).order_by(*ORDER)
    # What a row says beside its own columns is read of the rows shown, not of all there are.
    shown, total = first(open_ones, limit, CAP)
    rows = _entries(Escalation.objects.filter(pk__in=shown), user).annotate(total=total)
    found = list(rows.order_by(*ORDER))
    folded = fold(items(found, user, bench, now))
    waiting = found[0].total if found else 0
    return folded, CAP if waiting == CAP else len(folded) + waiting - len(found)


def of_case(case: Case, user: User, bench: Bench, now: datetime) -> list[Item]:
    """Return the entries of one case that wait."""
    rows = _entries(Escalation.objects.filter(decided_at=None, case=case), user).order_by("id")
    return fold(items(list(rows), user, bench, now))


def one(user: User, bench: Bench, pk: int, now: datetime) -> Item | None:
    """Return the item an entry is shown in, on a case this person may see; None where it does not wait."""
    open_ones = Escalation.objects.filter(decided_at=None, case__in=access.visible_to(user))
    asked = open_ones.filter(pk=pk).values("case")
    related = Q(case__in=asked) | Q(case__causes__cases__in=asked)
    rows = _entries(open_ones.filter(pk__in=open_ones.filter(related).values("pk")), user)
    found = fold(items(list(rows.order_by(*ORDER)[:SHOWN]), user, bench, now))
    return next((item for item in found if pk in item.settled), None)


def items(entries: Sequence[Escalation], user: User, bench: Bench, now: datetime) -> list[Item]:
    """Put together what the rows of some entries show."""
    clocks = {entry.pk: _clock(entry) for entry in entries}
    unknown = any(not entry.case.home_stake for entry in entries)
    medians = ranking.median_stakes() if unknown else {}
    gestures = {entry.pk: _gesture(entry) for entry in entries}
    questions = _questions(entries)
    owners = _owners(entries, user, bench)
    return [
        _item(
            entry, clocks.get(entry.pk), medians, gestures, questions.get(entry.pk), owners[entry.pk], user, bench, now
        )
        for entry in entries
    ]


def _item(entry, due, medians, gestures, question, owners, user, bench, now) -> Item:
    asked = question is not None and question.answered_at is None
    gesture = gestures.get(entry.pk)
    second, due_at = entry.approved_by is not None, due.due_at if due else None
    why_not = rights.refusal(user, entry, bench, owners=owners, due_at=due_at, now=now, second=second)
    if not why_not and second and entry.approved_by == user.pk:
        why_not = "You have approved this. It costs more than one member may grant, so a second one decides."
    summed = ranking.weigh(entry, due, medians, now)
    item = Item(entry, due, summed, gesture, question, rights.possible(entry, asked=asked), why_not, now)
    if item.mended and DecisionKind.BACK_OWNER in item.kinds:
        usual = (DecisionKind.BACK_OWNER, *(kind for kind in item.kinds if kind != DecisionKind.BACK_OWNER))
        return Item(**{**vars(item), "kinds": usual})
    return item


def _owners(entries: Sequence[Escalation], user: User, bench: Bench) -> dict[int, set[int]]:
    """Return of each entry the owners that matter to this reader.

    A sponsor comes in where every member is barred, so for them all of them count where members are few.
    """
    if not user.has_role(Role.COUNCIL, Role.CHAIR) and user.on_council and len(bench.members) <= FEW:
        return rights.owned(entries)
    mine = {entry.pk: {user.pk} if entry.was_mine else set() for entry in entries}
    return {entry.pk: {entry.case.owner_id} | mine[entry.pk] for entry in entries}


def _entries(rows: QuerySet[Escalation], user: User) -> QuerySet[Escalation]:
    """Add what one row says beside its own columns: which case of the customer's it is, what it is about."""
    siblings = Case.objects.live().filter(
        customer=OuterRef("case__customer"),
        received_at__lte=OuterRef("case__received_at"),
        received_at__gt=ExpressionWrapper(OuterRef("case__received_at") - YEAR, output_field=DateTimeField()),
    )
    nth = Counted(siblings.order_by().values("pk")[:MOST_IN_A_YEAR])
    asked = Confirmation.objects.filter(pk=OuterRef("ref"))
    first = Approval.objects.filter(escalation=OuterRef("pk")).order_by("id")
    clock = Due.objects.filter(case=OuterRef("case"), kind=DueKind.DECISION, ref=OuterRef("pk"), closed_at=None)
    return rows.select_related("case__customer", "case__owner", "words", "asked_by").annotate(
        nth=Greatest(nth, 1),
        verdict=Subquery(asked.values("verdict")[:1]),
        confirm_asked_at=Subquery(asked.values("asked_at")[:1]),
        late_kind=Subquery(Due.objects.filter(pk=0 - OuterRef("ref")).values("kind")[:1]),
        promised=Subquery(Promise.objects.filter(pk=OuterRef("ref")).values("words__text")[:1]),
        approved_by=Subquery(first.values("user")[:1]),
        approver=Subquery(first.values("user__name")[:1]),
        gesture=Subquery(Gesture.objects.filter(pk=OuterRef("ref")).values(row=JSONObject(**GESTURE))[:1]),
        clock=Subquery(clock.values(row=JSONObject(**{name: F(name) for name in CLOCK}))[:1]),
        ballot=Subquery(Ballot.objects.filter(escalation=OuterRef("pk")).values("pk")[:1]),
        cause=Subquery(CaseCause.objects.filter(case=OuterRef("case")).order_by("-id").values("cause")[:1]),
        was_mine=Exists(rights.moves_of(user)),
    )


def _clock(entry: Escalation) -> Due | None:
    """Return the running clock of the decision, read with the entry itself."""
    row = parsed(entry.clock)
    return Due(case_id=entry.case_id, kind=DueKind.DECISION, ref=entry.pk, **row) if row else None


def _gesture(entry: Escalation) -> Gesture | None:
    """Return the gesture an entry asks for, read with the entry itself."""
    row = parsed(entry.gesture) if entry.reason == EscalationReason.GESTURE else {}
    if not row:
        return None
    proposer = User(pk=row.pop("proposer"), name=row.pop("name"), role_marks=row.pop("roles"))
    words, why = Words(text=row.pop("what")), Words(text=row.pop("why"))
    return Gesture(case_id=entry.case_id, proposed_by=proposer, words=words, why=why, **row)


def _questions(entries: Sequence[Escalation]) -> dict[int, Question]:
    """Return the latest question of each entry."""
    rows = Question.objects.filter(escalation__in=[entry.pk for entry in entries]).order_by("id")
    rows = rows.select_related("decision__words", "decision__author", "answer", "answered_by")
    return {question.escalation_id: question for question in rows}


def was_decided(user: User, pk: int) -> bool:
    """Tell whether an entry on a case this person may see has been decided already."""
    decided = Escalation.objects.filter(pk=pk, decided_at__isnull=False)
    return decided.filter(case__in=access.visible_to(user)).exists()
