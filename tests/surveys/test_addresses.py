"""A link goes to the address asked and wanders to nobody else; one of us is never asked in the customer's place."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache

from accounts import passes
from cases import customers, reminding
from cases.enums import EntryKind
from cases.models import Case, Confirmation, Contact
from cases.steps import asking_anew, their_word
from cases.timeline import Kind
from mail import delivery, rendering
from mail.inbound import storing
from mail.models import Message, Notice, Recipient
from surveys import choosing, freshening, inviting
from surveys import reminding as survey_reminding
from surveys.models import Invitation
from tests import builders
from tests.surveys import making
from tests.surveys.making import ASKED, DAY, LEAVES, MINUTE

pytestmark = pytest.mark.django_db
PRIVATE = "marta.at.home@private.example"


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


def move(contact: Contact, address: str, *, now=ASKED + DAY) -> None:
    fields = {name: getattr(contact, name) for name in customers.CONTACT_FIELDS} | {"email": address}
    actor = Case.objects.get().owner
    customers.edit_contact(actor=actor, contact=contact, fields=fields, seen=customers.mark_of(contact), now=now)


def sent_to(template: str) -> set[str]:
    return set(Recipient.objects.filter(message__template=template).values_list("address", flat=True))


def test_address_changed_after_asking_is_told_on_the_case_and_to_the_lead():
    question = making.asked()
    move(question.contact, PRIVATE)
    event = Case.objects.get().events.get(kind=Kind.ADDRESS_CHANGED)
    assert (event.actor.name, event.contact, event.facts) == (
        "Marta Keller",
        question.contact,
        {"contact": event.contact_id},
    )
    told = Notice.objects.get(kind="address_changed")
    assert (told.user.name, told.facts["contact"]) == ("Lena Lead", "Ruth Aebi")


def test_address_changed_after_an_offer_is_told_at_the_former_one_and_shown(client):
    case = making.offered()
    first = case.reporter.email
    move(case.reporter, PRIVATE, now=ASKED)

    letter = Message.objects.get(template="address_changed")
    told = rendering.letter_of(letter)
    client.force_login(case.owner)
    page = client.get(case.get_absolute_url()).content.decode()

    assert sent_to("address_changed") == {first}
    assert "at private.example" in told.text and PRIVATE not in told.text and "Lena Lead" in told.text
    assert case.events.get(kind=Kind.ADDRESS_CHANGED).contact == case.reporter
    assert Notice.objects.get(kind="address_changed").user.name == "Lena Lead"
    assert "Marta Keller changed the address of Ruth Aebi" in page


def test_address_changed_before_any_offer_is_told_where_the_receipt_went():
    case = builders.case(owner=making.team_of_two()[0])
    first = case.reporter.email
    move(case.reporter, PRIVATE)

    assert (sent_to("address_changed"), case.events.filter(kind=Kind.ADDRESS_CHANGED).count()) == ({first}, 1)


def test_nobody_is_told_at_an_address_letters_came_back_from():
    question = making.asked()
    Contact.objects.update(bounced_at=ASKED)
    move(question.contact, "ruth.new@customer.example")

    assert sent_to("address_changed") == set()
    assert Notice.objects.get(kind="address_changed").facts["told"] is False
    assert Case.objects.get().events.filter(kind=Kind.ADDRESS_CHANGED).exists()


def test_address_letters_never_went_to_is_changed_without_a_word():
    case = builders.case(owner=making.team_of_two()[0], channel="found")
    other = builders.contact(case.customer, name="Urs Halden")
    move(other, PRIVATE)

    assert (sent_to("address_changed"), case.events.filter(kind=Kind.ADDRESS_CHANGED).count()) == (set(), 0)


def test_spoken_yes_is_quoted_where_the_question_went_though_the_address_was_changed_since():
    question = making.asked()
    first = question.contact.email
    move(question.contact, PRIVATE, now=ASKED)
    case = Case.objects.get()
    their_word.spoken_yes(case=case, actor=case.owner, how=EntryKind.CALL, text="All is well.", now=ASKED + MINUTE)

    assert sent_to("confirm") == {first}


def test_written_yes_is_noted_to_where_the_question_went_though_the_address_was_changed_since():
    question = making.asked()
    first = question.contact.email
    move(question.contact, PRIVATE, now=ASKED)
    case = Case.objects.get()
    blob = storing.keep(raw=BytesIO(b"All is well"), content_type="text/plain", now=ASKED)
    about = {"case": case, "actor": case.owner, "text": "All is well.", "now": ASKED + MINUTE}
    their_word.written_yes(file=("mail.txt", blob), **about)

    assert sent_to("noted") == {first}


def test_whoever_confirmed_until_now_is_told_that_somebody_else_does():
    case = making.offered()
    first, urs = case.reporter, builders.contact(case.customer, name="Urs Halden", email=PRIVATE)
    about = {"case": case, "actor": case.owner, "reason": "Ruth is on leave", "now": ASKED}
    asking_anew.change_confirmer(contact=urs, **about)

    letter = Message.objects.get(template="address_changed")
    assert sent_to("address_changed") == {first.email}
    assert "we ask Urs Halden, and no longer you" in rendering.letter_of(letter).text
    assert Notice.objects.get(kind="confirmer_changed").user.name == "Lena Lead"


@pytest.mark.parametrize(("code", "word"), [("de", "eine andere Adresse"), ("fr", "une autre adresse")])
def test_whoever_is_told_is_told_in_their_language(code, word):
    case = making.offered()
    Contact.objects.update(language=code)
    move(Contact.objects.get(pk=case.reporter_id), PRIVATE, now=ASKED)

    told = rendering.letter_of(Message.objects.get(template="address_changed"))
    assert word in told.subject and "private.example" in told.text


def test_address_changed_before_asking_is_no_event():
    case = making.resolved()
    move(case.reporter, "ruth.new@customer.example", now=LEAVES)
    assert not case.events.filter(kind=Kind.ADDRESS_CHANGED).exists()


def test_reminder_and_fresh_link_of_a_question_go_where_the_question_went():
    question = making.asked()
    first = question.contact.email
    delivery.deliver_due(ASKED)
    move(question.contact, PRIVATE)
    reminding.remind_due(ASKED + 5 * DAY)
    token = passes.token_of(Confirmation.objects.select_related("link").get().link)
    assert freshening.send_fresh(token=token, purpose="confirm", now=ASKED + 100 * DAY)
    assert (sent_to("confirm"), sent_to("confirm_reminder"), sent_to("fresh_link")) == ({first}, {first}, {first})


def test_survey_reminder_goes_where_the_survey_went():
    invitation = making.invited()
    first = invitation.contact.email
    move(invitation.contact, PRIVATE, now=LEAVES + DAY)
    survey_reminding.remind_due(LEAVES + 4 * DAY)
    assert sent_to("survey_reminder") == {first}


def test_letter_that_came_back_is_followed_by_one_to_the_new_address():
    question = making.asked()
    delivery.deliver_due(ASKED)
    Recipient.objects.filter(message__template="confirm").update(state=Recipient.State.BOUNCED)
    move(question.contact, "ruth.new@customer.example")
    reminding.remind_due(ASKED + 5 * DAY)
    assert sent_to("confirm_reminder") == {"ruth.new@customer.example"}


def test_one_of_us_is_not_asked_in_a_survey():
    case = making.resolved()
    Contact.objects.update(email=case.owner.email.replace("@", "+survey@"))
    inviting.invite_due(LEAVES)
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.reason) == ("not_asked", choosing.OURS)
    assert not Message.objects.filter(template="survey").exists()


def test_fresh_link_never_leaves_to_one_of_us():
    question = making.asked()
    token = passes.token_of(question.link)
    Recipient.objects.filter(message=question.message_id).update(address=Case.objects.get().owner.email)
    assert freshening.send_fresh(token=token, purpose="confirm", now=ASKED + timedelta(days=100)) is False
    assert not Message.objects.filter(template="fresh_link").exists()
