"""Promise S9: a person is exported and erased: words gone, figures and the hash chain intact."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AdminEvent, Pass
from cases import ending, entries, erasure, files, outgoing, search, timeline
from cases.enums import EntryKind, Side
from cases.erasure import ledger
from cases.models import Case, CaseFile, Contact, Outgoing, Words
from cases.outgoing import Letter
from cases.refusals import Refused
from mail import blobs, delivery
from mail.inbound import sorting, storing
from mail.models import Inbound
from surveys import answering
from surveys.models import Answer
from tests import builders
from tests.surveys.making import DAY, LEAVES, invited

pytestmark = pytest.mark.django_db
PHRASES = ("Quince blossom", "Zwetschge and ginger", "Marzipan tower", "Rutabaga Aebi", "rutabaga@customer.example")
LETTER = (
    b"From: Rutabaga Aebi <rutabaga@customer.example>\r\nTo: care@demo.example\r\nSubject: Marzipan tower\r\n"
    b"Message-ID: <1@customer.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nQuince blossom once more.\r\n"
)
LATER = LEAVES + 40 * DAY


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def admin():
    return builders.user("admin", name="Noor Haddad")


@pytest.fixture
def ruth(clock) -> Contact:
    """Somebody who complained, wrote, handed in a file, was written to, answered a survey; the case is ended since."""
    clock.move_to(LATER)
    company = builders.customer(name="Halden Precision AG")
    ruth = builders.contact(company, name="Rutabaga Aebi", email="rutabaga@customer.example", phone="+41 44 555 00 00")
    invitation = invited(of=company, reporter=ruth, text="Quince blossom, broken again.")
    case, now = invitation.case, LEAVES + timedelta(hours=1)
    answering.send(
        invitation=invitation, marks={"satisfied": 4, "heard": 5, "easy": 4}, text="Zwetschge and ginger.", now=now
    )
    stored = blobs.store(upload=SimpleUploadedFile("rutabaga.txt", b"Marzipan tower"), now=now)
    files.attach(case=case, files=[("Rutabaga Aebi.txt", stored)], actor=None, contact=ruth, now=now)
    entries.add_entry(
        case=case,
        actor=case.owner,
        kind=EntryKind.CALL,
        side=Side.THEIRS,
        contact=ruth,
        text="Marzipan tower, she said.",
        now=now,
    )
    storing.store(raw=LETTER, source=Inbound.Source.COMMAND, now=now)
    sorting.sort_waiting(now)
    lead = case.team.lead
    delivery.deliver_due(now)
    lost = ending.ask_lost(case=case, actor=case.owner, reason="Gone to Brunner.", on=now.date(), now=now)
    ending.confirm(ending=lost, actor=lead, now=now)
    search.index_due(now)
    return ruth


def everything() -> str:
    """Return every stored value of every table of ours, as one text."""
    rows = []
    for model in apps.get_models():
        if model._meta.app_label in ("accounts", "mail", "cases", "surveys", "council"):
            rows += [f"{model._meta.label} {row}" for row in model._base_manager.values_list()]
    return "\n".join(rows)


def found(reader, words: str) -> int:
    return len(search.find(words=words, cases=Case.objects.all(), limit=10)) if reader else 0


def test_s9_nothing_of_a_person_is_left(ruth, admin, data_dir):
    before = everything()
    gone = erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)
    after = everything()
    assert [phrase for phrase in PHRASES if phrase not in before] == []
    assert [row for row in after.splitlines() for phrase in PHRASES if phrase in row] == []
    assert gone == Words.objects.filter(erased_at=LATER).count()
    assert [path for path in (data_dir / "files").rglob("*") if path.is_file()] == []


def test_s9_chain_and_figures_are_whole_after_erasing(ruth, admin):
    marks = list(Answer.objects.values_list("satisfied", "heard", "easy", "verdict"))
    erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)
    case = Case.objects.get()
    assert timeline.faults(case.pk) == []
    assert case.events.last() is not None
    assert list(Answer.objects.values_list("satisfied", "heard", "easy", "verdict")) == marks
    assert case.events.filter(kind="contact_erased", actor=admin).count() == 1


def test_s9_links_of_a_person_stop_working(ruth, admin):
    before = sorted(Pass.objects.filter(revoked_at=None).values_list("purpose", flat=True))
    erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)
    assert (before, Pass.objects.filter(revoked_at=None).count()) == (["confirm", "status", "survey"], 0)


def test_s9_case_page_shows_the_mark_and_who_erased(client, ruth, admin):
    erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)
    case = Case.objects.get()
    client.force_login(case.owner)
    page = client.get(case.get_absolute_url()).text
    assert ("[erased]" in page, "erased what one of their people had said" in page) == (True, True)


def test_s9_copy_holds_what_they_said_and_what_we_wrote_to_them(client, ruth, admin):
    client.force_login(admin)
    answer = client.post(f"/customers/{ruth.customer_id}/people/{ruth.pk}/data/copy/")
    held = json.loads(answer.content)
    texts = [text["text"] for text in held["texts"]]
    assert (held["person"]["name"], held["answers"][0]["marks"]["heard"]) == ("Rutabaga Aebi", 5)
    assert {"Quince blossom, broken again.", "Marzipan tower, she said."} <= set(texts)
    assert (len(held["letters"]) > 2, held["files"], held["not_shown"]) == (True, ["Rutabaga Aebi.txt"], 0)
    assert answer["Content-Disposition"].startswith('attachment; filename="rutabaga-aebi-')
    assert AdminEvent.objects.filter(kind="contact_exported", actor=admin).count() == 1


def test_s9_copy_leaves_out_cases_the_reader_may_not_see(ruth, admin):
    Case.objects.update(confidential=True)
    held = erasure.export(contact=ruth, reader=admin, now=LATER)
    assert (held["cases"], held["texts"], held["answers"], held["not_shown"]) == ([], [], [], 1)


def test_s9_bytes_that_others_handed_in_too_stay_with_them(ruth, admin):
    other = builders.case(owner=builders.user())
    same = blobs.store(upload=SimpleUploadedFile("logo.txt", b"Marzipan tower"), now=LATER)
    files.attach(case=other, files=[("logo.txt", same)], actor=other.owner, now=LATER)
    erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)
    same.refresh_from_db()
    names = set(CaseFile.objects.filter(blob=same).values_list("name", flat=True))
    assert (same.path.exists(), same.erased_at, names) == (True, None, {"[erased]", "logo.txt"})


def test_s9_letter_to_somebody_else_they_read_along_leaves_without_them(ruth, admin):
    urs = builders.contact(ruth.customer, name="Urs Halden", email="urs@customer.example")
    case = Case.objects.get()
    entry = entries.write_entry(
        case=case, actor=case.owner, kind=EntryKind.EMAIL, text="Dear Urs", now=LATER, contact=urs
    )
    entries.send(entry=entry, subject="Housings", now=LATER, copies=[(ruth.name, ruth.email)])
    typed = {"others": "boss@x.example, Rutabaga@customer.example"}
    letter = Letter(contact=urs, subject="Later", text="Dear Urs", copies=[("", ruth.email)], typed=typed)
    outgoing.send_off(case=case, actor=case.owner, letter=letter, leaves_at=LATER + DAY, now=LATER)
    erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)
    entry.message.refresh_from_db()
    kept = Outgoing.objects.get()
    assert (entry.message.state, entry.message.facts["body"]) == ("queued", "Dear Urs")
    assert [one.address for one in entry.message.recipients.all()] == ["urs@customer.example"]
    assert (kept.meant["copies"], kept.typed["others"]) == ([], "boss@x.example, ")


@pytest.mark.parametrize("role", ["manager", "lead", "chair", "auditor", "counsel"])
def test_s9_nobody_but_an_administrator_exports_or_erases(client, ruth, role):
    client.force_login(builders.user(role))
    base = f"/customers/{ruth.customer_id}/people/{ruth.pk}/data/"
    codes = [client.get(base).status_code, client.post(f"{base}copy/").status_code]
    codes.append(client.post(f"{base}erase/", {"reason": "asked", "name": ruth.name}).status_code)
    ruth.refresh_from_db()
    assert (codes, ruth.erased_at) == ([403, 403, 403], None)


def test_s9_page_erases_after_the_name_is_typed(client, ruth, admin):
    client.force_login(admin)
    base = f"/customers/{ruth.customer_id}/people/{ruth.pk}/data/"
    wrong = client.post(f"{base}erase/", {"reason": "left", "name": "Somebody else"})
    right = client.post(f"{base}erase/", {"reason": "left", "name": "rutabaga  aebi"})
    ruth.refresh_from_db()
    assert (wrong.status_code, "This is not the name of Rutabaga Aebi" in wrong.text) == (422, True)
    assert (right["location"], ruth.erased_at is not None) == (f"/customers/{ruth.customer_id}/", True)


def test_s9_person_is_kept_while_it_is_being_put_right_for_them(ruth, admin):
    builders.case(of=ruth.customer, reporter=ruth)
    with pytest.raises(Refused, match="Still being put right for them: RC-"):
        erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)


def test_s9_legal_matter_holds_the_erasure(ruth, admin):
    Case.objects.update(sensitive=True)
    with pytest.raises(Refused, match="A legal matter keeps their data for now"):
        erasure.erase(contact=ruth, actor=admin, reason="asked", now=LATER)


def test_s9_restored_copy_is_cleared_again(ruth, admin):
    ledger.note(contact=ruth.pk, reason="asked", now=LATER)
    again, once_more = (erasure.replay(since=LATER - DAY, now=LATER) for _ in range(2))
    ruth.refresh_from_db()
    assert (again, once_more, ruth.erased_at, "Quince" in everything()) == (1, 0, LATER, False)


def test_s9_number_that_somebody_else_has_by_now_is_left_alone(ruth):
    ledger.note(contact=ruth.pk, reason="asked", now=LEAVES)
    again = erasure.replay(since=LATER, now=LATER + DAY)
    ruth.refresh_from_db()
    assert (again, ruth.erased_at) == (0, None)


def test_s9_list_of_erasures_loses_no_line_and_doubles_none(data_dir):
    ledger.note(contact=4, reason="asked", now=LATER)
    other = data_dir / "other.jsonl"
    mine = ledger.path().read_text()
    fresh = '{"contact": 5, "reason": "left", "at": "2026-01-01T00:00:00+00:00"}'
    other.write_text(f'{mine}{fresh}\n{{"contact": 6, "rea')
    ledger.merge(other)
    ledger.merge(other)
    assert [line["contact"] for line in ledger.lines()] == [4, 5]
    assert data_dir == settings.DATA_DIR
