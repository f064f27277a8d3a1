"""The few figures beside Today: what is open and at stake, and how the last 90 days went."""

from datetime import datetime, timedelta
from statistics import median

from django.db.models import Exists, OuterRef, QuerySet

from cases.enums import CaseState, DueKind, StepNumber, StepState
from cases.models import Case, Due, Step

QUARTER = timedelta(days=90)


def standing(unfinished: list[dict], cap: int) -> dict:
    """Count open cases and sum what is at stake, a customer once."""
    opened = [one for one in unfinished if one["state"] == CaseState.OPEN]
    stakes: dict[int, int] = {}
    for one in opened:
        stakes[one["customer_id"]] = max(one["home_stake"], stakes.get(one["customer_id"], 0))
    return {"open": len(opened), "capped": len(unfinished) == cap, "stake": sum(stakes.values())}


def ended(owned: QuerySet[Case], since: datetime, cap: int) -> QuerySet[Due]:
    """Return the clocks of acknowledging and resolving that stopped, of cases received since."""
    by_word = Step.objects.filter(
        case=OuterRef("case"), round=OuterRef("round"), number=StepNumber.RESOLVE, state=StepState.DONE, silent=False
    )
    stopped = Due.objects.filter(
        case__in=owned.filter(received_at__gte=since),
        kind=DueKind.STEP,
        ref__in=(StepNumber.ACKNOWLEDGE, StepNumber.RESOLVE),
        closed_at__isnull=False,
    )
    newest = stopped.order_by("-id").values("pk")[:cap]
    return Due.objects.filter(pk__in=newest).annotate(by_word=Exists(by_word))


def record(rows: list[tuple]) -> dict:
    """Return median working time to acknowledge and the share put right by their own word."""
    heard = [(work, closed <= due) for ref, work, _, closed, due in rows if ref == StepNumber.ACKNOWLEDGE]
    resolved = [word for ref, _, word, _, _ in rows if ref == StepNumber.RESOLVE]
    return {
        "acknowledged": median(work for work, _ in heard) if heard else None,
        "in_time": bool(heard) and 2 * sum(timely for _, timely in heard) >= len(heard),
        "by_word": round(100 * sum(resolved) / len(resolved)) if resolved else None,
    }
