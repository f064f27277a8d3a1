"""One decision for everything an item of the docket stands for: its case, and other cases of its cause."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from cases.locking import hold_all
from council import deciding
from council.models import Decision, DecisionKind
from council.queries.item import Item


@transaction.atomic
def decide(
    *, item: Item, shown: Collection[int], actor: User, kind: DecisionKind, facts: dict[str, Any], now: datetime
) -> Decision | None:
    """Decide the item, and with it what was `shown` as settled by it (ids): all of it or nothing.

    Return the decision on the item's own case; None where a second member has to approve. Raise `Refused` as
    `deciding.decide` does. A question goes to the owner of the first case only.
    """
    hold_all(one.case.pk for one in (item, *item.kin))
    first = _one(item, shown, actor, kind, facts, now)
    for other in item.kin if kind != DecisionKind.SEND_BACK else ():
        if other.entry.pk in shown:
            _one(other, shown, actor, kind, facts, now)
    return first


def _one(item: Item, shown, actor, kind, facts, now) -> Decision | None:
    also = [one.entry for one in item.also if one.entry.pk in shown]
    return deciding.decide(escalation=item.entry, actor=actor, kind=kind, now=now, also=also, **facts)
