"""Keeping the tallies: a sweep reads every case whose chain has grown since it was last counted.

An id committed late would be passed over by "newer than the last one"; each chain tells by itself how far the
figures have read.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef

from cases import sweeping
from cases.models import Chain, SetAside
from council.figures import reading
from council.models.tally import Tally
from mail.models import MessageState
from surveys.models import Invitation, InvitationState

SWEEP = "tally"
BATCH = 100
SMALL_BATCH = 20  # on SQLite, where a batch holds the only write lock
LIMIT = 5_000
WRITTEN = [field.name for field in Tally._meta.concrete_fields if field.name != "id"]
log = structlog.get_logger(__name__)


def tally_due(now: datetime, *, limit: int = LIMIT, told: Callable[[int], None] = lambda done: None) -> int:
    """Count at most `limit` cases that have grown since they were counted; return how many were.

    `told` hears how many are done after each batch. A case that breaks it is set aside until it grows again.
    Several may run at once: a case in another's hands is left to it.
    """
    due = Chain.objects.filter(seq__gt=F("tallied_seq")).order_by("-case_id").values_list("case_id", flat=True)
    waiting, done = list(due[:limit]), 0
    waiting += [pk for pk in delivered_since(limit) if pk not in set(waiting)]
    size = SMALL_BATCH if connection.vendor == "sqlite" else BATCH
    for start in range(0, len(waiting), size):
        done += _count_or_set_aside(waiting[start : start + size], now)
        told(done)
        sweeping.rest()
    return done


def delivered_since(limit: int) -> list[int]:
    """Return cases whose survey was delivered after they were counted: a delivery is no event of the case."""
    uncounted = Tally.objects.filter(case=OuterRef("case"), round=OuterRef("round"), asked_at=None)
    asked = Invitation.objects.filter(state=InvitationState.SENT, message__state=MessageState.SENT)
    asked = asked.filter(message__sent_at__isnull=False)
    return list(asked.filter(Exists(uncounted)).values_list("case_id", flat=True)[:limit])


def rebuild(now: datetime, *, told: Callable[[int], None] = lambda done: None) -> int:
    """Count every case anew, in batches; return how many. The figures stay readable meanwhile."""
    Chain.objects.update(tallied_seq=0)
    SetAside.objects.filter(sweep=SWEEP).delete()
    done = 0
    while some := tally_due(now, told=lambda more, before=done: told(before + more)):
        done += some
    return done


def _count_or_set_aside(case_ids: list[int], now: datetime) -> int:
    """Count a batch; where it fails, each case by itself."""
    try:
        return count(case_ids)
    except OperationalError:  # the database itself is in the way: the next sweep tries again
        raise
    except Exception as error:
        if len(case_ids) > 1:
            return sum(_count_or_set_aside([case_id], now) for case_id in case_ids)
        _set_aside(case_ids[0], error, now)
        return 0


@transaction.atomic
def count(case_ids: list[int]) -> int:
    """Write the tallies of these cases under the lock of their chains; return how many cases were counted."""
    chains = Chain.objects.select_for_update(skip_locked=True, no_key=True).filter(case_id__in=case_ids)
    held = list(chains.order_by("case_id").values_list("case_id", flat=True))
    rows = reading.tallies(held)
    Tally.objects.filter(case__in=held).exclude(pk__in=[row.pk for row in rows]).delete()
    Tally.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
    Chain.objects.filter(case_id__in=held).update(tallied_seq=F("seq"))
    return len(held)


def _set_aside(case_id: int, error: Exception, now: datetime) -> None:
    log.exception("case_not_counted", case=case_id)
    with transaction.atomic():
        SetAside.objects.update_or_create(
            sweep=SWEEP, kind="case", ref=case_id, defaults={"error": str(error)[:2_000], "at": now}
        )
        Chain.objects.filter(case_id=case_id).update(tallied_seq=F("seq"))
