"""What a message of theirs says: marked by its reader in time, or by itself; only the lead declines."""

from datetime import timedelta

import pytest

from cases import arriving, workflow
from cases.arrival_kinds import MessageMark
from cases.enums import CaseState, DueKind, Verdict
from cases.models import Case, Confirmation, Due, Entry, Event
from cases.refusals import Refused
from cases.steps import marking, resolve
from tests import builders
from tests.builders import NOON
from tests.cases import resolving
from tests.cases.arrivals.arriving import LATER, reply

pytestmark = pytest.mark.django_db
SOON = LATER + timedelta(minutes=10)


@pytest.fixture
def owner():
    return builders.user(name="Marta Keller", of=builders.team())


@pytest.fixture
def lead(owner):
    person = builders.user("lead", name="Lena Brandt", of=owner.team)
    owner.team.lead = person
    owner.team.save()
    return person


@pytest.fixture
def case(owner):
    return builders.acknowledged(builders.case(owner=owner))


def wrote(case, text: str) -> Entry:
    """Let them write, and return what they wrote."""
    return Entry.objects.get(inbound=reply(case, text))


def mark(case, entry, actor, what: MessageMark, text: str = ""):
    return marking.mark(case=case, entry=entry, actor=actor, what=what, text=text, now=SOON)


def test_a_message_that_confirms_resolves_the_case_by_their_word(case, owner):
    asked = resolving.asked(case, NOON)
    entry = wrote(case, "All forty are in. It is put right.")

    mark(case, entry, owner, MessageMark.CONFIRMS, "It is put right.")

    case.refresh_from_db()
    asked.refresh_from_db()
    assert (case.state, asked.verdict, asked.how) == (CaseState.RESOLVED, Verdict.YES, Confirmation.How.WRITTEN)
    assert asked.words.text == "It is put right."
    assert asked.file.blob == entry.inbound.raw


def test_a_message_that_refuses_is_a_new_attempt_with_their_words(case, owner):
    asked = resolving.asked(case, NOON)
    entry = wrote(case, "The gauge is still missing.")

    mark(case, entry, owner, MessageMark.REFUSES)

    asked.refresh_from_db()
    assert (asked.verdict, asked.words) == (Verdict.NOT_YET, entry.words)
    assert Event.objects.filter(case=case, kind="refused").count() == 1


def test_something_else_owes_them_an_answer(case, owner):
    resolving.asked(case, NOON)
    entry = wrote(case, "Please send the papers again.")

    mark(case, entry, owner, MessageMark.ELSE)

    running = Due.objects.filter(case=case, kind__in=[DueKind.MARK, DueKind.REPLY], closed_at=None)
    assert [due.kind for due in running] == [DueKind.REPLY]


def test_a_message_is_marked_once(case, owner):
    resolving.asked(case, NOON)
    entry = wrote(case, "Please send the papers again.")
    mark(case, entry, owner, MessageMark.ELSE)

    with pytest.raises(Refused, match="marked this message already"):
        mark(case, entry, owner, MessageMark.CONFIRMS)


def test_their_words_on_a_resolved_case_reopen_it(case, owner):
    resolving.confirmed(case, NOON)
    entry = wrote(case, "It is loose again.")

    mark(case, entry, owner, MessageMark.REOPENS)

    case.refresh_from_db()
    reopened = Event.objects.get(case=case, kind="reopened")
    assert (case.state, case.round, reopened.facts["why"], reopened.words) == ("open", 2, "message", entry.words)


def test_only_the_lead_declines_and_says_why(case, owner, lead):
    resolving.confirmed(case, NOON)
    entry = wrote(case, "Where is the invoice for May?")
    with pytest.raises(Refused, match="Only the team lead"):
        mark(case, entry, owner, MessageMark.DECLINED, "Not about this")
    with pytest.raises(Refused, match="Say why"):
        mark(case, entry, lead, MessageMark.DECLINED)

    mark(case, entry, lead, MessageMark.DECLINED, "A question about an invoice")

    case.refresh_from_db()
    arriving.take_in(LATER + timedelta(days=3))
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.RESOLVED, 1)


def test_unmarked_words_reopen_the_case_by_themselves(case):
    resolving.confirmed(case, NOON)
    wrote(case, "It is loose again.")
    due = Due.objects.get(case=case, kind=DueKind.MARK)

    arriving.take_in(due.due_at - timedelta(minutes=1))
    case.refresh_from_db()
    before = case.state
    arriving.take_in(due.due_at)

    case.refresh_from_db()
    assert (before, case.state, case.round) == (CaseState.RESOLVED, CaseState.OPEN, 2)


def test_unmarked_words_on_an_open_case_are_chased_and_change_nothing(case):
    asked = resolving.asked(case, NOON)
    wrote(case, "It is fine, I think.")

    arriving.take_in(LATER + timedelta(days=2))

    case.refresh_from_db()
    asked.refresh_from_db()
    assert (case.state, asked.verdict) == (CaseState.OPEN, Verdict.PENDING)


def test_the_page_of_a_mark_asks_what_fits_the_case(client, case, owner):
    resolving.asked(case, NOON)
    entry = wrote(case, "It is put right.")
    client.force_login(owner)
    address = f"/cases/{case.number}/messages/{entry.pk}/"

    shown = client.get(address).content.decode()
    refused = client.post(address, {"what": "reopens"})
    done = client.post(address, {"what": "confirms", "text": ""})

    assert "It says that it is put right" in shown and "It sends the case back to work" not in shown
    assert (refused.status_code, done.status_code) == (422, 303)
    case.refresh_from_db()
    assert case.state == CaseState.RESOLVED


def test_words_of_ours_have_no_page_to_mark_them(client, case, owner):
    client.force_login(owner)
    ours, theirs = case.entries.get(side="ours"), wrote(case, "All forty are in.")
    codes = [client.get(f"{case.get_absolute_url()}messages/{row.pk}/").status_code for row in (ours, theirs)]
    assert codes == [404, 200]


def test_a_case_that_closes_by_itself_meanwhile_does_not_swallow_their_words(case):
    resolving.confirmed(case, NOON)
    wrote(case, "It is loose again.")
    due = Due.objects.get(case=case, kind=DueKind.MARK)
    held = Case.objects.get(pk=case.pk)
    held.steps.filter(state="planned").update(state="done", done_at=SOON)
    assert workflow.settle(case=held, now=SOON)

    arriving.take_in(due.due_at)

    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.OPEN, 2)


def test_a_yes_on_their_page_overtakes_what_they_wrote_before(case):
    asked = resolving.asked(case, NOON)
    wrote(case, "We look at it on Thursday.")

    resolve.confirm(confirmation=asked, yes=True, text="", now=SOON)
    arriving.take_in(LATER + timedelta(days=3))

    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.RESOLVED, 1)
