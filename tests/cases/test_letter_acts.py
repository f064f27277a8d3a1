"""Acts that wait with their letter: nothing has happened until it sets out; taken back it leaves only a line."""

from datetime import timedelta

import pytest

from accounts import drafts
from cases import check_ins, letter_acts, outgoing, packing
from cases.enums import CaseState, CheckInState, EntryKind, StepState
from cases.heeding import heed_mail
from cases.letter_kinds import LetterAct
from cases.models import Case, CheckIn, Confirmation, Entry, Event, Offer, Outgoing, Promise
from cases.refusals import Refused
from cases.steps import acknowledge, resolve
from mail.delivery import deliver_due
from mail.models import Message, Notice
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import HOUR, THEN, done, gone, left, page_of, send, sent, state_of
from tests.cases.test_steps_their_word import SAID, proof

pytestmark = pytest.mark.django_db
PROMISED = {"promise": "A call with the tracking number", "promise_due_at": "2026-11-18T17:00"}
HEARD = {"means": "email", "text": "We heard you; it is ours now.", **PROMISED}
MOMENT = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def an_hour_later(clock):
    clock.move_to(THEN)


@pytest.fixture
def owner():
    return builders.user(name="Marta Keller", of=builders.team())


@pytest.fixture
def case(owner):
    return builders.case(owner=owner)


def acknowledged_by_letter(owner, case, **typed) -> Outgoing:
    known = {**HEARD, "contact": case.reporter_id, **typed}
    assert done(send(owner, case, "acknowledge", "acknowledge", **known), case, 1)
    return Outgoing.objects.get()


def carried_out(owner, case):
    """A case whose result is carried out; nobody has been asked."""
    builders.ready_to_offer(case, now=NOON)
    resolve.offer(case=case, actor=owner, text="Forty housings", now=NOON)
    resolve.carry_out(case=case, actor=owner, text="Forty arrived", by="Sven", at=NOON, now=NOON)
    return case


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Entry, Event, Message, Promise, Offer, Confirmation))


def test_act_waits_with_its_letter_and_then_happens_whole(owner, case):
    before = rows()
    row = acknowledged_by_letter(owner, case)
    assert (row.act, row.contact, row.leaves_at) == (LetterAct.ACKNOWLEDGE, case.reporter, THEN + outgoing.UNDO)
    assert rows() == before
    assert outgoing.set_out(row.leaves_at - MOMENT) == 0
    assert outgoing.set_out(row.leaves_at) == 1
    entry = Entry.objects.get()
    assert (entry.at, entry.author, Promise.objects.get().words.text) == (row.leaves_at, owner, PROMISED["promise"])
    assert state_of(case, 1) == StepState.PLANNED
    deliver_due(row.leaves_at + HOUR)
    heed_mail(row.leaves_at + HOUR)
    assert case.steps.get(number=1).done_at == Message.objects.get(template="personal").sent_at


def test_act_taken_back_leaves_one_line_and_its_form_as_it_was_typed(client, owner, case):
    row = acknowledged_by_letter(owner, case)
    before = rows()
    client.force_login(owner)
    answer = client.post(f"/cases/{case.number}/leaving/{row.pk}/", {"act": "back", "step": "1"})
    assert (answer.status_code, answer.url) == (303, f"/cases/{case.number}/?step=1#step")
    assert (Outgoing.objects.count(), left()) == (0, 0)
    assert [now - then for now, then in zip(rows(), before, strict=True)] == [0, 1, 0, 0, 0, 0]
    told = Event.objects.order_by("-seq").first()
    assert (told.kind, told.actor, told.contact, told.facts["act"]) == (
        "letter_taken_back",
        owner,
        case.reporter,
        "acknowledge",
    )
    page = page_of(owner, case, 1)
    assert HEARD["text"] in page and PROMISED["promise"] in page
    assert "back before it left: the acknowledgement" in page


def test_act_is_not_asked_for_twice_while_its_letter_waits(owner, case):
    acknowledged_by_letter(owner, case)
    page = page_of(owner, case, 1)
    assert "Take it back" in page and 'name="promise_due_at"' not in page.split('id="step"')[1].split("tabs")[0]
    again = send(owner, case, "acknowledge", "acknowledge", **HEARD, contact=case.reporter_id)
    assert (again.status_code, Outgoing.objects.count()) == (422, 1)
    assert "This letter is leaving already." in again.content.decode()


def test_act_that_left_cannot_be_taken_back(client, owner, case):
    row = acknowledged_by_letter(owner, case)
    outgoing.set_out(row.leaves_at)
    client.force_login(owner)
    answer = client.post(f"/cases/{case.number}/leaving/{row.pk}/", {"act": "back", "step": "1"})
    assert answer.url == f"/cases/{case.number}/?step=1#step"
    assert "Too late: this letter has set out." in page_of_client(client, answer.url)
    assert Entry.objects.count() == 1


def page_of_client(client, url: str) -> str:
    return client.get(url).content.decode()


def test_colleague_who_takes_it_back_gets_the_words_and_its_writer_hears(owner, case):
    row = acknowledged_by_letter(owner, case)
    colleague = builders.user(name="Sven Holm", of=case.team)
    outgoing.take_back(outgoing=row, actor=colleague, key="", now=THEN)
    assert drafts.draft_of(colleague, row.draft)["text"] == HEARD["text"]
    assert Notice.objects.get(user=owner).kind == "taken_back"


def test_act_overtaken_meanwhile_is_held_with_the_reason(owner, case):
    row = acknowledged_by_letter(owner, case)
    said = acknowledge.Acknowledgement(
        EntryKind.CALL, case.reporter, "I called.", "A call", NOON + timedelta(days=1), at=THEN
    )
    acknowledge.acknowledge(case=case, actor=owner, said=said, now=THEN)
    assert outgoing.set_out(row.leaves_at) == 1
    row.refresh_from_db()
    assert row.held_why == "This complaint has been acknowledged already."
    assert Entry.objects.count() == 1
    assert row.held_why in page_of(owner, case, 1)


def test_act_waits_for_their_morning_and_its_clock_runs_on(owner, case):
    row = acknowledged_by_letter(owner, case, leaves="morning")
    assert row.leaves_at == outgoing.morning(case=case, contact=case.reporter, now=THEN)
    assert state_of(case, 1) == StepState.PLANNED
    assert "The clock of this step runs on until it has left." in page_of(owner, builders.case(owner=owner), 1)


def test_act_refused_now_is_refused_before_its_letter_waits(owner, case):
    answer = send(owner, case, "resolve", "offer", text="Forty housings on Friday, we send them.", means="email")
    assert (answer.status_code, Outgoing.objects.count()) == (422, 0)
    assert "Answer all seven discovery questions before the offer." in answer.content.decode()


def test_words_are_pointed_out_once_and_the_next_click_sends_them(owner, case):
    builders.ready_to_offer(case, now=NOON)
    offer = {"text": "The driver was careless.", "means": "email"}
    answer = send(owner, case, "resolve", "offer", **offer)
    page = answer.content.decode()
    assert (answer.status_code, Outgoing.objects.count()) == (200, 0)
    assert "No date or hour stands in it." in page and "It may read as blame" in page and "Send it as it is" in page
    assert done(sent(owner, case, "resolve", "offer", **offer), case, 3)
    assert Outgoing.objects.get().meant["text"] == "The driver was careless."


def test_words_changed_after_they_were_pointed_out_are_pointed_out_again(owner, case):
    builders.ready_to_offer(case, now=NOON)
    send(owner, case, "resolve", "offer", text="Something comes.", means="email")
    answer = send(owner, case, "resolve", "offer", text="Something else comes.", means="email", seen="0" * 24)
    assert (answer.status_code, Outgoing.objects.count()) == (200, 0)


def test_looking_shows_the_very_letter_and_leaves_nothing_behind(client, owner, case):
    before = rows()
    answer = send(owner, case, "acknowledge", "acknowledge", **HEARD, contact=case.reporter_id, look="1")
    page = answer.content.decode()
    assert (answer.status_code, "As Ruth Aebi will see it" in page) == (200, True)
    client.force_login(owner)
    frame = client.get(f"/cases/{case.number}/steps/acknowledge/letter/acknowledge/")
    seen = frame.content.decode()
    assert HEARD["text"] in seen and PROMISED["promise"] in seen and "{{pass" not in seen
    assert "sandbox" in frame["Content-Security-Policy"]
    assert rows() == before and Outgoing.objects.count() == 0


def test_looking_at_the_question_shows_what_was_done(client, owner, case):
    carried_out(owner, case)
    before = rows()
    assert send(owner, case, "resolve", "ask", look="1").status_code == 200
    client.force_login(owner)
    seen = client.get(f"/cases/{case.number}/steps/resolve/letter/ask/").content.decode()
    assert "Forty arrived" in seen and "{{pass" not in seen
    assert rows() == before


def test_frame_of_a_letter_that_cannot_leave_says_so(client, owner, case):
    client.force_login(owner)
    seen = client.get(f"/cases/{case.number}/steps/resolve/letter/ask/").content.decode()
    assert "cannot leave like this" in seen
    assert client.get(f"/cases/{case.number}/steps/contain/letter/plan/").status_code == 404
    stranger = builders.user("manager")
    client.force_login(stranger)
    assert client.get(f"/cases/{case.number}/steps/resolve/letter/ask/").status_code == 403


def test_question_taken_back_was_never_asked(owner, case):
    carried_out(owner, case)
    send(owner, case, "resolve", "ask")
    outgoing.take_back(outgoing=Outgoing.objects.get(), actor=owner, key="", now=THEN)
    assert (Confirmation.objects.count(), left()) == (0, 0)
    assert done(gone(owner, case, "resolve", "ask"), case, 3)
    kept = Confirmation.objects.get()
    assert kept.asked_at == THEN + outgoing.UNDO
    assert resolve.waiting_confirmation(Case.objects.get()) == kept


def test_check_in_asks_by_a_letter_that_can_be_taken_back(client, owner, case):
    carried_out(owner, case)
    resolve.confirm(confirmation=resolve.ask(case=case, actor=owner, now=NOON), yes=True, text="", now=NOON)
    check = CheckIn.objects.filter(case=case).order_by("day").first()
    opens = check_ins.watching.opens_at(case.dues.get(kind="check_in", ref=check.pk))
    client.force_login(owner)
    url = f"/cases/{case.number}/check-ins/{check.pk}/"
    assert "too early" in client.get(f"{url}letter/seen/").content.decode()
    with pytest.raises(Refused, match="too early"):
        letter_acts.rehearse(
            act=LetterAct.CHECK_IN, case=case, actor=owner, given={"check": check, "contact": case.confirmer}, now=THEN
        )
    given = {"check": check, "contact": case.confirmer}
    about = {"case": case, "actor": owner, "leaves_at": opens + outgoing.UNDO, "now": opens}
    letter_acts.send_off(act=LetterAct.CHECK_IN, given=given, **about)
    assert "Take it back" in client.get(url).content.decode()
    assert outgoing.set_out(opens + outgoing.UNDO) == 1
    check.refresh_from_db()
    assert (check.state, check.message.template) == (CheckInState.PENDING, "check_in")


def test_written_yes_waits_with_its_proof_on_the_case(owner, case):
    carried_out(owner, case)
    send(owner, case, "resolve", "written", text=SAID, files=proof())
    row = Outgoing.objects.get()
    outgoing.take_back(outgoing=row, actor=owner, key="", now=THEN)
    assert "It lies on the case already." in page_of(owner, case, 3)
    again = send(owner, case, "resolve", "written", text=SAID, proof=row.typed["proof"])
    assert done(again, case, 3) and left() == 1
    case.refresh_from_db()
    assert (case.state, Confirmation.objects.get().file.name) == (CaseState.RESOLVED, "their-mail.txt")


def test_file_of_another_case_proves_nothing(owner, case):
    other = carried_out(owner, builders.case(owner=owner))
    send(owner, other, "resolve", "written", text=SAID, files=proof())
    carried_out(owner, case)
    answer = send(owner, case, "resolve", "written", text=SAID, proof=Outgoing.objects.get().typed["proof"])
    assert (answer.status_code, Outgoing.objects.filter(case=case).count()) == (422, 0)


def test_packing_gives_back_what_it_was_given(owner, case):
    given = {"text": "x", "contact": case.reporter, "at": NOON, "on": NOON.date(), "many": [case.reporter, None, 3]}
    assert packing.unpacked_all(packing.packed_all(given)) == given
    with pytest.raises(TypeError):
        packing.packed(owner)
    with pytest.raises(Refused):
        packing.unpacked({"row": "cases.Contact", "pk": 0})
