"""Letters out, messages in, notices to colleagues, and stored files."""

from mail.models.blob import Blob
from mail.models.inbound import Attachment, Inbound, InboundState, Mailbox
from mail.models.message import Enclosure, Message, MessageState, Recipient
from mail.models.notice import Notice
from mail.models.suppression import Suppression
from mail.models.thread import Thread

__all__ = [
    "Attachment",
    "Blob",
    "Enclosure",
    "Inbound",
    "InboundState",
    "Mailbox",
    "Message",
    "MessageState",
    "Notice",
    "Recipient",
    "Suppression",
    "Thread",
]
