"""A letter sent off: nothing has happened until it sets out, then everything at once (promise R1)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts import drafts
from cases import files, outgoing
from cases.entries import add_entry
from cases.enums import EntryKind, Side, StepState
from cases.heeding import heed_mail
from cases.models import CaseFile, Due, Entry, Event, Outgoing, Promise
from cases.outgoing import UNDO, Letter
from cases.plan import step_of
from cases.refusals import Refused
from mail.delivery import deliver_due
from mail.models import Blob, Message, Notice
from tests import builders
from tests.builders import NOON
from tests.surveys.making import team_of_two

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEY = "case-1-entry"
pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    owner, _ = team_of_two()
    return builders.case(owner=owner)


def send(case, *, now=NOON + HOUR, leaves_at=None, **fields) -> Outgoing:
    known = {"contact": case.reporter, "subject": "News", "text": "The courier has left.", "typed": {"text": "The…"}}
    letter = Letter(**{**known, **fields})
    leaves_at = leaves_at or now + UNDO
    return outgoing.send_off(case=case, actor=case.owner, letter=letter, leaves_at=leaves_at, now=now)


def test_letter_sent_off_changes_nothing_until_it_sets_out(case):
    before = Event.objects.count(), Message.objects.count()
    row = send(case, promise="A call", promise_due_at=NOON + DAY)
    assert outgoing.set_out(row.leaves_at - timedelta(seconds=1)) == 0
    assert (Event.objects.count(), Message.objects.count()) == before
    assert (Entry.objects.count(), Promise.objects.count()) == (0, 0)


def test_letter_sets_out_with_entry_promise_and_row_in_one_go(case):
    row = send(case, promise="A call", promise_due_at=NOON + DAY)
    assert outgoing.set_out(row.leaves_at) == 1
    entry = Entry.objects.get()
    assert (entry.words.text, entry.at, entry.author, entry.message.template) == (
        "The courier has left.",
        row.leaves_at,
        case.owner,
        "personal",
    )
    assert Promise.objects.get().words.text == "A call"
    assert entry.message.facts["promise"] == {"text": "A call", "due_at": (NOON + DAY).isoformat()}
    assert Outgoing.objects.count() == 0
    assert outgoing.set_out(row.leaves_at + HOUR) == 0


def test_letter_with_a_dated_promise_acknowledges_once_the_server_took_it(case):
    row = send(case, promise="A call", promise_due_at=NOON + DAY)
    outgoing.set_out(row.leaves_at)
    assert step_of(case, 1).state == StepState.PLANNED
    deliver_due(row.leaves_at)
    heed_mail(row.leaves_at)
    assert step_of(case, 1).state == StepState.DONE


def test_letter_without_a_promise_does_not_acknowledge(case):
    row = send(case)
    outgoing.set_out(row.leaves_at)
    deliver_due(row.leaves_at)
    heed_mail(row.leaves_at)
    assert step_of(case, 1).state == StepState.PLANNED


def test_letter_taken_back_is_the_draft_it_was(case):
    row = send(case, typed={"text": "The courier", "subject": "News"})
    outgoing.take_back(outgoing=row, actor=case.owner, key=KEY, now=NOON + HOUR)
    assert drafts.draft_of(case.owner, KEY) == {"text": "The courier", "subject": "News"}
    assert outgoing.set_out(NOON + 2 * HOUR) == 0
    assert Entry.objects.count() == 0


def test_letter_is_not_taken_back_over_another_text(case):
    row = send(case)
    drafts.keep(user=case.owner, key=KEY, body={"text": "Something new"}, now=NOON)
    with pytest.raises(Refused, match="You have begun another text"):
        outgoing.take_back(outgoing=row, actor=case.owner, key=KEY, now=NOON + HOUR)
    assert drafts.draft_of(case.owner, KEY) == {"text": "Something new"}
    assert Outgoing.objects.count() == 1


def test_letter_that_has_set_out_is_not_taken_back(case):
    row = send(case)
    outgoing.set_out(row.leaves_at)
    with pytest.raises(Refused, match="Too late"):
        outgoing.take_back(outgoing=row, actor=case.owner, key=KEY, now=row.leaves_at)


def test_writer_hears_when_a_colleague_takes_the_letter_back(case):
    row = send(case)
    colleague = builders.user(name="Sven Holm")
    outgoing.take_back(outgoing=row, actor=colleague, key=KEY, now=NOON + HOUR)
    told = Notice.objects.get(kind="taken_back")
    assert (told.user, told.facts["who"]) == (case.owner, "Sven Holm")


def test_letter_whose_contact_bounced_meanwhile_is_held_and_its_writer_told(case):
    row = send(case, leaves_at=NOON + DAY)
    case.reporter.bounced_at = NOON + 2 * HOUR
    case.reporter.save()
    assert outgoing.set_out(NOON + DAY) == 1
    row.refresh_from_db()
    assert row.held_why == "There is no working e-mail address for this person. Add one, or log a call instead."
    assert (Entry.objects.count(), Message.objects.filter(template="personal").count()) == (0, 0)
    assert Notice.objects.get(kind="letter_held").user == case.owner
    assert outgoing.set_out(NOON + 2 * DAY) == 0
    case.reporter.bounced_at = None
    case.reporter.save()
    outgoing.hurry(outgoing=row, now=NOON + 2 * DAY)
    assert outgoing.set_out(NOON + 2 * DAY) == 1
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"contact": None}, "contact"),
        ({"promise": "A call"}, "promise_due_at"),
        ({"promise_due_at": NOON + DAY}, "promise"),
        ({"promise": "A call", "promise_due_at": NOON + DAY, "leaves_at": NOON + 2 * DAY}, "promise_due_at"),
    ],
)
def test_letter_is_refused_at_its_field(case, given, field):
    with pytest.raises(Refused) as refused:
        send(case, **given)
    assert refused.value.field == field
    assert Outgoing.objects.count() == 0


def test_letter_quotes_their_last_word_and_carries_files_and_copies(case, settings, tmp_path):
    said = {"case": case, "actor": case.owner, "contact": case.reporter, "kind": EntryKind.CALL, "side": Side.THEIRS}
    theirs = add_entry(text="Where are they?\n\nWe wait.", at=NOON, now=NOON + HOUR, **said)
    blob = Blob.objects.create(sha256="a" * 64, size=9, content_type="text/plain", stored_at=NOON)
    files.add_files(case=case, actor=case.owner, files=[("note.txt", blob)], now=NOON)
    row = send(case, answers=theirs, files=list(CaseFile.objects.all()), copies=[("Urs", "urs@x.example")])
    outgoing.set_out(row.leaves_at)
    letter = Message.objects.get(template="personal")
    assert letter.facts["quoted"]["text"] == "Where are they?\n\nWe wait."
    assert list(letter.enclosures.values_list("name", "blob")) == [("note.txt", blob.pk)]
    assert set(letter.recipients.values_list("address", "is_copy")) == {
        (case.reporter.email, False),
        ("urs@x.example", True),
    }
    event = Event.objects.filter(kind="entry_added").latest("seq")
    assert (event.facts["copies"], event.facts["files"]) == (1, 1)


def test_files_of_more_than_20_megabytes_are_refused(case):
    blob = Blob.objects.create(sha256="b" * 64, size=21 * 1024 * 1024, content_type="text/plain", stored_at=NOON)
    files.add_files(case=case, actor=case.owner, files=[("film.mp4", blob)], now=NOON)
    with pytest.raises(Refused) as refused:
        send(case, files=list(CaseFile.objects.all()))
    assert refused.value.field == "enclosed"


def test_silence_is_broken_when_the_letter_sets_out_not_before(case):
    silence = Due.objects.get(case=case, kind="silence").due_at
    row = send(case, leaves_at=NOON + DAY)
    assert Due.objects.get(case=case, kind="silence", closed_at=None).due_at == silence
    outgoing.set_out(row.leaves_at)
    assert Due.objects.get(case=case, kind="silence", closed_at=None).started_at == NOON + DAY


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("", datetime(2026, 11, 17, 11, 0, tzinfo=UTC), datetime(2026, 11, 18, 7, 0, tzinfo=UTC)),
        ("", datetime(2026, 11, 17, 5, 0, tzinfo=UTC), datetime(2026, 11, 17, 7, 0, tzinfo=UTC)),
        ("", datetime(2026, 11, 20, 15, 0, tzinfo=UTC), datetime(2026, 11, 23, 7, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 17, 11, 0, tzinfo=UTC), datetime(2026, 11, 17, 13, 0, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 17, 11, 0, tzinfo=UTC), datetime(2026, 11, 17, 23, 0, tzinfo=UTC)),
    ],
)
def test_morning_is_the_customers_own_on_their_working_day(case, zone, now, expected):
    case.reporter.zone = zone
    assert outgoing.morning(case=case, contact=case.reporter, now=now) == expected
