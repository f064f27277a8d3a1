"""The steps in the browser's way, for tests: sending an act, looking at a panel."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from cases import outgoing
from cases.models import Case, CaseCause, CauseKind, Step
from tests.builders import NOON

HOUR = timedelta(hours=1)
THEN = NOON + HOUR  # the moment of these tests
SEEN = re.compile(r'name="seen" value="(\w+)"')
LATER = "2026-11-19T10:00"


def send(user, case: Case, step: str, act: str, **typed):
    """Send one act of a step as `user` and return the answer."""
    client = Client()
    client.force_login(user)
    return client.post(f"/cases/{case.number}/steps/{step}/", {"act": act, **typed})


def sent(user, case: Case, step: str, act: str, **typed):
    """Send an act's letter off, past what it was pointed out to lack; return the answer."""
    answer = send(user, case, step, act, **typed)
    if answer.status_code == 200:
        assert "Before you send it" in answer.content.decode()
        seen = SEEN.search(answer.content.decode()).group(1)
        answer = send(user, case, step, act, **typed, seen=seen)
    return answer


def gone(user, case: Case, step: str, act: str, **typed):
    """Send an act's letter off and let it set out; return the answer of the page."""
    answer = sent(user, case, step, act, **typed)
    assert left() == 1
    return answer


def left() -> int:
    """Let the letters sent off so far set out, now that nobody takes them back; return how many did."""
    return outgoing.set_out(timezone.now() + outgoing.UNDO)


def page_of(user, case: Case, number: int) -> str:
    """Return the case page with the panel of a step, as somebody sees it."""
    client = Client()
    client.force_login(user)
    return client.get(f"/cases/{case.number}/?step={number}").content.decode()


def state_of(case: Case, number: int) -> str | None:
    """Return the state of the step that counts."""
    return Step.objects.filter(case=case, number=number).order_by("-round").values_list("state", flat=True).first()


def done(answer, case: Case, number: int) -> bool:
    """Tell whether the answer leads back to the step's panel."""
    return (answer.status_code, answer.url) == (303, f"/cases/{case.number}/?step={number}#step")


def give_gesture(owner, case: Case, cost: str):
    """Propose a gesture at a cost in francs."""
    typed = {"kind": "time", "what": "A setter for two days", "why": "Their line stood", "cost": cost}
    return send(owner, case, "go_beyond", "propose", currency="CHF", **typed)


def suspected(owner, case: Case):
    """Put the case under a new suspected cause and return it."""
    send(owner, case, "root_cause", "link", title="Carrier hand-over without a scan", kind=CauseKind.objects.first().pk)
    return CaseCause.objects.get(case=case).cause
