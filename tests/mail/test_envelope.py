"""Headers, threading and links as the mail server gets them."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts import passes
from mail import links, outbox, return_paths
from mail.delivery import Delivered, deliver_due
from mail.models import Blob, Inbound
from tests.mail.conftest import NOW, body_of, queue

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(letters):
    letters("ask", "Subject: {{ title }}\n\n{{ words }}\n\n[Yes]({{ confirm_url }})\n")


def _pass(target="c-1"):
    return passes.issue(purpose="confirm", target=target, now=NOW, lifetime=timedelta(days=90))


def _ask(pass_, **facts):
    url = f"https://goldseam.example/confirm/{links.mark_of(pass_)}/"
    return queue(template="ask", facts={"title": "Is it right?", "words": "Please say.", "confirm_url": url, **facts})


def test_headers_name_sender_reader_and_moment(smtp, settings):
    settings.DEFAULT_FROM_EMAIL = "Alder Castings <care@alder.example>"
    queue(to=[("Änne Röth", "anne@halden.example")])
    deliver_due(NOW)
    mail = smtp.mails[0]
    assert mail["From"] == "Alder Castings <care@alder.example>"
    assert mail["To"] == "Änne Röth <anne@halden.example>"
    assert mail["Date"] == "Wed, 04 Mar 2026 09:00:00 +0000"
    assert mail["Message-ID"].endswith("@alder.example>")
    assert (mail["Auto-Submitted"], mail["Reply-To"], mail["List-Unsubscribe"]) == (None, None, None)
    assert mail.get_content_type() == "multipart/alternative"


def test_a_letter_may_have_a_return_address_of_its_own(smtp, settings):
    settings.DEFAULT_FROM_EMAIL, settings.RETURN_PATHS = "Alder Castings <care@alder.example>", True
    message = queue(to=[("Änne Röth", "anne@halden.example")])

    deliver_due(NOW)

    back = return_paths.address_of(message)
    assert (smtp.letters[0].sender, smtp.mails[0]["From"]) == (back, "Alder Castings <care@alder.example>")
    assert return_paths.letter_of(["who@else.example", back]) == message.pk
    assert return_paths.letter_of([back.replace(f"+r{message.pk}", f"+r{message.pk + 1}")]) is None


@pytest.mark.parametrize("how", [{"to_staff": True}, {"facts": {"automatic": True}}])
def test_what_no_machine_should_answer_says_so(smtp, how):
    queue(**how)
    deliver_due(NOW)
    assert smtp.mails[0]["Auto-Submitted"] == "auto-generated"


def test_unsubscribing_is_offered_only_where_there_is_a_way(smtp):
    queue(facts={"list_unsubscribe_url": "https://goldseam.example/stop/"})
    deliver_due(NOW)
    assert smtp.mails[0]["List-Unsubscribe"] == "<https://goldseam.example/stop/>"
    assert smtp.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_letters_of_a_thread_refer_to_those_before(smtp, settings):
    settings.DEFAULT_FROM_EMAIL = "care@alder.example"
    with transaction.atomic():
        thread = outbox.open_thread(key="case-1")
    first, second = queue("k1", thread=thread), queue("k2", thread=thread)
    queue("staff", thread=thread, to_staff=True), queue("other")
    deliver_due(NOW)
    one, two, staff, other = smtp.mails
    assert (one["In-Reply-To"], one["References"]) == (None, None)
    assert (two["In-Reply-To"], two["References"]) == (first.message_id, first.message_id)
    assert (staff["References"], other["References"]) == (None, None)
    assert two["Reply-To"] == f"care+{thread.reply_token}@alder.example"
    assert (staff["Reply-To"], other["Reply-To"]) == (None, None)
    third = queue("k3", thread=thread, reply_to="Marta <marta@alder.example>")
    deliver_due(NOW)
    assert third.message_id == smtp.mails[-1]["Message-ID"]
    assert smtp.mails[-1]["References"].split() == [first.message_id, second.message_id]
    assert smtp.mails[-1]["Reply-To"] == "Marta <marta@alder.example>"


def test_a_long_thread_names_its_first_and_its_last_letters(smtp):
    with transaction.atomic():
        thread = outbox.open_thread(key="case-1")
    sent = [queue(f"k{number}", thread=thread) for number in range(30)]
    deliver_due(NOW)
    references = smtp.mails[-1]["References"].split()
    assert references == [sent[0].message_id] + [one.message_id for one in sent[17:29]]


def test_a_link_becomes_real_only_at_the_door(smtp, asking):
    pass_ = _pass()
    message = _ask(pass_)
    deliver_due(NOW)
    url = f"https://goldseam.example/confirm/{passes.token_of(pass_)}/"
    assert f"Yes: {url}" in body_of(smtp.mails[0])
    assert f'href="{url}"' in body_of(smtp.mails[0], "html")
    message.refresh_from_db()
    assert passes.token_of(pass_) not in message.text + message.html + str(message.facts)
    assert f"/confirm/{links.mark_of(pass_)}/" in message.text


def test_words_cannot_bring_in_somebody_elses_link(smtp, asking):
    theirs, other = _pass("c-1"), _pass("c-2")
    _ask(theirs, words=f"quote: {links.mark_of(other)}", title=links.mark_of(other))
    assert deliver_due(NOW) == Delivered(sent=1)
    whole = smtp.mails[0].as_string() + body_of(smtp.mails[0]) + body_of(smtp.mails[0], "html")
    assert passes.token_of(other) not in whole
    assert smtp.mails[0]["Subject"] == f"{{{{ pass:{other.pk}}}}}"


def test_a_complaint_of_the_server_shows_no_link(smtp, asking):
    pass_ = _pass()
    message = _ask(pass_)
    smtp.answers = [f"554 Blocked https://goldseam.example/confirm/{passes.token_of(pass_)}/"]
    deliver_due(NOW)
    message.refresh_from_db()
    assert message.error == "554 Blocked https://goldseam.example/confirm/[link]/"
    assert message.recipients.get().error == message.error


def test_a_letter_whose_link_is_gone_is_set_aside(smtp, asking):
    pass_ = _pass()
    message = _ask(pass_)
    pass_.delete()
    assert deliver_due(NOW) == Delivered(dead=1)
    message.refresh_from_db()
    assert message.error == "A link in this letter can no longer be made. Send a fresh letter instead."


def test_a_fact_cannot_begin_another_header(smtp, asking):
    _ask(_pass(), title="Hello\r\nBcc: x@evil.example\r\n\r\nbody")
    assert deliver_due(NOW) == Delivered(sent=1)
    (letter,) = smtp.letters
    mail = letter.message
    assert letter.recipients == ("anna@halden.example",)
    assert mail["Subject"] == "Hello Bcc: x@evil.example body"
    assert mail["Bcc"] is None


def test_words_of_any_script_and_shape_arrive_as_written(smtp, letters):
    letters("any", "Subject: {{ title }}\n\n{{ words }}\n")
    title = "Größe und Maß, 品質 🙂 " * 9
    words = "From here on.\n.\n..dots\n=3D equals " + "ä" * 300 + "\ntrailing \n" + "x" * 1200
    queue(template="any", facts={"title": title, "words": words})
    assert deliver_due(NOW) == Delivered(sent=1)
    assert smtp.mails[0]["Subject"] == title.strip()
    assert body_of(smtp.mails[0]).startswith("From here on.\n.\n..dots\n=3D equals\n" + "ä" * 300 + "\ntrailing\n")
    assert max(map(len, smtp.letters[0].raw.split(b"\r\n"))) <= 998


def test_an_international_domain_is_sent_in_its_ascii_form(smtp):
    queue(to=[("A", "a@bücher.example")])
    assert deliver_due(NOW) == Delivered(sent=1)
    assert smtp.letters[0].recipients == ("a@xn--bcher-kva.example",)


def test_shown_hides_links_from_colleagues(settings):
    settings.DEMONSTRATION = False
    pass_ = _pass()
    body = f'Yes: https://a.example/confirm/{links.mark_of(pass_)}/?mark=1 <a href="https://a.example/{links.mark_of(pass_)}/">'
    assert links.shown(body) == 'Yes: [link] <a aria-disabled="true">'


def test_shown_gives_the_real_link_in_the_demonstration(settings):
    settings.DEMONSTRATION = True
    pass_ = _pass()
    assert links.shown(f"/{links.mark_of(pass_)}/ {{{{pass:999999}}}}") == f"/{passes.token_of(pass_)}/ [link]"


def inbound(thread, name, at, kind="reply"):
    blob = Blob.objects.get_or_create(sha256=name.ljust(64, "0"), defaults={"size": 1, "stored_at": at})[0]
    return Inbound.objects.create(
        raw=blob,
        source="command",
        received_at=at,
        state="taken",
        kind=kind,
        message_id=f"<{name}@halden>",
        thread=thread,
    )


def test_letter_answers_the_customers_last_message_and_names_the_whole_conversation(smtp):
    with transaction.atomic():
        thread = outbox.open_thread(key="case-1")
    first = queue("k1", thread=thread)
    deliver_due(NOW)
    inbound(thread, "one", NOW + MINUTE)
    inbound(thread, "two", NOW + 2 * MINUTE)
    inbound(thread, "machine", NOW + 3 * MINUTE, kind="auto-reply")
    second = queue("k2", thread=thread, now=NOW + 4 * MINUTE)
    queue("k3", thread=thread, now=NOW + 5 * MINUTE)
    deliver_due(NOW + 6 * MINUTE)
    _, two, three = smtp.mails
    assert two["In-Reply-To"] == three["In-Reply-To"] == "<two@halden>"
    assert two["References"].split() == [first.message_id, "<one@halden>", "<two@halden>"]
    assert three["References"].split() == [first.message_id, "<one@halden>", second.message_id, "<two@halden>"]


def test_letter_to_a_colleague_answers_no_customer(smtp):
    with transaction.atomic():
        thread = outbox.open_thread(key="case-1")
    inbound(thread, "one", NOW)
    queue("k1", thread=thread, to_staff=True)
    deliver_due(NOW)
    assert smtp.mails[0]["In-Reply-To"] is None
