"""The figures beside Today: what is open and at stake, how soon and by whose word ninety days of cases were mended."""

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


def record(owned: QuerySet[Case], now: datetime, cap: int) -> dict:
    """Return median working time to acknowledge and the share put right by their own word, cases of 90 days."""
    by_word = Step.objects.filter(
        case=OuterRef("case"), round=OuterRef("round"), number=StepNumber.RESOLVE, state=StepState.DONE, silent=False
    )
    ended = Due.objects.filter(
        case__in=owned.filter(received_at__gte=now - QUARTER),
        kind=DueKind.STEP,
        ref__in=(StepNumber.ACKNOWLEDGE, StepNumber.RESOLVE),
        closed_at__isnull=False,
    )
    found = ended.annotate(by_word=Exists(by_word)).values_list("ref", "work_s", "by_word", "closed_at", "due_at")
    rows = list(found.order_by("-id")[:cap])
    heard = [(work, closed <= due) for ref, work, _, closed, due in rows if ref == StepNumber.ACKNOWLEDGE]
    resolved = [word for ref, _, word, _, _ in rows if ref == StepNumber.RESOLVE]
    return {
        "acknowledged": median(work for work, _ in heard) if heard else None,
        "in_time": bool(heard) and 2 * sum(timely for _, timely in heard) >= len(heard),
        "by_word": round(100 * sum(resolved) / len(resolved)) if resolved else None,
    }
