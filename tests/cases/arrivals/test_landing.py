"""A reply lands on its case, with everything that follows from it; what a machine writes does not."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from cases import arriving, merging, pausing
from cases.enums import CaseState, DueKind, EntryKind, Side, Verdict
from cases.models import Case, Due, Entry, IntakeItem
from cases.refusals import Refused
from cases.steps import silence
from mail.models import Inbound, InboundState, Message, Notice
from tests import builders
from tests.builders import NOON
from tests.cases import resolving
from tests.cases.arrivals.arriving import LATER, receive, reply
from tests.mail.inbound.writing import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(owner):
    return builders.acknowledged(builders.case(owner=owner))


def theirs(case) -> list[str]:
    """Return their written words on the case, oldest first."""
    rows = Entry.objects.filter(case=case, side=Side.THEIRS, kind=EntryKind.EMAIL).order_by("id")
    return [row.words.text for row in rows.select_related("words")]


def test_a_reply_to_the_reply_address_is_on_the_case(case):
    inbound = reply(case, "Two are missing.\n\nOn 17 Nov 2026, Marta wrote:\n> When?")

    entry = Entry.objects.get(inbound=inbound)
    assert (entry.case, entry.contact, entry.words.text) == (case, case.reporter, "Two are missing.")
    assert inbound.state == InboundState.TAKEN
    assert inbound.text.endswith("> When?")


def test_a_reply_is_found_by_the_letter_it_answers(case):
    letter = Message.objects.filter(thread=case.thread).first()
    raw = mail("By header", sender=case.reporter.email, In_Reply_To=letter.message_id, Subject="Re: x")

    receive(raw)

    assert theirs(case) == ["By header"]


def test_a_number_in_the_subject_counts_from_somebody_known(case):
    receive(mail("By number", sender=case.reporter.email, Subject=f"about {case.number.lower()}"))

    assert theirs(case) == ["By number"]


def test_a_number_in_the_subject_from_a_stranger_waits_in_the_intake(case):
    inbound = receive(mail("By number", sender="who@else.example", Subject=f"about {case.number}"))

    assert theirs(case) == []
    assert IntakeItem.objects.get().inbound == inbound


def test_a_reply_to_a_merged_case_lands_on_the_surviving_one(owner):
    survivor = builders.case(owner=owner)
    merged = builders.case(owner=owner, of=survivor.customer, reporter=survivor.reporter)
    lead = builders.user("lead", of=owner.team)
    merging.merge(case=merged, into=survivor, actor=lead, reason="The same crate", now=NOON)

    reply(merged, "Still open")

    assert theirs(survivor) == ["Still open"]


def test_a_reply_starts_the_clock_to_answer_and_tells_the_owner(case, owner):
    reply(case)

    due = Due.objects.get(case=case, kind=DueKind.REPLY, closed_at=None)
    assert due.owner == owner
    assert Notice.objects.filter(user=owner, kind="their_word").count() == 1


def test_a_reply_ends_the_pause_it_answers(case, owner):
    question = Entry.objects.filter(case=case, side=Side.OURS).first()
    words = {"reason": "Which lot?", "until_at": NOON + timedelta(hours=20), "now": NOON + timedelta(minutes=40)}
    pause = pausing.pause(case=case, actor=owner, steps=[3], question=question, **words)

    reply(case, now=NOON + timedelta(hours=2))

    pause.refresh_from_db()
    assert pause.to_at == NOON + timedelta(hours=2)


def test_a_reply_after_the_confirm_letter_stops_reminders_and_asks_for_a_mark(case, owner):
    asked = resolving.asked(case, NOON)

    inbound = reply(case, "We will look at it on Thursday.")

    asked.refresh_from_db()
    due = Due.objects.get(case=case, kind=DueKind.MARK, closed_at=None)
    assert (asked.next_at, asked.verdict) == (None, Verdict.PENDING)
    assert (due.ref, due.owner, due.allowed) == (Entry.objects.get(inbound=inbound).pk, owner, "4h")
    assert Notice.objects.filter(user=owner, kind="message_to_mark").count() == 1


def test_thanks_are_shown_and_not_acted_on(case):
    resolving.confirmed(case, NOON)

    reply(case, "Thank you very much!\n\nRuth")

    case.refresh_from_db()
    assert (case.state, theirs(case)) == (CaseState.RESOLVED, ["Thank you very much!\n\nRuth"])
    assert not Due.objects.filter(case=case, kind__in=[DueKind.MARK, DueKind.REPLY], closed_at=None).exists()


def test_words_on_a_resolved_case_lie_with_owner_and_lead(case, owner):
    lead = builders.user("lead", of=owner.team)
    owner.team.lead = lead
    owner.team.save()
    resolving.confirmed(case, NOON)

    reply(case, "Now the spindle is loose again.")

    case.refresh_from_db()
    assert case.state == CaseState.RESOLVED
    told = Notice.objects.filter(kind="message_to_mark").values_list("user", flat=True)
    assert set(told) == {owner.pk, lead.pk}


MACHINES = [{"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"List_Id": "<trade.example>"}]


@pytest.mark.parametrize("headers", MACHINES)
def test_a_machine_never_reopens_and_never_gets_an_answer(case, headers):
    resolving.confirmed(case, NOON)
    letters = Message.objects.count()

    inbound = reply(case, "I am out of the office, the spindle is loose.", **headers)

    case.refresh_from_db()
    assert (case.state, theirs(case), Message.objects.count()) == (CaseState.RESOLVED, [], letters)
    assert not Due.objects.filter(case=case, kind=DueKind.MARK).exists()
    assert (inbound.state, IntakeItem.objects.count()) == (InboundState.TAKEN, 0)


def test_after_an_absence_note_no_silence_counts(case):
    asked = resolving.asked(case, NOON)
    reply(case, "I am away.", Auto_Submitted="auto-replied")

    with pytest.raises(Refused, match="They were away"):
        silence.check(case=case, waiting=asked, now=NOON + timedelta(days=30))


def test_a_message_taken_in_twice_is_on_the_case_once(case):
    raw = mail("Once", sender=case.reporter.email, Subject=case.number)
    receive(raw)

    second = receive(raw)

    assert (theirs(case), second.state) == (["Once"], InboundState.DOUBLE)


def test_two_sweeps_at_once_take_a_message_in_once(case):
    inbound = reply(case)
    stale = Inbound(pk=inbound.pk, kind="reply", thread=inbound.thread)

    assert arriving.take(stale, LATER) is False
    assert len(theirs(case)) == 1


def test_a_colleague_our_mail_server_vouches_for_leaves_a_note_of_theirs(case, owner, settings):
    settings.TRUSTED_MAIL_SERVERS = ["mx.demo.example"]
    vouched = "mx.demo.example; dkim=pass header.d=ours.example"
    reply(case, "They called me at home.", sender=owner.email, Authentication_Results=vouched)

    entry = Entry.objects.filter(case=case).order_by("-id").first()
    assert (entry.kind, entry.side, entry.author) == (EntryKind.NOTE, Side.OURS, owner)


def test_a_flood_from_one_sender_is_kept_and_not_acted_on(case):
    for number in range(31):
        reply(case, f"Again {number}?")

    assert len(theirs(case)) == 30
    assert Inbound.objects.filter(note="flood").count() == 1


def test_our_own_letter_coming_back_is_not_their_word(case):
    letter = Message.objects.filter(thread=case.thread).first()

    inbound = reply(case, "Looping", Message_ID=letter.message_id)

    assert (theirs(case), inbound.note) == ([], "our_own")


def test_files_land_on_the_case_and_the_same_bytes_once(case):
    message = EmailMessage()
    message["From"], message["Subject"] = case.reporter.email, case.number
    message.set_content("See both.")
    for name in ("a.pdf", "again.pdf"):
        message.add_attachment(b"%PDF-1.7\n%%EOF", maintype="application", subtype="pdf", filename=name)
    message.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="run.exe")

    inbound = receive(message.as_bytes())

    assert [file.name for file in case.files.all()] == ["a.pdf"]
    assert [(one.name, one.refusal) for one in inbound.attachments.all()] == [("a.pdf", ""), ("run.exe", "kind")]


def test_a_bad_message_never_stops_the_others(case, monkeypatch):
    real = arriving.landing.land

    def fall_over(*, case, inbound, now):
        if "poison" in inbound.text:
            raise ValueError("poison")
        return real(case=case, inbound=inbound, now=now)

    monkeypatch.setattr(arriving.landing, "land", fall_over)
    reply(case, "poison")
    reply(case, "Good words?")

    assert theirs(case) == ["Good words?"]


def test_a_word_on_an_imported_finished_case_waits_in_the_intake(case):
    resolving.confirmed(case, NOON)
    Case.objects.filter(pk=case.pk).update(historical=True)

    reply(case, "We have a question?")

    assert (theirs(case), IntakeItem.objects.count()) == ([], 1)
