"""The composer of a letter without a script: begun, looked at, pointed out, sent off, taken back, sent again."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from cases import entries, outgoing
from cases.enums import EntryKind, Side
from cases.models import CaseFile, Entry, Event, LetterText, Outgoing
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.page.moments import HOUR, LATER, text_of

pytestmark = pytest.mark.django_db
GOOD = "We send forty housings tonight. They are on your dock on Friday at 09:30."
NOW = NOON + 2 * HOUR


@pytest.fixture
def sent(page, case):
    """A function that posts a letter that has nothing to point out."""
    known = {"contact": case.reporter_id, "subject": "Housings", "text": GOOD, "leaves": "now", "act": "send"}
    return lambda **given: page("write/email/", {**known, **given})


def draft(case) -> dict:
    return drafts.draft_of(case.owner, f"case-{case.pk}-entry")


def test_letter_is_sent_off_and_can_be_taken_back_for_15_seconds(client, sent, page, case):
    answer = sent()
    row = Outgoing.objects.get()
    assert (answer.status_code, answer.url) == (
        303,
        f"{case.get_absolute_url()}?sent={int(NOW.timestamp())}#leaving",
    )
    assert (row.leaves_at - timezone.now(), row.meant["text"]) == (timedelta(seconds=15), GOOD)
    shown = text_of(client.get(case.get_absolute_url()))
    assert "Your letter to Ruth Aebi" in " ".join(shown.replace("<b>", "").replace("</b>", "").split())
    back = page(f"leaving/{row.pk}/", {"act": "back"})
    assert back.url == f"{case.get_absolute_url()}?write=email#composer"
    assert (Outgoing.objects.count(), draft(case)["text"]) == (0, GOOD)
    assert GOOD in text_of(client.get(back.url))


def test_letter_too_late_to_take_back_says_so(client, sent, page, case):
    sent()
    row = Outgoing.objects.get()
    outgoing.set_out(row.leaves_at)
    page(f"leaving/{row.pk}/", {"act": "back"})
    assert "Too late: this letter has set out." in text_of(client.get(case.get_absolute_url()))


def test_letter_waits_for_the_customers_morning(sent, page, case):
    sent(leaves="morning")
    row = Outgoing.objects.get()
    assert row.leaves_at.isoformat() == "2026-11-18T07:00:00+00:00"
    page(f"leaving/{row.pk}/", {"act": "now"})
    row.refresh_from_db()
    assert row.leaves_at == timezone.now()


def test_what_is_missing_is_pointed_out_once_and_never_forbidden(sent):
    answer = sent(text="We are sorry.")
    form = answer.context["entry_form"]
    assert [one.code for one in form.findings] == ["no_date", "bare_apology"]
    assert (answer.status_code, Outgoing.objects.count()) == (200, 0)
    assert "It says sorry without an act." in text_of(answer)
    sent(text="We are sorry.", seen=form["seen"].value())
    assert Outgoing.objects.count() == 1


def test_other_words_are_looked_at_anew(sent):
    seen = sent(text="We are sorry.").context["entry_form"]["seen"].value()
    assert sent(text="We are so sorry.", seen=seen).status_code == 200
    assert Outgoing.objects.count() == 0


def test_letter_is_refused_at_its_fields_with_its_words_kept(sent):
    answer = sent(contact="", subject=" ", others="urs@x.example, nonsense", promise="A call")
    assert answer.status_code == 422
    assert dict(answer.context["entry_form"].errors) == {
        "contact": ["Say to whom."],
        "subject": ["Write what the e-mail is about."],
        "others": ["This is not an e-mail address: nonsense."],
    }
    assert f"{GOOD}</textarea>" in text_of(answer)
    late = sent(promise="A call")
    assert list(late.context["entry_form"].errors) == ["promise_due_at"]


def test_letter_is_begun_with_a_text_and_filled_in(page, case):
    text = LetterText.objects.create(
        step=1, name="Own", subject="About {number}", body="{first_name}: {title}. {owner}"
    )
    given = {"contact": case.reporter_id, "subject": case.title, "text": "Hello.", "begin": text.pk, "act": "begin"}
    form = page("write/email/", given).context["entry_form"]
    assert form["text"].value() == f"Hello.\n\nRuth: {case.title}. Marta Keller"
    assert form["subject"].value() == f"About {case.number}"
    assert draft(case)["text"] == form["text"].value()


def test_texts_of_the_contacts_language_are_offered_those_of_the_step_first(client, page, case):
    case.reporter.language = "de"
    case.reporter.save()
    client.force_login(case.owner)
    form = client.get(case.get_absolute_url(), {"write": "email"}).context["entry_form"]
    assert [(name, step) for _, name, step in form.desk.texts] == [
        ("Wir haben Sie gehört", 1),
        ("So weit sind wir", 3),
        ("Was wir besprochen haben", 0),
    ]


def test_sentence_becomes_the_promise_without_a_script(page, case):
    given = {"contact": case.reporter_id, "subject": "S", "text": "Thank you. I call on Friday."}
    form = page("write/email/", {**given, "act": "sentences"}).context["entry_form"]
    assert form.sentences == ["Thank you", "I call on Friday"]
    form = page("write/email/", {**given, "sentence": "I call on Friday"}).context["entry_form"]
    assert form["promise"].value() == "I call on Friday"


def test_letter_is_looked_at_as_the_customer_will_see_it(client, page, case):
    said = {"case": case, "actor": case.owner, "contact": case.reporter, "kind": EntryKind.CALL, "side": Side.THEIRS}
    entries.add_entry(text="Where are they?", at=NOON, now=NOW, **said)
    given = {"contact": case.reporter_id, "subject": "Housings", "text": GOOD, "quote": "on", "act": "preview"}
    promised = {"promise": "The housings", "promise_due_at": LATER}
    answer = page("write/email/", {**given, **promised, "others": "urs@x.example"})
    looked = answer.context["entry_form"].looked
    assert (looked.to, looked.subject, looked.copies) == ("Ruth Aebi", "Housings", ["urs@x.example"])
    frame = client.get(reverse("cases:letter_preview", args=[case.pk]))
    shown = " ".join(text_of(frame).split())
    for part in ("Dear Ruth Aebi,", GOOD, "The housings", "Marta Keller", "Where are they?", "Done: 0 of 6 steps."):
        assert part in shown
    assert "/status/" not in shown and frame["X-Frame-Options"] == "SAMEORIGIN"
    assert Message.objects.filter(template="personal").count() == 0


def test_new_files_are_put_on_the_case_and_travel(sent, page, case, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    note = SimpleUploadedFile("note.txt", b"So it is.")
    form = page("write/email/", {"contact": case.reporter_id, "text": GOOD, "files": note, "act": "preview"})
    file = CaseFile.objects.get(case=case)
    assert form.context["entry_form"].looked.files == ["note.txt"]
    sent(enclosed=[file.pk])
    assert Outgoing.objects.get().meant["files"] == [file.pk]


def test_file_we_do_not_take_is_named_and_the_words_stay(page, case):
    wrong = SimpleUploadedFile("x.exe", b"MZ\x00\x01")
    answer = page("write/email/", {"contact": case.reporter_id, "text": GOOD, "files": wrong, "act": "preview"})
    assert "files" in answer.context["entry_form"].errors
    assert f"{GOOD}</textarea>" in text_of(answer)


def test_copies_are_kept_on_the_conversation(client, sent, case):
    other = builders.contact(case.customer, name="Urs Boss", email="urs@halden.example")
    sent(copies=[other.pk], others="boss@halden.example")
    outgoing.set_out(NOW + HOUR)
    form = client.get(case.get_absolute_url(), {"write": "email"}).context["entry_form"]
    assert form["others"].value() == "boss@halden.example, urs@halden.example"


def dead_letter(case) -> Message:
    entry = entries.add_entry(
        case=case, actor=case.owner, kind=EntryKind.EMAIL, text=GOOD, subject="S", contact=case.reporter, now=NOW
    )
    Message.objects.filter(pk=entry.message_id).update(state="dead", error="550 No such mailbox")
    entry.message.recipients.update(state="refused")
    return Message.objects.get(pk=entry.message_id)


def test_dead_letter_stands_on_its_case_and_goes_to_the_corrected_address(client, page, case):
    letter = dead_letter(case)
    case.reporter.email = "right@halden.example"
    case.reporter.save()
    assert "550 No such mailbox" in text_of(client.get(case.get_absolute_url()))
    page(f"letters/{letter.pk}/", {"act": "again"})
    letter.refresh_from_db()
    assert (letter.state, letter.recipients.get().address) == ("queued", "right@halden.example")
    assert Event.objects.filter(case=case, kind="letter_retried").count() == 1
    assert "550 No such mailbox" not in text_of(client.get(case.get_absolute_url()))


def test_dead_letter_is_let_lie_and_asked_for_no_more(client, page, case):
    letter = dead_letter(case)
    page(f"letters/{letter.pk}/", {"act": "let_lie"})
    page(f"letters/{letter.pk}/", {"act": "again"})
    letter.refresh_from_db()
    assert letter.state == "withheld"
    assert "somebody has sent it again or let it lie" in text_of(client.get(case.get_absolute_url()))


def test_letter_of_another_case_is_not_found(page, case):
    assert page(f"letters/{dead_letter(builders.case(owner=case.owner)).pk}/", {"act": "again"}).status_code == 404


def test_who_may_not_work_the_case_neither_writes_nor_looks(client, case):
    client.force_login(builders.user("auditor"))
    for name in ("letter", "letter_preview"):
        assert client.get(reverse(f"cases:{name}", args=[case.pk])).status_code == 403
    assert client.post(reverse("cases:letter", args=[case.pk]), {"act": "send"}).status_code == 403
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        {"contact": ["1", "2"], "text": ["a", "b"], "kind": ["email", "call"]},
        {"contact": "9" * 5_000, "promise_due_at": ["x"], "copies": "9" * 5_000, "enclosed": ["9" * 5_000, 3]},
        {"contact": True, "text": 7, "copies": {"a": 1}, "others": None, "kind": "email", "leaves": ["now"]},
        {"9" * 5_000: "x", "kind": "email"},
    ],
)
def test_strange_draft_never_breaks_the_page_of_the_case(client, case, body):
    for what in ("entry", "fact", "promise", "action", "gap", "question-1", "acknowledge", "contain"):
        drafts.keep(user=case.owner, key=f"case-{case.pk}-{what}", body=body, now=NOW)
    client.force_login(case.owner)
    for asked in (
        {"write": "email"},
        {"write": "call"},
        {},
        *({"tab": tab} for tab in ("facts", "promises", "actions")),
    ):
        assert client.get(case.get_absolute_url(), asked).status_code == 200
    assert client.get(case.get_absolute_url(), {"tab": "discovery"}).status_code == 200
    for step in range(1, 10):
        assert client.get(case.get_absolute_url(), {"step": step}).status_code == 200
    assert client.get(reverse("cases:letter_preview", args=[case.pk])).status_code == 200
