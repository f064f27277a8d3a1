"""One message read: everything the rest of the house wants to know of it, and nothing that needs a database. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from mail.inbound import bounces, kinds, mime, parts, proof, quoting

LONGEST_SUBJECT = 300


@dataclass(frozen=True)
class Reading:
    """What a message says. Addresses are in lower case; `reply` is the text without quotation and signature.

    `results` is what mail servers on its way found about its sender, the latest first (`mail.inbound.proof`).
    """

    kind: str
    sender: str
    sender_name: str
    subject: str
    text: str
    reply: str
    forwarded: bool
    html: str
    message_id: str
    answers: list[str]
    to: list[str]
    written_at: datetime | None
    results: list[str] = field(default_factory=list)
    bounce: bounces.Bounce | None = None
    left_out: int = 0
    pieces: list[parts.Piece] = field(default_factory=list)


def read(raw: bytes) -> Reading:
    """Read one raw message. Any bytes are a message; what cannot be followed is shown as it stands."""
    message = mime.parse(raw)
    try:
        contents = parts.contents_of(message)
    except RecursionError:
        message = mime.flat(raw)
        contents = parts.contents_of(message)
    bounce = bounces.bounce_of(message, contents)
    separated = quoting.separate(contents.text)
    name, sender = _sender(message)
    return Reading(
        kind=str(kinds.kind_of(message, bounce)),
        sender=sender,
        sender_name=name,
        subject=mime.header(message, "Subject")[:LONGEST_SUBJECT],
        text=contents.text,
        reply=separated.reply,
        forwarded=separated.forwarded,
        html=contents.html,
        message_id=next(iter(mime.ids(message, "Message-ID")), ""),
        answers=_answers(message),
        to=[address for _, address in mime.addresses(message, *RECEIVERS)],
        written_at=mime.written_at(message),
        results=proof.results_of(message),
        bounce=bounce,
        left_out=contents.left_out,
        pieces=contents.pieces,
    )


RECEIVERS = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To")


def _sender(message) -> tuple[str, str]:
    """Return name and address of who wrote it; the From header, else the sender, else where an answer goes."""
    for name in ("From", "Sender", "Reply-To"):
        if found := mime.addresses(message, name):
            return found[0]
    return mime.header(message, "From")[:120], ""


def _answers(message) -> list[str]:
    """Return the ids of what it answers, nearest first."""
    nearest = mime.ids(message, "In-Reply-To")
    return list(dict.fromkeys([*nearest, *reversed(mime.ids(message, "References"))]))
