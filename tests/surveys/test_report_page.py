"""The page where anybody reports a problem: into the intake, within bounds, and never onto somebody's case."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from time_machine import travel

from cases import arriving
from cases.models import Case, IntakeItem
from mail import delivery
from mail.models import Inbound
from surveys import limits
from tests import builders

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
GIVEN = {
    "name": "Ruth Aebi",
    "company": "Halden Precision AG",
    "email": "ruth@halden.example",
    "phone": "+41 79 000",
    "text": "Thirty of forty housings came.",
    "remedy": "The other ten by Friday.",
}


@pytest.fixture(autouse=True)
def open_page(settings):
    settings.REPORT_PAGE = True
    cache.clear()
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def company():
    case = builders.case(owner=builders.user(name="Marta Keller"), now=NOW)
    case.customer.contacts.filter(pk=case.reporter_id).update(email="ruth@halden.example")
    return case


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_report_waits_in_the_intake_with_its_sender_known(client, company):
    slip = SimpleUploadedFile("slip.txt", b"thirty pieces", content_type="text/plain")
    thanked = client.post("/report/", {**GIVEN, "files": [slip]}, follow=True)
    assert "A person reads it within two working hours" in words_of(thanked)
    arriving.take_in(NOW)
    item = IntakeItem.objects.select_related("inbound").get()
    assert (item.inbound.source, item.inbound.sender, item.contact) == ("form", "ruth@halden.example", company.reporter)
    assert "Thirty of forty housings came." in item.inbound.text
    assert "What would make it right: The other ten by Friday." in " ".join(item.inbound.text.split())
    assert item.due_at > NOW
    assert item.inbound.attachments.get().name == "slip.txt"


@pytest.mark.parametrize("email", ["mailer-daemon@somewhere.example", "ruth@halden.example"])
def test_words_of_a_mail_server_bring_no_letter_back(client, company, email):
    delivery.deliver_due(NOW)
    text = "Undelivered mail: delivery failed.\n<ruth@halden.example>: 550 5.1.1 user unknown"
    client.post("/report/", {**GIVEN, "name": "Mail Delivery Subsystem", "email": email, "text": text})
    arriving.take_in(NOW)
    company.reporter.refresh_from_db()
    assert (IntakeItem.objects.count(), Inbound.objects.get().kind, company.reporter.bounced_at) == (1, "new", None)


@pytest.mark.parametrize("email", ["ruth@exämple.ch", "a" * 64 + "@halden.example"])
def test_any_address_a_form_takes_can_be_written_into_a_message(client, company, email):
    answer = client.post("/report/", {**GIVEN, "email": email})
    arriving.take_in(NOW)
    assert (answer.status_code, IntakeItem.objects.count()) == (302, 1)


def test_number_of_a_case_in_the_words_lands_on_no_case(client, company):
    told = Case.objects.get().entries.count()
    client.post("/report/", {**GIVEN, "name": f"Ruth {company.number}", "text": f"About {company.number}"})
    arriving.take_in(NOW)
    assert (IntakeItem.objects.count(), Case.objects.get().entries.count()) == (1, told)


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(client, db):
    answer = client.post("/report/", {**GIVEN, "text": " ", "email": "ruth"})
    shown = words_of(answer)
    assert (answer.status_code, "Please tell us what happened." in shown) == (422, True)
    assert ('value="Halden Precision AG"' in shown, "The other ten by Friday." in shown) == (True, True)
    assert Inbound.objects.count() == 0


def test_machine_that_fills_in_what_nobody_sees_is_thanked_and_not_heard(client, db):
    answer = client.post("/report/", {**GIVEN, "website": "https://buy.example"})
    assert (answer.status_code, answer["Location"], Inbound.objects.count()) == (302, "/report/thanks/", 0)


def test_one_address_reports_a_few_times_an_hour(client, db):
    for n in range(limits.REPORTS + 1):
        answer = client.post("/report/", {**GIVEN, "text": f"Again {n}"})
    assert (answer.status_code, "That was a lot at once." in words_of(answer)) == (422, True)
    assert ("Again 5" in words_of(answer), Inbound.objects.count()) == (True, limits.REPORTS)


def test_headers_cannot_be_written_by_a_name(client, db):
    client.post("/report/", {**GIVEN, "name": "Ruth\r\nBcc: all@halden.example"})
    with Inbound.objects.get().raw.path.open("rb") as raw:
        head = raw.read().partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head


def test_page_speaks_their_language(client, db):
    shown = client.get("/report/", headers={"accept-language": "fr"}).content.decode()
    assert "Dites-nous ce qui n’a pas fonctionné." in shown


def test_page_is_not_there_unless_it_is_wanted(client, db, settings):
    settings.REPORT_PAGE = False
    assert [client.get(url).status_code for url in ("/report/", "/report/thanks/")] == [404, 404]
    assert client.post("/report/", GIVEN).status_code == 404
    assert Inbound.objects.count() == 0
