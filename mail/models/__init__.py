"""Letters out, notices to colleagues, and stored files."""

from mail.models.blob import Blob
from mail.models.message import Enclosure, Message, MessageState, Recipient
from mail.models.notice import Notice
from mail.models.thread import Thread

__all__ = ["Blob", "Enclosure", "Message", "MessageState", "Notice", "Recipient", "Thread"]
