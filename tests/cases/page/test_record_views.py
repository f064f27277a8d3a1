"""What people write on the case page: each act, its refusal at its field with the words kept, and who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import drafts
from cases import actions, facts, promises
from cases.enums import ActionKind, PromiseKind, Severity, Side
from cases.models import (
    Action,
    Case,
    CaseFile,
    Entry,
    Fact,
    Gap,
    Promise,
)
from mail.models import Message
from tests import builders
from tests.builders import NOON
from tests.cases.page.moments import HOUR, LATER, text_of

pytestmark = pytest.mark.django_db


# Entries


def test_call_is_logged_and_leads_back_to_the_timeline(page, case):
    answer = page("write/call/", {"side": "ours", "contact": case.reporter_id, "text": "We spoke", "minutes": 14})
    entry = Entry.objects.get(case=case)
    assert (answer.status_code, answer.url) == (303, f"{case.get_absolute_url()}#timeline")
    assert (entry.kind, entry.words.text, entry.minutes, entry.side) == ("call", "We spoke", 14, "ours")


def test_their_email_is_written_down_and_nothing_is_sent(page, case):
    before = Message.objects.count()
    page("write/theirs/", {"contact": case.reporter_id, "text": "Thank you"})
    entry = Entry.objects.get(case=case)
    assert (entry.kind, entry.side, Message.objects.count()) == ("email", "theirs", before)


def test_call_in_the_future_is_refused(page, case):
    answer = page("write/call/", {"side": "ours", "contact": case.reporter_id, "text": "x", "at": LATER})
    assert list(answer.context["entry_form"].errors) == ["at"]


@pytest.mark.parametrize("at", ["31.2.2026", "0001-01-01T00:00", "9999-12-31T23:59", "x" * 500])
def test_an_impossible_date_is_refused_and_the_text_kept(page, case, at):
    answer = page("write/call/", {"side": "ours", "contact": case.reporter_id, "text": "Kept", "at": at})
    assert (answer.status_code, list(answer.context["entry_form"].errors)) == (422, ["at"])
    assert "Kept</textarea>" in text_of(answer)


def test_note_reaches_nobody(page, case):
    before = Message.objects.count()
    page("write/note/", {"text": "Ask the carrier"})
    case.refresh_from_db()
    assert (Entry.objects.get().kind, Message.objects.count(), case.last_word_by) == ("note", before, "theirs")


def test_entry_keeps_its_files(page, case):
    file = SimpleUploadedFile("waybill.txt", b"picked up late", content_type="text/plain")
    page("write/note/", {"text": "See the waybill", "files": [file]})
    assert CaseFile.objects.get(case=case).name == "waybill.txt"


def test_entry_drops_its_draft(page, owner, case):
    key = f"case-{case.pk}-entry"
    drafts.keep(user=owner, key=key, body={"text": "half"}, now=NOON)
    page("write/note/", {"text": "whole"})
    assert drafts.draft_of(owner, key) == {}


def test_half_written_entry_comes_back(client, owner, case):
    drafts.keep(user=owner, key=f"case-{case.pk}-entry", body={"kind": "call", "text": "half a thought"}, now=NOON)
    client.force_login(owner)
    answer = client.get(case.get_absolute_url())
    assert (answer.context["entry_form"].kind, answer.context["entry_form"]["text"].value()) == (
        "call",
        "half a thought",
    )


def test_composer_comes_as_a_fragment(client, owner, case):
    client.force_login(owner)
    answer = client.get(f"{case.get_absolute_url()}write/call/", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.count('id="composer"') == 1
    assert "<html" not in html


def test_composer_opens_without_a_script_too(client, owner, case):
    client.force_login(owner)
    answer = client.get(f"{case.get_absolute_url()}write/meeting/")
    assert (answer.context["entry_form"].kind, answer.status_code) == ("meeting", 200)


def test_what_was_said_is_offered_to_be_confirmed_in_writing(client, owner, case):
    builders.acknowledged(case)
    client.force_login(owner)
    answer = client.get(case.get_absolute_url(), {"write": "email", "confirm": "1"})
    assert "by phone: Apologised, owned it as ours" in answer.context["entry_form"]["text"].value()


# Facts and the gap


def test_fact_is_added(page, case):
    page("facts/", {"side": "theirs", "text": "The line stood", "source": "shift log", "verified": "on"})
    fact = Fact.objects.get(case=case)
    assert (fact.side, fact.words.text, fact.source, fact.verified) == ("theirs", "The line stood", "shift log", True)


def test_fact_without_a_source_is_refused(page, case):
    answer = page("facts/", {"side": "ours", "text": "So it is", "source": ""})
    assert (answer.status_code, list(answer.context["fact_form"].errors)) == (422, ["source"])
    assert "So it is</textarea>" in text_of(answer)


def test_fact_is_verified_and_unverified(page, owner, case):
    fact = facts.add_fact(case=case, actor=owner, side=Side.OURS, text="x", source="y", verified=False, now=NOON)
    page(f"facts/{fact.pk}/")
    fact.refresh_from_db()
    assert fact.verified is True


def test_fact_of_another_case_is_not_found(page, owner):
    other = builders.case(owner=owner)
    fact = facts.add_fact(case=other, actor=owner, side=Side.OURS, text="x", source="y", verified=False, now=NOON)
    assert page(f"facts/{fact.pk}/").status_code == 404


def test_gap_is_written_and_shown_in_the_strip(client, page, case):
    told = {"expected": "Housings on 12 Nov", "promised": "12 November", "delivered": "16 November"}
    page("gap/", {**told, "promised_where": "order 8812", "in_writing": "True", "valid": ""})
    gap = Gap.objects.get(case=case)
    assert (gap.promised_where, gap.in_writing, gap.valid) == ("order 8812", True, None)
    assert "Housings on 12 Nov" in client.get(case.get_absolute_url()).content.decode()


# Promises


def test_promise_is_made(page, case):
    data = {"kind": "recovery", "promise": "Forty by Friday", "promise_due_at": LATER, "form": "written", "owner": ""}
    page("promises/", data)
    promise = Promise.objects.get(case=case)
    assert (promise.words.text, promise.kind, promise.owner_id) == ("Forty by Friday", "recovery", case.owner_id)


@pytest.mark.parametrize("due", ["", "2026-11-16T10:00"])
def test_promise_without_a_time_ahead_is_refused_at_its_field(page, due):
    data = {"kind": "recovery", "promise": "Soon", "promise_due_at": due, "form": "written"}
    answer = page("promises/", data)
    assert (answer.status_code, list(answer.context["promise_form"].errors)) == (422, ["promise_due_at"])


def test_promise_is_settled_once(page, owner, case):
    promise = promises.make_promise(
        case=case, actor=owner, kind=PromiseKind.RECOVERY, text="p", due_at=NOON + 24 * HOUR, now=NOON
    )
    page(f"promises/{promise.pk}/", {"state": "kept"})
    answer = page(f"promises/{promise.pk}/", {"state": "broken"})
    promise.refresh_from_db()
    assert (promise.state, answer.status_code) == ("kept", 422)
    assert "Somebody has marked this promise already." in text_of(answer)


# Actions


def test_action_is_planned_done_and_checked(page, owner, case):
    page("actions/", {"kind": "containment", "text": "Freeze the carrier", "owner": owner.pk, "due_at": LATER})
    action = Action.objects.get(case=case)
    page(f"actions/{action.pk}/", {"act": "done"})
    page(f"actions/{action.pk}/", {"act": "check"})
    action.refresh_from_db()
    assert (action.done_by_id, action.checked_by_id) == (owner.pk, owner.pk)


def test_own_check_of_a_critical_case_is_refused_with_its_reason(page, owner, case):
    Case.objects.filter(pk=case.pk).update(severity=Severity.CRITICAL)
    action = actions.plan_action(
        case=case,
        actor=owner,
        kind=ActionKind.CONTAINMENT,
        text="a",
        owner=owner,
        due_at=NOON + 9 * HOUR,
        now=NOON,
    )
    actions.finish_action(action=action, actor=owner, now=NOON)
    answer = page(f"actions/{action.pk}/", {"act": "check"})
    assert answer.status_code == 422
    assert "This is your own action." in text_of(answer)


def test_action_in_the_past_is_refused(page, owner):
    answer = page("actions/", {"kind": "immediate", "text": "x", "owner": owner.pk, "due_at": "2026-11-16T10:00"})
    assert list(answer.context["action_form"].errors) == ["due_at"]


# Files


def test_file_is_added_and_given_back_as_an_attachment(client, page, case):
    page("files/", {"files": [SimpleUploadedFile("order.txt", b"forty housings", content_type="text/plain")]})
    file = CaseFile.objects.get(case=case)
    answer = client.get(f"{case.get_absolute_url()}files/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"forty housings"
    assert answer["Content-Disposition"] == 'attachment; filename="order.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_program_is_refused_as_a_file(page, case):
    answer = page("files/", {"files": [SimpleUploadedFile("x.pdf", b"MZ\x90\x00program" * 50)]})
    assert (answer.status_code, CaseFile.objects.count()) == (422, 0)


def test_file_of_a_confidential_case_is_not_there_for_outsiders(client, page, case):
    page("files/", {"files": [SimpleUploadedFile("order.txt", b"forty", content_type="text/plain")]})
    Case.objects.filter(pk=case.pk).update(confidential=True)
    client.force_login(builders.user("manager"))
    assert client.get(f"{case.get_absolute_url()}files/{CaseFile.objects.get().pk}/").status_code == 404


def test_an_empty_form_never_breaks_a_promise(page, owner, case):
    made = promises.make_promise(
        case=case, actor=owner, kind=PromiseKind.RECOVERY, text="Forty", due_at=NOON + 9 * HOUR, now=NOON
    )
    page(f"promises/{made.pk}/", {})
    made.refresh_from_db()
    assert made.state == "pending"
