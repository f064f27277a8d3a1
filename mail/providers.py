"""A third way out: the service of a provider, by any of the backends django-anymail has."""

import email
import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage as Parsed
from email.utils import formataddr, getaddresses
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from mail.carriers import Deferred, Refusal, Refused, Unreachable
from mail.envelope import Envelope, wire_address

# Headers a provider writes itself, from what it is given beside them.
_ITS_OWN = {"from", "to", "cc", "subject", "mime-version", "content-type", "content-transfer-encoding"}
_REFUSED = {"invalid", "rejected", "failed"}
# Wrong requests are the letter's fault; a wrong key, a limit reached and a breakdown are not.
_LETTER_AT_FAULT = {400, 413, 422}
_LONGEST = 500


@dataclass
class Provider:
    """One connection to the provider's service, kept for a batch."""

    _backend: Any = field(
        default_factory=lambda: get_connection(f"anymail.backends.{settings.EMAIL_PROVIDER}.EmailBackend")
    )

    def open(self) -> None:
        """Connect unless connected. Raises Unreachable."""
        try:
            self._backend.open()
        except OSError as error:
            raise Unreachable(str(error)) from error

    def send(self, envelope: Envelope) -> dict[str, Refusal]:
        """Hand over; return the addresses refused. Raises Deferred or Refused for the whole letter."""
        letter, taken_by_none = _as_django(envelope), False
        try:
            self._backend.send_messages([letter])
        except AnymailRecipientsRefused:
            taken_by_none = True  # what it says of each address may be no more than "unknown"
        except AnymailAPIError as error:
            at_fault = error.status_code in _LETTER_AT_FAULT
            raise (Refused if at_fault else Deferred)(str(error)[:_LONGEST]) from error
        except AnymailError as error:
            raise Refused(str(error)[:_LONGEST]) from error
        said = letter.anymail_status.recipients or {}
        states = {wire_address(address): one.status for address, one in said.items()}
        return {
            address: Refusal(550, f"The provider refuses this address: {states.get(address, 'unknown')}.")
            for address in envelope.addresses
            if taken_by_none or states.get(address) in _REFUSED
        }

    def close(self) -> None:
        """Give the connection back."""
        self._backend.close()


def _as_django(envelope: Envelope) -> EmailMultiAlternatives:
    """Return the sealed letter as Django knows it, addressed to nobody but those who still wait."""
    sealed: Parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
    waiting = {address.lower() for address in envelope.addresses}
    to, copies = (_among(sealed, name, waiting) for name in ("To", "Cc"))
    html = sealed.get_body(("html",))
    letter = EmailMultiAlternatives(
        subject=sealed["Subject"],
        body=sealed.get_body(("plain",)).get_content(),
        from_email=str(sealed["From"]),
        to=to or copies,
        cc=copies if to else [],
        headers={name: str(value) for name, value in sealed.items() if name.lower() not in _ITS_OWN},
    )
    if html is not None:
        letter.attach_alternative(html.get_content(), "text/html")
    for part in sealed.iter_attachments():
        letter.attach(part.get_filename(), part.get_payload(decode=True), part.get_content_type())
    return letter


def _among(sealed: Parsed, name: str, waiting: set[str]) -> list[str]:
    found = getaddresses([str(value) for value in sealed.get_all(name, [])])
    return [formataddr(pair) for pair in found if pair[1].lower() in waiting]
