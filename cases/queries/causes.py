"""The register of causes and of changes, and everything about one cause."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from cases import access
from cases.enums import ActionKind, CheckResult, ExposureState, WhyChain
from cases.folding import fold
from cases.keyset import moment_order, number_order
from cases.models import Action, Case, Cause, Change, Check, Due, Event, Exposure, Why
from cases.queries.listing import rows as case_rows
from cases.timeline import Kind

NEWEST_FIRST = moment_order("found_at", falling=True)
CHANGES_FIRST = number_order("id", falling=True)
CASES_SHOWN = 100


def register(reader: User, *, state: str = "", words: str = "", late: datetime | None = None) -> QuerySet[Cause]:
    """Return causes with their counts in one statement; `late` keeps those with a check due before that moment.

    Each row has `cases_count`, `exposed`, `looked_at`, `actions_open`, `check_due`, `failed`, `adopted`.
    """
    causes = access.causes_for(reader).select_related("kind", "owner")
    if state:
        causes = causes.filter(state=state)
    if words:
        causes = causes.filter(Q(title__icontains=words) | Q(title__icontains=fold(words)))
    pending = Check.objects.filter(cause=OuterRef("pk"), result=CheckResult.PENDING).order_by("due_at")
    if late is not None:
        causes = causes.filter(pk__in=Check.objects.filter(result=CheckResult.PENDING, due_at__lt=late).values("cause"))
    visible = access.visible_to(reader).filter(case_causes__cause=OuterRef("pk"))
    exposures = Exposure.objects.filter(cause=OuterRef("pk"))
    return causes.annotate(
        cases_count=_count(visible, "case_causes__cause"),
        exposed=_count(exposures),
        looked_at=_count(exposures.exclude(state=ExposureState.OPEN)),
        actions_open=_count(Action.objects.filter(cause=OuterRef("pk"), done_at=None)),
        check_due=Subquery(pending.values("due_at")[:1]),
        failed=_count(Check.objects.filter(cause=OuterRef("pk"), result=CheckResult.FAILED)),
        adopted=_count(Change.objects.filter(cause=OuterRef("pk"))),
    )


def _count(rows: QuerySet[Model], by: str = "cause") -> Coalesce:
    """Count related rows in a statement of their own, so that no join multiplies another."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def changes(reader: User, *, unseen_since: datetime | None = None) -> QuerySet[Change]:
    """Return the register of changes, as far as the reader may see their cause, or the case they were made for.

    `unseen_since` keeps those adopted before that moment that nobody has looked at again since.
    """
    seen = Q(cause__in=access.causes_for(reader).values("pk"))
    seen |= Q(cause=None, case__in=access.visible_to(reader).order_by().values("pk"))
    rows = Change.objects.filter(seen).select_related("words", "owner", "cause", "case", "reviewed_by")
    if unseen_since is None:
        return rows
    stale = Q(reviewed_at=None) | Q(reviewed_at__lt=unseen_since)
    return rows.filter(stale, adopted_at__lt=unseen_since)


@dataclass
class CausePage:
    """What stands on the page of one cause."""

    occurrence: list[Why]
    escape: list[Why]
    cases: list[Case]
    exposures: list[Exposure]
    actions: list[Action]
    checks: list[Check]
    changes: list[Change]
    guards: list[Action]
    told_after_s: int | None

    @property
    def waiting(self) -> int:
        """How many exposed customers are still to be looked at."""
        return len(self.exposures) - self.looked_at

    @property
    def told(self) -> int:
        """How many exposed customers were told first."""
        return sum(one.state == ExposureState.TOLD for one in self.exposures)

    @property
    def recurred_at(self) -> datetime | None:
        """When the same failure came back last; None where it never did."""
        return max((check.reopened_at for check in self.checks if check.reopened_at), default=None)

    @property
    def looked_at(self) -> int:
        """How many exposed customers are marked."""
        return sum(one.state != ExposureState.OPEN for one in self.exposures)

    @property
    def pending(self) -> bool:
        """Whether a check is still to come."""
        return any(check.result == CheckResult.PENDING for check in self.checks)


def about(cause: Cause, reader: User) -> CausePage:
    """Read everything about a cause in eight statements. Cases the reader may not see are left out."""
    whys = list(Why.objects.filter(cause=cause).select_related("words"))
    cases = access.visible_to(reader).filter(case_causes__cause=cause).order_by("-received_at", "-id")
    actions, guards = _actions(cause, reader)
    exposures = _exposures(cause)
    return CausePage(
        occurrence=[why for why in whys if why.chain == WhyChain.OCCURRENCE],
        escape=[why for why in whys if why.chain == WhyChain.ESCAPE],
        cases=list(case_rows(cases)[:CASES_SHOWN]),
        exposures=exposures,
        actions=actions,
        checks=_checks(cause),
        changes=list(Change.objects.filter(cause=cause).select_related("words", "owner", "reviewed_by")),
        guards=guards,
        told_after_s=_told_after(cause, exposures),
    )


def _actions(cause: Cause, reader: User) -> tuple[list[Action], list[Action]]:
    """Return its corrective actions, and the containments still listed on its cases that the reader may see."""
    rows = Action.objects.filter(Q(cause=cause) | Q(pk__in=guards_of(cause, reader).values("pk")))
    found = list(rows.select_related("words", "owner", "done_by", "checked_by", "case"))
    corrective = [one for one in found if one.kind != ActionKind.CONTAINMENT]
    return corrective, [one for one in found if one.kind == ActionKind.CONTAINMENT]


def guards_of(cause: Cause, reader: User) -> QuerySet[Action]:
    """Return the containments in place on the cause's cases that nothing has replaced yet."""
    seen = access.visible_to(reader).filter(case_causes__cause=cause).order_by().values("pk")
    return Action.objects.filter(kind=ActionKind.CONTAINMENT, case__in=seen, done_at__isnull=False, removed_at=None)


def _told_after(cause: Cause, exposures: list[Exposure]) -> int | None:
    """Return the seconds from finding the cause to telling the last customer so far; None while nobody is told."""
    told = [one.marked_at for one in exposures if one.state == ExposureState.TOLD and one.marked_at]
    return int((max(told) - cause.found_at).total_seconds()) if told else None


def _exposures(cause: Cause) -> list[Exposure]:
    clock = Due.objects.filter(kind="exposure", ref=OuterRef("pk"), closed_at=None).values("due_at")[:1]
    rows = Exposure.objects.filter(cause=cause)
    rows = rows.select_related("customer", "owner", "note", "marked_by", "opened")
    return list(rows.annotate(due_at=Subquery(clock)))


def _checks(cause: Cause) -> list[Check]:
    """Give each settled check the words of its result, from the event that told of it."""
    checks = list(Check.objects.filter(cause=cause).select_related("criterion", "checker"))
    told = Event.objects.filter(kind=Kind.CHECKED, case__case_causes__cause=cause).select_related("words", "actor")
    said = {event.facts.get("check"): event for event in told.order_by("id")}
    for check in checks:
        event = said.get(check.pk)
        check.note = event.words.text if event and event.words else ""
        check.by = event.actor if event else None
    return checks
