"""The parts of the sums of a case: each one subquery that returns what it counts as one JSON value."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    F,
    JSONField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, JSONObject

from cases.enums import (
    ActionKind,
    DueKind,
    EntryKind,
    ExposureState,
    Fault,
    PromiseForm,
    PromiseKind,
    PromiseState,
    Side,
    StepNumber,
)
from cases.models import (
    Action,
    Case,
    CaseCause,
    CaseFile,
    Discovery,
    Due,
    Entry,
    Escalation,
    Event,
    Exposure,
    Fact,
    Gesture,
    Offer,
    Promise,
    Step,
    Words,
)
from cases.queries import clock_parts, watch
from cases.queries.capped import Counted
from cases.timeline import Kind

BY_WORD = (EntryKind.CALL, EntryKind.MEETING)
IN_WRITING = (EntryKind.EMAIL, EntryKind.LETTER)
PARTS = ("complaint", "remedy", "expected", "promised", "delivered")
OWNED = (Fault.OURS.value, Fault.SHARED.value)
MOST_NTH = 21
YEAR = timedelta(days=365)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# What changes from page to page; none of these values can occur for real.
PK, NOW = -1, datetime(1900, 1, 1, tzinfo=UTC)


def parts() -> dict[str, Any]:
    """Return every part by its name, in terms of one case."""
    return {
        "owned_at": _owned_at(),
        "last_letter_at": _last_letter_at(),
        "silence_due_at": _silence_due_at(),
        **{f"word_{part}": _word(part) for part in PARTS},
        "moments": _moments(),
        "entries": _entries(),
        "facts": _facts(),
        "promises": _promises(),
        "check_ins": _summed(watch.rows(), **watch.sums(NOW)),
        "actions": _actions(),
        "files": _counted(CaseFile.objects),
        "discoveries": _counted(Discovery.objects),
        "escalations": _escalations(),
        "offer": _offer(),
        "gesture": _gesture(),
        "cause": _cause(),
        "exposures": _exposures(),
        "nth": _nth(),
        **clock_parts.parts(NOW),
        **{f"step_{number}": _step(number) for number in StepNumber.values},
    }


def _summed(rows: QuerySet, **sums) -> Coalesce:
    mine = rows.filter(case=OuterRef("pk")).order_by().values("case").annotate(sums=JSONObject(**sums))
    return _or_empty(Subquery(mine.values("sums")))


def first_of(rows: QuerySet, **facts) -> Coalesce:
    """Return the first of `rows` as one JSON object of `facts`; an empty one where there is none."""
    return _or_empty(Subquery(rows.annotate(row=JSONObject(**facts)).values("row")[:1]))


def _or_empty(rows: Subquery) -> Coalesce:
    return Coalesce(rows, Value({}, output_field=JSONField()), output_field=JSONField())


def _counted(rows: QuerySet) -> Coalesce:
    return _summed(rows, all=Count("id"))


def _word(part: str) -> Subquery:
    return Subquery(Words.objects.filter(case=OuterRef("pk"), part=part).order_by("-id").values("text")[:1])


def _owned_at() -> Coalesce:
    """From when it says ours or shared; a fault named at opening counts from then."""
    said = Event.objects.filter(case=OuterRef("pk"), kind=Kind.FAULT_SET, facts__to__in=OWNED).order_by("seq")
    return Coalesce(Subquery(said.values("at")[:1]), F("logged_at"))


def _last_letter_at() -> Coalesce:
    """When we last wrote to them; a letter confirms whatever was only said before it (discovery, question 3)."""
    letters = Entry.objects.filter(case=OuterRef("pk"), side=Side.OURS, kind__in=IN_WRITING).order_by("-at")
    return Coalesce(Subquery(letters.values("at")[:1]), Value(LONG_AGO))


def _silence_due_at() -> Subquery:
    """Until when the customer hears from us at the latest, while that clock runs."""
    running = Due.objects.filter(case=OuterRef("pk"), kind=DueKind.SILENCE, closed_at=None).order_by("-round")
    return Subquery(running.values("due_at")[:1])


def _moments() -> Coalesce:
    named = Q(kind=Kind.FAULT_SET) & ~Q(facts__to=Fault.UNKNOWN.value)
    silent = Q(kind=Kind.CHASED, facts__due="silence", facts__rung__gte=100)
    return _summed(
        Event.objects,
        remedy_at=Min("at", filter=Q(kind=Kind.REMEDY_RECORDED) & ~Q(facts__state="not_asked")),
        cause_at=Min("at", filter=Q(kind=Kind.CAUSE_LINKED) | named),
        named=Count("id", filter=Q(kind=Kind.FAULT_SET)),
        silences=Count(KT("facts__due_at"), distinct=True, filter=silent),
        refused=Count("id", filter=Q(kind=Kind.REFUSED)),
        offered_at=Min("at", filter=Q(kind=Kind.OFFERED)),
        level_ours=Max("actor__level"),
        level_theirs=Max("contact__level"),
    )


def _entries() -> Coalesce:
    ours = Q(side=Side.OURS) & ~Q(kind=EntryKind.NOTE)
    since_owned = ours & Q(words__written_at__gte=OuterRef("the_owned_at"))
    only_said = Q(kind__in=BY_WORD, at__gt=OuterRef("the_last_letter_at"))
    return _summed(
        Entry.objects,
        all=Count("id", filter=~Q(kind=EntryKind.NOTE)),
        verbal=Count("id", filter=only_said),
        admitted_at=Min("at", filter=since_owned),
        admission_written_at=Min("words__written_at", filter=since_owned),
    )


def _facts() -> Coalesce:
    return _summed(
        Fact.objects,
        all=Count("id"),
        ours=Count("id", filter=Q(side=Side.OURS)),
        theirs=Count("id", filter=Q(side=Side.THEIRS)),
        verified=Count("id", filter=Q(verified=True)),
    )


def _promises() -> Coalesce:
    recovery = Q(kind=PromiseKind.RECOVERY)
    pending = recovery & Q(state=PromiseState.PENDING)
    original = Q(kind=PromiseKind.ORIGINAL)
    clear = Q(form=PromiseForm.WRITTEN, unambiguous=True, achievable=True)
    return _summed(
        Promise.objects,
        all=Count("id"),
        kept=Count("id", filter=recovery & Q(state=PromiseState.KEPT)),
        broken=Count("id", filter=recovery & Q(state__in=[PromiseState.BROKEN, PromiseState.DISPUTED])),
        late=Count("id", filter=pending & Q(due_at__lt=NOW)),
        open=Count("id", filter=pending),
        next_at=Min("due_at", filter=pending),
        first_made_at=Min("made_at", filter=recovery),
        originals=Count("id", filter=original),
        originals_clear=Count("id", filter=original & clear),
        originals_said=Count("id", filter=original & ~Q(form=PromiseForm.WRITTEN)),
    )


def _actions() -> Coalesce:
    todo = Q(done_at=None)
    return _summed(
        Action.objects,
        all=Count("id"),
        open=Count("id", filter=todo),
        late=Count("id", filter=todo & Q(due_at__lt=NOW)),
        next_at=Min("due_at", filter=todo),
        containing=Count("id", filter=Q(kind=ActionKind.CONTAINMENT)),
    )


def _escalations() -> Coalesce:
    return _summed(
        Escalation.objects.filter(decided_at=None), open=Count("id"), since_at=Min("opened_at"), reason=Min("reason")
    )


def _offer() -> Coalesce:
    latest = Offer.objects.filter(case=OuterRef("pk"), round=OuterRef("round")).order_by("-attempt")
    return first_of(
        latest,
        answer="answer",
        attempt="attempt",
        done_at="carried_out_at",
        asked_at="confirmation__asked_at",
        verdict="confirmation__verdict",
    )


def _step(number: int) -> Coalesce:
    """The step that counts: the one of the highest round, with its clock."""
    rows = Step.objects.filter(case=OuterRef("pk"), number=number).order_by("-round")
    dues = Due.objects.filter(case=OuterRef("case"), round=OuterRef("round"), kind=DueKind.STEP, ref=number)
    facts = {name: name for name in ("pk", "due_at", "closed_at", "work_s", "wall_s", "allowed")}
    clock = JSONObject(**facts, missed="inherited_miss")
    return first_of(
        rows.annotate(clock=Subquery(dues.annotate(row=clock).values("row")[:1])),
        number="number",
        state="state",
        silent="silent",
        done_at="done_at",
        done_by="done_by__name",
        done_by_roles="done_by__role_marks",
        owner_id="owner_id",
        owner="owner__name",
        proposed_at="proposed_at",
        clock="clock",
    )


def _gesture() -> Coalesce:
    latest = Gesture.objects.filter(case=OuterRef("pk")).order_by("-id")
    return first_of(latest, state="state", cost="cost", currency="currency")


def _cause() -> Coalesce:
    linked = CaseCause.objects.filter(case=OuterRef("pk")).order_by("-id")
    return first_of(linked, title="cause__title", state="cause__state", pk="cause_id")


def _exposures() -> Coalesce:
    """Other customers who share a link with this case's cause."""
    rows = Exposure.objects.filter(cause__case_causes__case=OuterRef("pk")).order_by()
    sums = JSONObject(all=Count("id"), open=Count("id", filter=Q(state=ExposureState.OPEN)))
    return _or_empty(Subquery(rows.values("cause__case_causes__case").annotate(sums=sums).values("sums")))


def _nth() -> Counted:
    """Which case of this customer it was within twelve months, itself included; `MOST_NTH` stands for more."""
    rows = Case.objects.filter(
        customer=OuterRef("customer"),
        historical=OuterRef("historical"),
        merged_into=None,
        received_at__gt=OuterRef("received_at") - YEAR,
        received_at__lte=OuterRef("received_at"),
    )
    return Counted(rows.order_by().values("pk")[:MOST_NTH])
