"""What other systems may be told. Ids, codes, moments and a link: no human word, and nothing of a confidential case."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings

from cases.enums import PromiseState, StepNumber
from cases.models import Delivery, Event
from cases.timeline import Kind

TEST = "test"
_Fits = Callable[[dict[str, Any]], bool]
# By what it is called outside: the kind of event, what people read, and which of these events are meant.
KINDS: dict[str, tuple[Kind, str, _Fits]] = {
    "case.opened": (Kind.OPENED, "A case is opened", lambda facts: True),
    "case.acknowledged": (
        Kind.STEP_DONE,
        "A case is acknowledged",
        lambda facts: facts.get("step") == StepNumber.ACKNOWLEDGE,
    ),
    "case.escalated": (Kind.ESCALATED, "A case comes before the council", lambda facts: True),
    "case.resolved": (Kind.RESOLVED, "A case is resolved", lambda facts: True),
    "case.reopened": (Kind.REOPENED, "A case is opened again", lambda facts: True),
    "case.closed": (Kind.CLOSED, "A case is closed", lambda facts: True),
    "result.confirmed": (Kind.CONFIRMED, "A customer says: it is put right", lambda facts: True),
    "result.refused": (Kind.REFUSED, "A customer says: not yet", lambda facts: True),
    "promise.broken": (
        Kind.PROMISE_SETTLED,
        "A promise is broken",
        lambda facts: facts.get("state") == PromiseState.BROKEN,
    ),
    "survey.answered": (Kind.SURVEY_ANSWERED, "A survey is answered", lambda facts: True),
}
CHOICES = [(name, label) for name, (_, label, _) in KINDS.items()]


def kind_of(event: Event, wanted: list[str]) -> str:
    """Return what an event is called outside, if it is among `wanted`; empty otherwise."""
    fitting = (
        name for name in wanted if name in KINDS and KINDS[name][0] == event.kind and KINDS[name][2](event.facts)
    )
    return next(fitting, "")


def body(delivery: Delivery) -> bytes:
    """Return what is told, as JSON."""
    event = delivery.event
    moment = (event.at if event else delivery.made_at).isoformat().replace("+00:00", "Z")
    about = _about(event) if event else {}
    said = {"type": delivery.kind, "timestamp": moment, "data": about}
    return json.dumps(said, separators=(",", ":"), sort_keys=True).encode()


def _about(event: Event) -> dict[str, Any]:
    case = event.case
    place = settings.PUBLIC_URL + case.get_absolute_url()
    return {"case": case.pk, "number": case.number, "round": event.round, "seq": event.seq, "url": place}
