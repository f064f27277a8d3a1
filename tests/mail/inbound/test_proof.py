"""Who vouches for a sender: only a server of ours, only for the very domain, and never the writer's own words."""

import pytest

from mail.inbound.proof import is_proved
from mail.inbound.reading import read
from tests.mail.inbound.writing import mail

OURS = ["mx.ours.example"]
MARTA = "marta@ours.example"
TRUE = [
    "mx.ours.example; dkim=pass header.d=ours.example",
    "MX.ours.example 1; dkim=pass (2048-bit key) header.d=ours.example header.i=@ours.example",
    "mx.ours.example; spf=pass (sender; SPF) smtp.mailfrom=marta@ours.example",
    "mx.ours.example; spf=pass smtp.mailfrom=ours.example; dkim=none",
    "mx.ours.example; dmarc=pass (p=REJECT sp=REJECT) header.from=ours.example",
    "mx.ours.example; dkim=fail header.d=else.example; dkim=pass header.i=@Ours.Example",
]
FALSE = [
    "",
    "mx.ours.example",
    "mx.ours.example; none",
    "mx.else.example; dkim=pass header.d=ours.example",
    "mx.ours.example.else.example; dkim=pass header.d=ours.example",
    "mx.ours.example; dkim=fail header.d=ours.example",
    "mx.ours.example; dkim=pass-ish header.d=ours.example",
    "mx.ours.example; dkim=pass header.d=else.example",
    "mx.ours.example; dkim=pass header.d=notours.example",
    "mx.ours.example; dkim=pass header.d=sub.ours.example",
    "mx.ours.example; dkim=pass header.d=example",
    "mx.ours.example; dkim=pass",
    "mx.ours.example; spf=pass smtp.helo=ours.example",
    "mx.ours.example; spf=pass smtp.mailfrom=marta@ours.example@else.example",
    "mx.ours.example; dkim=pass header.d=ours.example header.i=@else.example",
    # What the writer put into names of their own: quoted strings, comments, encoded words.
    'mx.ours.example; spf=pass smtp.mailfrom="x; dkim=pass header.d=ours.example"@else.example',
    'mx.ours.example; spf=pass smtp.mailfrom="x\\"; dkim=pass header.d=ours.example"@else.example',
    "mx.ours.example; spf=pass (by x\\); dkim=pass header.d=ours.example) smtp.mailfrom=else.example",
    "mx.ours.example; spf=pass (a (b; dkim=pass header.d=ours.example) c) smtp.mailfrom=else.example",
    "mx.ours.example; spf=pass (a; dkim=pass header.d=ours.example",
    'mx.ours.example; spf=pass smtp.mailfrom="a; dkim=pass header.d=ours.example',
    "mx.ours.example; spf=pass ) smtp.mailfrom=else.example; dkim=pass header.d=ours.example",
    "mx.ours.example; spf=pass smtp.mailfrom==?utf-8?q?;_dkim=3Dpass_header.d=3Dours.example?=@else.example",
]


def proved(*results: str, sender: str = MARTA, trusted=OURS) -> bool:
    found = read(b"".join(f"Authentication-Results: {one}\r\n".encode() for one in results) + mail(sender=sender))
    return is_proved(found.results, found.sender, trusted)


@pytest.mark.parametrize("result", TRUE)
def test_a_server_of_ours_vouches_for_the_domain_it_found(result):
    assert proved(result)


@pytest.mark.parametrize("result", FALSE)
def test_nothing_else_vouches_for_a_sender(result):
    assert not proved(result)


def test_only_the_latest_finding_of_ours_counts():
    made_up = TRUE[0]

    assert not proved("mx.ours.example; dkim=none", made_up)
    assert proved("relay.else.example; dkim=none", made_up)


def test_without_a_trusted_server_nobody_is_believed():
    assert not proved(TRUE[0], trusted=[])


@pytest.mark.parametrize("more", [b"From: who@else.example\r\n", b"From: marta@ours.example, who@else.example\r\n"])
def test_a_message_from_two_people_is_from_neither(more):
    vouched = f"Authentication-Results: {TRUE[0]}\r\n".encode()

    assert read(vouched + more + mail(sender=MARTA)).results == []


def test_a_from_that_names_two_is_from_neither():
    assert not proved(TRUE[0], sender=f"{MARTA}, who@else.example")


def test_a_finding_of_any_length_is_read_at_once():
    assert not proved("mx.ours.example; " + "(" * 20_000 + "dkim=pass header.d=ours.example")
