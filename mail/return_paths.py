"""The address a letter comes back to, where each letter has one of its own: `care+r<letter>-<proof>@…`.

Whoever writes there has seen the letter: its proof is made with a key of ours. Off unless the settings say so, since
some mail servers let a letter leave only under the very address one signed in with.
"""

import re
from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from mail.models import Message

_TAG = re.compile(r"r(\d{1,18})-([0-9a-f]{24})")
MOST = 20


def address_of(message: Message) -> str:
    """Return where a letter comes back to: an address of its own, or the one all letters come from."""
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if not settings.RETURN_PATHS:
        return ours
    local, _, domain = ours.rpartition("@")
    return f"{local.partition('+')[0]}+r{message.pk}-{_proof(message.pk)}@{domain}"


def letter_of(addresses: Iterable[str]) -> int | None:
    """Return the number of the letter whose own address is among `addresses`; None where none is proved."""
    local, _, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower().rpartition("@")
    ours = f"{local.partition('+')[0]}+"
    for address in list(addresses)[:MOST]:
        name, _, host = address.rpartition("@")
        tag = _TAG.fullmatch(name.removeprefix(ours)) if host == domain and name.startswith(ours) else None
        if tag and constant_time_compare(tag[2], _proof(int(tag[1]))):
            return int(tag[1])
    return None


def _proof(number: int) -> str:
    return salted_hmac("mail.return_paths", str(number), algorithm="sha256").hexdigest()[:24]
