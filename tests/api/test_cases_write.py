"""What a program writes: by the same forms and verbs, refused in the same sentences, and never twice."""

from datetime import timedelta

import pytest

from cases.models import Case, Contact, Customer, Entry, Event, Promise
from mail.models import Message
from tests import builders
from tests.api.asking import Program
from tests.builders import NOON


@pytest.fixture
def ruth():
    builders.defaults.install()
    return builders.contact(builders.customer(name="Halden Pumps AG"))


@pytest.fixture
def complaint(ruth):
    return {
        "customer": ruth.customer_id,
        "contact": ruth.pk,
        "channel": "phone",
        "text": "The housings are late again.",
    }


# Logging a complaint


def test_complaint_opens_a_case_with_clocks_words_and_receipt(program, complaint, ruth):
    answer = program.post("cases/", complaint)
    said, case = answer.json(), Case.objects.get()
    assert (answer.status_code, said["number"], said["owner"]["name"]) == (201, case.number, "Alice Amsler")
    assert (said["title"], said["texts"]["complaint"]) == (
        "The housings are late again",
        "The housings are late again.",
    )
    assert (said["reporter"]["id"], said["severity"], len(said["steps"])) == (ruth.pk, "normal", 9)
    assert [letter.template for letter in Message.objects.all()] == ["receipt"]


def test_complaint_takes_what_the_page_takes(program, complaint):
    more = {
        "stopped": True,
        "remedy": "Forty by Friday.",
        "received_at": "2026-11-17T10:30:00+01:00",
        "sensitive": True,
        "expected": "On time",
        "promised": "Monday",
        "in_writing": True,
        "valid": None,
        "competitor": "Acme",
    }
    said = program.post("cases/", {**complaint, **more}).json()
    assert (said["severity"], said["sensitive"], said["confidential"]) == ("critical", True, True)
    assert (said["received_at"], said["competitor"]) == ("2026-11-17T09:30:00Z", "Acme")
    assert [said["texts"][part] for part in ("remedy", "expected", "promised")] == [
        "Forty by Friday.",
        "On time",
        "Monday",
    ]
    assert Case.objects.get().gap.in_writing is True


def test_moment_without_an_offset_is_meant_where_the_person_is(program, complaint):
    said = program.post("cases/", {**complaint, "received_at": "2026-11-17 11:15"}).json()
    assert said["received_at"] == "2026-11-17T10:15:00Z"


def test_complaint_of_somebody_new_writes_them_down(program):
    builders.defaults.install()
    new = {
        "customer_name": "Nowak sp. z o.o.",
        "customer_is_new": True,
        "customer_place": "Poznań",
        "customer_tier": "key",
        "contact_name": "Ewa Nowak",
        "contact_email": "ewa@nowak.example",
        "text": "It broke.",
    }
    answer = program.post("cases/", new, key="first-of-them")
    again = program.post("cases/", new, key="first-of-them")
    assert (answer.status_code, again.status_code, again.json()["id"]) == (201, 200, answer.json()["id"])
    assert (Customer.objects.get().tier, Contact.objects.get().email, Case.objects.count()) == (
        "key",
        "ewa@nowak.example",
        1,
    )


def test_complaint_sent_twice_under_one_key_is_one_case(program, complaint):
    answers = [program.post("cases/", complaint, key="order-4711") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert ({answer.json()["id"] for answer in answers}, Case.objects.count()) == ({Case.objects.get().pk}, 1)


def test_key_of_one_person_is_not_the_key_of_another(program, bob, complaint):
    mine, his = (
        program.post("cases/", complaint, key="order-4711"),
        Program(bob).post("cases/", complaint, key="order-4711"),
    )
    assert (mine.status_code, his.status_code, Case.objects.count()) == (201, 201, 2)


@pytest.mark.parametrize("key", [None, "short", "x" * 201])
def test_complaint_without_a_key_is_not_taken(program, complaint, key):
    answer = program.post("cases/", complaint, key=key)
    assert (answer.status_code, Case.objects.count()) == (400, 0)
    assert answer.json()["message"].startswith("Send the header Idempotency-Key: a key of your own")


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"text": ""}, "text", "Write down what happened, in their words."),
        ({"text": "\u0000"}, "text", "Null characters are not allowed."),
        ({"text": ["no"]}, "text", "Not a valid string."),
        ({"customer": None}, "customer", "This field may not be null."),
        ({"customer": 999999}, "customer_name", "Say which customer this is from."),
        ({"contact": 999999}, "contact_name", "Say who told us. Whoever it was hears from us first."),
        ({"received_at": "2026-11-18"}, "received_at", "This moment lies in the future. Say when you heard of it."),
        ({"received_at": "soon"}, "received_at", "This is not a day and time. Write it as 2026-11-17 08:12."),
        ({"owner": 999999}, "owner", "Select a valid choice. That choice is not one of the available choices."),
        ({"channel": "fax"}, "channel", '"fax" is not a valid choice.'),
        ({"state": "closed"}, "state", "This is not known here. See the description of the API."),
        ({"outcome": "recovered"}, "outcome", "This is not known here. See the description of the API."),
    ],
)
def test_complaint_is_refused_at_its_field_and_nothing_is_written(program, complaint, changed, field, message):
    answer = program.post("cases/", {**complaint, **changed})
    assert (answer.status_code, answer.json()["fields"]) == (422, {field: [message]})
    assert (Case.objects.count(), Event.objects.count()) == (0, 0)


def test_refused_complaint_leaves_its_key_free(program, complaint):
    assert program.post("cases/", {**complaint, "text": ""}, key="order-4711").status_code == 422
    assert program.post("cases/", complaint, key="order-4711").status_code == 201


def test_refusal_of_the_verb_stands_at_its_field(program, complaint, alice):
    answer = program.post("cases/", {**complaint, "about_user": alice.pk, "owner": alice.pk})
    assert (answer.status_code, list(answer.json()["fields"]), Case.objects.count()) == (422, ["owner"], 0)


@pytest.mark.parametrize("role", ["auditor", "admin", "counsel"])
def test_who_may_not_log_on_the_page_does_not_by_a_program(complaint, role):
    answer = Program(builders.user(role)).post("cases/", complaint)
    assert (answer.status_code, Case.objects.count()) == (403, 0)


def test_what_cannot_be_read_is_said_to_be_so(program):
    answer = program.post("cases/", "{", key="order-4711")
    assert (answer.status_code, list(answer.json())) == (400, ["message"])
    assert program.post("cases/", [], key="order-4711").status_code == 422


# Entries


def call(case: Case, **more) -> dict:
    """What a phone system sends."""
    return {
        "kind": "call",
        "side": "ours",
        "contact": case.reporter_id,
        "text": "Told her where the courier is.",
        **more,
    }


def test_call_is_written_down_with_its_promise(program, case):
    body = call(
        case, minutes=4, at="2026-11-17T11:50:00Z", promise="A call at noon", promise_due_at="2026-11-18T12:00:00+01:00"
    )
    said = program.post(f"cases/{case.pk}/entries/", body)
    assert said.status_code == 201
    assert said.json() == {
        "id": Entry.objects.latest("pk").pk,
        "kind": "call",
        "side": "ours",
        "text": "Told her where the courier is.",
        "author": {"id": case.owner_id, "name": "Alice Amsler"},
        "contact": {"id": case.reporter_id, "name": "Ruth Aebi"},
        "at": "2026-11-17T11:50:00Z",
        "minutes": 4,
        "in_writing": False,
    }
    assert Promise.objects.latest("pk").due_at == NOON + timedelta(days=1)
    assert Event.objects.filter(case=case, kind="entry_added").count() == 2


def test_entry_sent_twice_under_one_key_is_one_entry(program, case):
    before = Entry.objects.count()
    answers = [program.post(f"cases/{case.pk}/entries/", call(case), key="call-000815") for _ in range(3)]
    assert ([answer.status_code for answer in answers], Entry.objects.count()) == ([201, 200, 200], before + 1)
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_same_key_on_another_case_is_another_entry(program, case, alice):
    other = builders.case(owner=alice)
    answers = [program.post(f"cases/{one.pk}/entries/", call(one), key="call-000815") for one in (case, other)]
    assert [answer.status_code for answer in answers] == [201, 201]


def test_note_and_their_email_need_less(program, case):
    note = program.post(f"cases/{case.pk}/entries/", {"kind": "note", "text": "Ask quality."})
    email = program.post(
        f"cases/{case.pk}/entries/", {"kind": "email", "contact": case.reporter_id, "text": "Where is it?"}
    )
    assert [(answer.status_code, answer.json()["side"]) for answer in (note, email)] == [(201, "ours"), (201, "theirs")]


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"text": " "}, "text", "Write a few words."),
        ({"side": ""}, "side", '"" is not a valid choice.'),
        ({"contact": 999999}, "contact", "Choose one from the list."),
        ({"at": "2026-11-18T12:00:00Z"}, "at", "This moment lies in the future. Say when it happened."),
        ({"kind": "fax"}, "kind", '"fax" is not a valid choice.'),
        ({"kind": "note"}, "contact", "This does not belong to: Note. Leave it out."),
        ({"kind": "letter", "minutes": 4}, "minutes", "This does not belong to: Posted letter. Leave it out."),
        ({"promise_due_at": "2026-11-18T12:00:00Z"}, "promise", "Say what you promise."),
        ({"round": 2}, "round", "This is not known here. See the description of the API."),
    ],
)
def test_entry_is_refused_at_its_field_and_nothing_is_written(program, case, changed, field, message):
    before = Event.objects.count()
    answer = program.post(f"cases/{case.pk}/entries/", call(case, **changed))
    assert (answer.status_code, answer.json()["fields"].get(field), Event.objects.count()) == (422, [message], before)


def test_who_may_not_write_on_the_page_does_not_by_a_program(case, charlie):
    auditor = builders.user("auditor")
    for person in (charlie, auditor):
        program = Program(person)
        answers = [
            program.post(f"cases/{case.pk}/entries/", call(case)),
            program.patch(f"cases/{case.pk}/", {"rev": 1}),
        ]
        assert [answer.status_code for answer in answers] == [403, 403]


def test_s2_nothing_is_written_on_a_case_that_is_not_seen(alice, charlie):
    secret = builders.case(owner=alice, sensitive=True)
    program = Program(charlie)
    answers = [
        program.post(f"cases/{secret.pk}/entries/", call(secret)),
        program.patch(f"cases/{secret.pk}/", {"rev": 1}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
