"""What the case page reads of its clocks: the running pause, what falls due next, silence. Parts of its statement."""

from datetime import datetime
from typing import Any

from django.db.models import Count, JSONField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from cases.enums import DueKind
from cases.models import Due, Pause


def parts(now: datetime) -> dict[str, Any]:
    """Return the parts of the statement: the running pause, how many there were, what falls due next, silence.

    `now` is the mark that stands for the page's moment.
    """
    running = Pause.objects.filter(case=OuterRef("pk"), clock=None, from_at__lte=now, to_at__gt=now)
    silence = Due.objects.filter(case=OuterRef("pk"), kind=DueKind.SILENCE, closed_at=None).order_by("-round")
    upcoming = Due.objects.filter(case=OuterRef("pk"), closed_at=None, due_at=OuterRef("next_due_at"))
    counted = Pause.objects.filter(case=OuterRef("pk"), clock=None).order_by().values("case")
    return {
        "pause": _first(
            running.order_by("-to_at"),
            pk="pk",
            steps="steps",
            from_at="from_at",
            to_at="to_at",
            by="by__name",
            reason="reason__text",
            asked_at="question__at",
            kind="question__kind",
            whom="question__contact__name",
        ),
        "pauses": _or_empty(counted.annotate(row=JSONObject(all=Count("id"))).values("row")),
        "next_clock": _first(upcoming.exclude(kind=DueKind.STEP).order_by("kind", "ref"), pk="pk"),
        "silence": _first(silence, pk="pk", started_at="started_at", due_at="due_at", allowed="allowed"),
    }


def _first(rows, **facts) -> Coalesce:
    return _or_empty(rows.annotate(row=JSONObject(**facts)).values("row")[:1])


def _or_empty(rows) -> Coalesce:
    empty = Value({}, output_field=JSONField())
    return Coalesce(Subquery(rows), empty, output_field=JSONField())
