"""Logging a complaint: what the form takes, keeps and refuses."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import drafts
from cases.enums import Channel, RemedyState, Severity, Tier
from cases.models import Case, CaseFile, Category, Contact, Customer
from mail.blobs import MAX_BYTES
from tests import builders
from tests.builders import NOON
from tests.cases.log.form import PNG, typed, wrong


def test_log_opens_a_case_with_the_words_as_they_were(client, ruth, halden, marta):
    answer = client.post("/cases/new/", typed())
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.number}/"
    assert case.words.get(part="complaint").text == typed()["text"]
    assert (case.customer, case.reporter, case.owner, case.logged_by) == (halden, ruth, marta, marta)
    assert (case.title, case.channel, case.received_at) == (
        "This is the third time this year",
        Channel.PHONE,
        datetime(2026, 11, 17, 7, 12, tzinfo=UTC),
    )


def test_log_leads_on_to_acknowledging(client, ruth):
    answer = client.post("/cases/new/", typed(then="acknowledge"))
    assert answer.headers["Location"] == f"/cases/{Case.objects.get().number}/?step=1"


def test_log_sent_twice_opens_one_case(client, ruth):
    answers = [client.post("/cases/new/", typed()).headers["Location"] for _ in range(2)]
    assert answers == [f"/cases/{Case.objects.get().number}/"] * 2


def test_log_makes_customer_and_contact_in_place(client, marta):
    form = typed(
        customer="new",
        customer_name="Tessin Medical SA",
        customer_place="Lugano",
        customer_tier="key",
        contact_name="Luca Bernasconi",
        contact_title="CFO",
        contact_email="luca@tessin.example",
    )
    client.post("/cases/new/", form)
    customer, contact = Customer.objects.get(), Contact.objects.get()
    assert (customer.name, customer.folded, customer.place, customer.tier) == (
        "Tessin Medical SA", "tessin medical sa", "Lugano", Tier.KEY,
    )  # fmt: skip
    assert (customer.account_manager, customer.team) == (marta, marta.team)
    assert (contact.customer, contact.name, contact.title) == (customer, "Luca Bernasconi", "CFO")
    assert Case.objects.get().reporter == contact


def test_log_adds_a_new_person_at_a_known_customer(client, halden):
    client.post("/cases/new/", typed(contact_name="Beat Frey", contact_phone="+41 44 000 00 00"))
    assert [(one.name, one.phone) for one in Contact.objects.filter(customer=halden)] == [
        ("Beat Frey", "+41 44 000 00 00")
    ]


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({"remedy": "Forty housings by Friday"}, RemedyState.TOLD, ["Forty housings by Friday"]),
        ({"remedy_state": "left_to_us"}, RemedyState.LEFT_TO_US, []),
        ({"remedy": " "}, RemedyState.NOT_ASKED, []),
        ({"remedy": "Forty", "remedy_state": "left_to_us"}, RemedyState.TOLD, ["Forty"]),
    ],
)
def test_log_keeps_what_would_make_it_right(client, ruth, fields, state, words):
    client.post("/cases/new/", typed(**fields))
    case = Case.objects.get()
    assert case.remedy_state == state
    assert [row.text for row in case.words.filter(part="remedy")] == words


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({}, Severity.NORMAL),
        ({"stopped": "on"}, Severity.CRITICAL),
        ({"public_exposure": "on"}, Severity.CRITICAL),
        ({"loss": "on"}, Severity.HIGH),
        ({"annoyance": "on"}, Severity.LOW),
        ({"annoyance": "on", "severity": "high"}, Severity.HIGH),
    ],
)
def test_log_proposes_the_severity_from_the_answers(client, ruth, fields, severity):
    client.post("/cases/new/", typed(**fields))
    assert Case.objects.get().severity == severity


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("The goods were delivered a week late.", "Delivery"),
        ("Your invoice is wrong.", "Invoicing"),
        ("Nobody answers.", None),
    ],
)
def test_log_suggests_a_category_from_the_words(client, ruth, text, category):
    client.post("/cases/new/", typed(text=text))
    found = Case.objects.get().category
    assert (found and found.name) == category


def test_log_takes_the_category_that_was_chosen(client, ruth):
    service = Category.objects.get(name="Service")
    client.post("/cases/new/", typed(text="Your invoice is wrong.", category=service.pk))
    assert Case.objects.get().category == service


def test_log_gives_a_complaint_about_one_of_us_to_the_lead(client, ruth, halden):
    lead = builders.user("lead", of=builders.team())
    halden.team = builders.team()
    halden.team.lead = lead
    halden.team.save()
    halden.save()
    client.post("/cases/new/", typed(about_person="on"))
    case = Case.objects.get()
    assert (case.owner, case.confidential, case.about_person) == (lead, True, True)


def test_log_keeps_what_was_expected_and_promised(client, ruth):
    client.post("/cases/new/", typed(expected="Forty on the 12th", promised_where="Mail of 2 Nov", in_writing="yes"))
    case = Case.objects.get()
    assert case.words.get(part="expected").text == "Forty on the 12th"
    assert (case.gap.promised_where, case.gap.in_writing, case.gap.valid) == ("Mail of 2 Nov", True, None)


def test_log_writes_nobody_down_for_what_we_found_ourselves(client, halden):
    client.post("/cases/new/", typed(channel="found", contact_name=""))
    assert Case.objects.get().reporter is None


def test_log_drops_the_draft_once_the_case_is_open(client, ruth, marta):
    drafts.keep(user=marta, key="log", body={"text": "half a sent"}, now=NOON)
    client.post("/cases/new/", typed())
    assert drafts.draft_of(marta, "log") == {}


# What goes wrong


def test_log_asks_which_of_the_customers_alike_by_name(client, halden):
    twin = builders.customer(name="Halden Precision AG", place="Bern")
    answer = client.post("/cases/new/", typed())
    assert wrong(answer) == {"customer_name": ["Several customers have this name. Choose one."]}
    assert f'name="customer_pick" value="{twin.pk}"' in answer.content.decode()


def test_log_without_script_offers_near_names_and_a_new_one(client, halden):
    answer = client.post("/cases/new/", typed(customer_name="hald"))
    assert list(wrong(answer)) == ["customer_name"]
    page = answer.content.decode()
    assert f'name="customer_pick" value="{halden.pk}"' in page and "A new customer, “hald”" in page
    client.post("/cases/new/", typed(customer_name="hald", customer_pick=halden.pk, contact_phone="1"))
    assert Case.objects.get().customer == halden


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"customer_name": ""}, "customer_name"),
        ({"customer_name": "Nobody & Sons"}, "customer_name"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_name": "Somebody Unreachable"}, "contact_name"),
        ({"contact_name": "Beat Frey", "contact_email": "no address"}, "contact_email"),
        ({"text": " \n"}, "text"),
        ({"text": "x" * 100_001}, "text"),
        ({"received_at": ""}, "received_at"),
        ({"received_at": "2026-02-30T10:00"}, "received_at"),
        ({"received_at": "soon"}, "received_at"),
        ({"received_at": "2026-11-17T12:05"}, "received_at"),
        ({"received_at": "0001-01-01T00:00"}, "received_at"),
        ({"received_at": "2026-03-29T02:30"}, "received_at"),
        ({"channel": "pigeon"}, "channel"),
        ({"severity": "awful"}, "severity"),
        ({"category": "999999"}, "category"),
        ({"owner": "999999"}, "owner"),
    ],
)
def test_log_refuses_at_the_field_and_keeps_what_was_typed(client, ruth, fields, field):
    answer = client.post("/cases/new/", typed(remedy="Forty housings by Friday", **fields))
    assert list(wrong(answer)) == [field]
    assert 'value="Forty housings by Friday"' in answer.content.decode()
    assert not Case.objects.exists()


def test_log_says_whose_address_a_new_person_gave(client, ruth):
    answer = client.post("/cases/new/", typed(contact_name="R. Aebi", contact_email=ruth.email.upper()))
    assert wrong(answer) == {"contact_name": [f"{ruth.email.upper()} is the address of Ruth Aebi. Choose them."]}


def test_log_keeps_good_files_when_another_is_too_large(client, ruth):
    files = [SimpleUploadedFile("photo.png", PNG), SimpleUploadedFile("film.png", PNG + b"\0" * MAX_BYTES)]
    answer = client.post("/cases/new/", typed(files=files))
    assert wrong(answer) == {"files": ["“film.png” has 25 MB; a file may have 25 MB. Choose a smaller version of it."]}
    [(name, mark)] = answer.context["kept"]
    assert name == "photo.png"
    client.post("/cases/new/", typed(kept=mark))
    assert [one.name for one in CaseFile.objects.all()] == ["photo.png"]


def test_log_takes_no_file_mark_that_is_not_ours(client, ruth):
    client.post("/cases/new/", typed(kept=["forged", "", "a:b:c"]))
    assert (Case.objects.count(), CaseFile.objects.count()) == (1, 0)


def test_log_survives_signs_no_database_holds(client, ruth):
    client.post("/cases/new/", typed(text="a\x00b", title="t\x00", customer_place="\x00"))
    case = Case.objects.get()
    assert (case.words.get(part="complaint").text, case.title) == ("ab", "t")


def test_form_opened_from_a_customer_names_it(client, marta):
    customer = builders.customer(name="Halden Precision AG")
    for asked, name in ((str(customer.pk), "Halden Precision AG"), ("999999", None), ("x" * 30, None)):
        form = client.get(f"/cases/new/?customer={asked}").context["form"]
        assert form.initial.get("customer_name") == name


def test_complaint_by_web_form_is_written_down_as_such(client, marta):
    assert ("web", "Web form") in client.get("/cases/new/").context["form"].fields["channel"].choices
