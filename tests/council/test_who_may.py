"""Nobody does on the council's pages what their role does not allow: every act, tried by every role, by its effect."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Pass, Role
from cases import escalation
from cases.enums import EscalationReason
from cases.importing.reading import rows_of
from cases.importing.signals import take_in
from cases.models import Escalation, Signal
from council import asking, deciding, walls
from council.models import Decision, DecisionKind, Mandate, Question, Seen, Wall
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)
COUNCIL = {Role.COUNCIL, Role.CHAIR}
LOGGING = {Role.MANAGER, Role.LEAD, Role.QUALITY, *COUNCIL, Role.SPONSOR}
BOOKS = b"kind,reference,customer,date\nreturn,R-1,Halden,2026-11-10\nreturn,R-2,Halden,2026-11-10\n"


@pytest.fixture
def world(people, clock):
    """An entry to decide, one decided by the chair just now, a question, a case to see, a signal, a display."""
    clock.move_to(NOON + HOUR)
    halden = builders.customer(name="Halden")
    builders.case(owner=people.owner)
    for reason in (EscalationReason.BY_HAND, EscalationReason.REFUSED, EscalationReason.LOW_ANSWER):
        case = builders.case(owner=people.owner, severity="low")
        escalation.escalate(case=case, reason=reason, asked_by=people.owner, now=NOON)
    _, decided, asked = Escalation.objects.order_by("pk")
    for entry, kind in ((decided, DecisionKind.BACK_OWNER), (asked, DecisionKind.SEND_BACK)):
        deciding.decide(escalation=entry, actor=people.chair, kind=kind, reason="So it is", now=NOON + HOUR)
    take_in(lines=rows_of(BOOKS.replace(b"R-2", b"R-9")), name="books.csv", actor=None, now=NOON)
    walls.hang(actor=people.chair, place="Canteen", now=NOON)
    return halden


def decides(client) -> bool:
    entry = Escalation.objects.filter(decided_at=None, waiting_since=None).get()
    client.post(f"/council/{entry.pk}/decide/back_owner/", {"reason": "Carry on"})
    return Decision.objects.filter(escalation=entry).exists()


def takes_back_what_somebody_else_decided(client) -> bool:
    decision = Decision.objects.get(kind=DecisionKind.BACK_OWNER, escalation__reason="refused")
    client.post(f"/council/decisions/{decision.pk}/undo/")
    return Decision.objects.filter(pk=decision.pk, undone_at__isnull=False).exists()


def answers_for_the_owner(client) -> bool:
    question = Question.objects.get()
    client.post(f"/council/questions/{question.pk}/answer/", {f"q{question.pk}-text": "It is that one"})
    return Question.objects.filter(answered_at__isnull=False).exists()


def sees(client) -> bool:
    client.post("/council/seen/", {"case": list(Escalation.objects.values_list("case", flat=True)), "note": "Well"})
    return Seen.objects.exists()


def writes_the_mandate(client) -> bool:
    given = {"powers": "All", "manager": "1000", "lead": "3000", "chair": "20000", "base": 0, "policy_base": 1}
    client.post("/council/mandate/edit/", given)
    return Mandate.objects.exists()


def hangs_up_a_display(client) -> bool:
    client.post("/council/walls/hang/", {"place": "Hall"})
    return Wall.objects.filter(place="Hall").exists()


def takes_a_display_down(client) -> bool:
    wall = Wall.objects.get(place="Canteen")
    client.post(f"/council/walls/{wall.pk}/take-down/")
    return Pass.objects.filter(pk=wall.link_id, revoked_at__isnull=False).exists()


def opens_a_signal(client) -> bool:
    signal = Signal.objects.get(reference="R-1")
    client.post(f"/before/signals/{signal.pk}/open/")
    return Signal.objects.filter(state="opened").exists()


def dismisses_a_signal(client) -> bool:
    signal = Signal.objects.get(reference="R-9")
    client.post(f"/before/signals/{signal.pk}/dismiss/", {f"s{signal.pk}-reason": "Ordered too many"})
    return Signal.objects.filter(state="dismissed").exists()


def reads_signals_in(client) -> bool:
    client.post("/before/signals/file/", {"file": SimpleUploadedFile("books.csv", BOOKS)})
    return Signal.objects.filter(reference="R-2").exists()


MAY: dict[Callable, set[str]] = {
    decides: COUNCIL,  # the sponsor only once the members' time has run out
    takes_back_what_somebody_else_decided: set(),
    answers_for_the_owner: {Role.QUALITY},  # works on every case; the team of the owner does too
    sees: {*COUNCIL, Role.SPONSOR},
    writes_the_mandate: {Role.SPONSOR},
    hangs_up_a_display: {Role.CHAIR, Role.SPONSOR, Role.ADMIN},
    takes_a_display_down: {Role.CHAIR, Role.SPONSOR, Role.ADMIN},
    opens_a_signal: LOGGING,
    dismisses_a_signal: LOGGING,
    reads_signals_in: LOGGING,
}


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_each_role_does_what_it_may_and_nothing_else(client, world, role):
    client.force_login(builders.user(role, name="Somebody Else"))
    done = {act.__name__ for act in MAY if act(client)}
    assert done == {act.__name__ for act, roles in MAY.items() if role in roles}


def test_a_stranger_does_nothing(client, world):
    assert [act.__name__ for act in MAY if act(client)] == []


def test_the_owner_answers_and_the_author_takes_back(client, world, people):
    client.force_login(people.owner)
    assert answers_for_the_owner(client)
    client.force_login(people.chair)
    assert takes_back_what_somebody_else_decided(client)
    assert asking.clock_of(Escalation.objects.get(reason="refused")) is not None
