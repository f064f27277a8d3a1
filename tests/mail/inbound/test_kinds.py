"""Machines and people: which message is whose, by headers and by words."""

import pytest

from mail.inbound.reading import read
from tests.mail.inbound.writing import delivery_report, mail

QMAIL = """Hi. This is the qmail-send program at mx.demo.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ruth@halden.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <letter@demo.example>

The quota of housings is full.
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.
The following address(es) failed:

  ruth@halden.example
    host mx.halden.example [192.0.2.7]: 552 5.2.2 Mailbox full
"""
DELAYED = """This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours.

  ruth@halden.example
    Delay reason: Connection timed out
"""
DAEMON = "Mail Delivery System <mailer-daemon@mx.demo.example>"
KINDS = [
    ("new", mail()),
    ("reply", mail(In_Reply_To="<letter@demo.example>")),
    ("reply", mail(References="<letter@demo.example>")),
    ("reply", mail(Subject="AW: Spindelgehäuse")),
    ("new", mail(Auto_Submitted="no")),
    ("auto-reply", mail(Auto_Submitted="auto-replied", In_Reply_To="<letter@demo.example>")),
    ("auto-reply", mail(Auto_Submitted="auto-generated")),
    ("auto-reply", mail(X_Autoreply="yes")),
    ("auto-reply", mail(Precedence="auto_reply")),
    ("auto-reply", mail(Subject="Automatic reply: Spindle housings")),
    ("auto-reply", mail(Subject="Abwesenheitsnotiz: Spindelgehäuse")),
    ("auto-reply", mail(Subject="Réponse automatique : Boîtiers")),
    ("auto-reply", mail(Return_Path="<>")),
    ("list", mail(List_Id="<trade.halden.example>")),
    ("list", mail(Precedence="bulk")),
    ("list", mail(List_Unsubscribe="<https://news.example/out>")),
    ("reply", mail(List_Unsubscribe="<https://crm.example/out>", In_Reply_To="<letter@demo.example>")),
    ("bounce", delivery_report()),
    ("bounce", delivery_report(action="delayed", status="4.4.1", said="smtp; 421 try again")),
    ("report", delivery_report(action="delivered", status="2.0.0", said="smtp; 250 ok")),
    ("bounce", mail(QMAIL, sender=DAEMON, Subject="failure notice")),
    ("bounce", mail(EXIM, sender=DAEMON, Subject="Mail delivery failed: returning message to sender")),
    ("new", mail("The crate could not be delivered to hall 3.", Subject="Delivery failure of 12 November")),
]


@pytest.mark.parametrize(("kind", "raw"), KINDS, ids=[f"{place} {kind}" for place, (kind, _) in enumerate(KINDS)])
def test_a_message_is_known_for_what_it_is(kind, raw):
    assert read(raw).kind == kind


def test_an_abuse_report_is_known():
    raw = b"""From: abuse@provider.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse

--b--
"""
    assert read(raw).kind == "report"


RUTH = "ruth@halden.example"
BOUNCES = [
    (delivery_report(), (RUTH, "5.1.1", True)),
    (delivery_report(status="5.2.2", said="smtp; 552 5.2.2 Mailbox full"), (RUTH, "5.2.2", False)),
    (
        delivery_report(status="5.7.1", said="smtp; 550 5.7.1 blocked, see spamhaus"),
        (RUTH, "5.7.1", False),
    ),
    (delivery_report(status="4.4.7", said="smtp; 421 user unknown for now"), (RUTH, "4.4.7", False)),
    (delivery_report(status="5.0.0", said="smtp; 550 no such user here"), (RUTH, "5.0.0", True)),
    (
        delivery_report(status="5.4.4", said="dns; Host or domain name not found"),
        (RUTH, "5.4.4", True),
    ),
    (
        delivery_report(
            status="5.1.8", said="smtp; 553 5.1.8 Domain of sender address care@demo.example does not exist"
        ),
        (RUTH, "5.1.8", False),
    ),
    (mail(QMAIL, sender=DAEMON, Subject="failure notice"), (RUTH, "5.1.1", True)),
    (mail(EXIM, sender=DAEMON, Subject="Mail delivery failed"), (RUTH, "5.2.2", False)),
    (mail(DELAYED, sender=DAEMON, Subject="Warning: message delayed"), (RUTH, "4.0.0", False)),
]


@pytest.mark.parametrize(("raw", "told"), BOUNCES, ids=range(len(BOUNCES)))
def test_a_bounce_says_for_whom_why_and_whether_for_good(raw, told):
    found = read(raw).bounce

    assert (found.recipient, found.status, found.hard) == told


def test_a_bounce_names_the_letter_that_came_back():
    assert read(delivery_report(original="<x1@demo.example>")).bounce.original_id == "<x1@demo.example>"
    assert read(mail(QMAIL, sender=DAEMON, Subject="failure notice")).bounce.original_id == "<letter@demo.example>"
