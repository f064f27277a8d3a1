"""The rows each kind of measure counts, as far as the reader may count them."""

from collections.abc import Callable

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery

from cases.enums import ActionKind, CaseState, Channel, PromiseKind, StepState
from cases.models import Action, CaseCause, Cause, Change, Check, Exposure, IntakeItem, Promise, Step
from council.figures.asked import Asked
from council.figures.measures import Source


def rows(asked: Asked, source: Source) -> QuerySet:
    """Return the rows of a source, not yet narrowed by a measure."""
    return _SOURCES[source](asked)


def _open(asked: Asked) -> QuerySet:
    return asked.tallies().filter(is_last=True, state=CaseState.OPEN)


def _promises(asked: Asked) -> QuerySet:
    return Promise.objects.filter(kind=PromiseKind.RECOVERY, case__in=asked.cases().order_by().values("pk"))


def _waivers(asked: Asked) -> QuerySet:
    return Step.objects.filter(state=StepState.WAIVED, case__in=asked.cases().order_by().values("pk"))


def causes(asked: Asked) -> QuerySet[Cause]:
    """Return the causes behind the cases asked for, each with `mended_at` and `struck_at`.

    Mended: every corrective action done, at the last one. Struck: the first failure since, that no sweep found.
    """
    return _mended(_of_cases(asked, Cause.objects.all(), "pk"), asked)


def _mended(found: QuerySet[Cause], asked: Asked) -> QuerySet[Cause]:
    done = Action.objects.filter(cause=OuterRef("pk"), kind=ActionKind.CORRECTIVE, removed_at=None).order_by()
    done = done.values("cause").annotate(open=Count("pk", filter=Q(done_at=None)), last=Max("done_at")).filter(open=0)
    found = found.annotate(mended_at=Subquery(done.values("last")[:1]))
    since = CaseCause.objects.filter(cause=OuterRef("pk"), case__in=asked.cases().order_by().values("pk"))
    since = since.exclude(case__channel=Channel.FOUND).filter(case__received_at__gt=OuterRef("mended_at")).order_by()
    return found.annotate(
        struck_at=Subquery(since.values("cause").annotate(first=Min("case__received_at")).values("first"))
    )


def _of_cases(asked: Asked, found: QuerySet, cause: str) -> QuerySet:
    """Keep what belongs to a cause that stands under one of the cases asked for."""
    cases = asked.cases().order_by().values("pk")
    return found.filter(Exists(CaseCause.objects.filter(cause=OuterRef(cause), case__in=cases)))


def _checks(asked: Asked) -> QuerySet:
    return _of_cases(asked, Check.objects.all(), "cause")


def _exposures(asked: Asked) -> QuerySet:
    return _of_cases(asked, Exposure.objects.all(), "cause")


def _changes(asked: Asked) -> QuerySet:
    cases = asked.cases().order_by().values("pk")
    behind = Exists(CaseCause.objects.filter(cause=OuterRef("cause"), case__in=cases))
    return Change.objects.filter(behind | Q(case__in=cases))


_SOURCES: dict[Source, Callable[[Asked], QuerySet]] = {
    Source.CASE: lambda asked: asked.tallies(),
    Source.OPEN: _open,
    Source.PROMISE: _promises,
    Source.WAIVER: _waivers,
    Source.CAUSE: causes,
    Source.CHECK: _checks,
    Source.EXPOSURE: _exposures,
    Source.CHANGE: _changes,
    Source.ARRIVAL: lambda asked: IntakeItem.objects.all(),
}
