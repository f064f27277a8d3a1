"""The only road from here to an address somebody entered: never into our own house (promise S8).

The name is resolved once, every address it has is looked at, and the connection goes to the very address that was
looked at. So a name that answers differently a moment later leads nowhere else. Redirects are not followed.
"""

import ipaddress
import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT_S = 10  # for the connection and each silence
WHOLE_S = 20  # for all of it
MOST_BYTES = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreached(Exception):
    """Nobody could be told; the words are for administrators."""


def post(url: str, *, body: bytes, headers: dict[str, str]) -> int:
    """Send `body` to `url` and return the status answered. Raise `Unreached` where there was none.

    At most 20 seconds, of the answer at most 64 kB; by https the certificate is checked against the host's name.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with _Limited(_connected(str(parts.hostname), port)) as limit:
            if parts.scheme == "https":
                limit.secure(str(parts.hostname))
            status = _asked(limit.line, parts, body, headers)
        if limit.is_over:
            raise TimeoutError("it takes too long to answer")
        return status
    except ssl.SSLCertVerificationError as error:
        raise Unreached(f"The certificate is not right: {error.verify_message}.") from error
    except (OSError, HTTPException, UnicodeError, ValueError) as error:
        raise Unreached(f"Could not be reached: {error or type(error).__name__}.") from error


def check(url: str) -> None:
    """Raise `Unreached` unless `url` may be entered: https (http only in DEBUG), a host, no name or password in it."""
    try:
        parts, _ = urlsplit(url), urlsplit(url).port
    except ValueError as error:
        raise Unreached("This is not an address.") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.DEBUG):
        raise Unreached("The address must begin with https://, so that nobody reads or changes what is told.")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise Unreached("Write a host, and no name or password before it.")


def is_public(address: Address) -> bool:
    """Tell whether an address lies outside of every house: not loopback, private, link-local, shared or reserved.

    An IPv4 address wrapped in an IPv6 one counts as what it is.
    """
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _connected(host: str, port: int) -> socket.socket:
    """Return a connection to the first address of `host`, all of them having been looked at."""
    found = {info[4][0].partition("%")[0]: None for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    inside = [one for one in found if not (is_public(ipaddress.ip_address(one)) or _let_in(one))]
    if inside or not found:
        raise Unreached(f"{host} lies inside a private network ({', '.join(inside)}). Nothing is told there.")
    return socket.create_connection((next(iter(found)), port), timeout=TIMEOUT_S)


def _let_in(address: str) -> bool:
    """Tell whether the installation itself names this network as one that may be told."""
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(one) for one in settings.WEBHOOK_NETWORKS)


class _Limited:
    """A connection that is cut where it takes too long in all, however busily it drips; closed at the end."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.is_over = line, False
        self.timer = Timer(WHOLE_S, self._cut)

    def secure(self, host: str) -> None:
        """Go on encrypted, with whoever can prove to be `host`."""
        context = ssl.create_default_context()
        self.line = context.wrap_socket(self.line, server_hostname=host, do_handshake_on_connect=False)
        self.line.do_handshake()

    def __enter__(self) -> "_Limited":
        self.timer.start()
        return self

    def __exit__(self, *_) -> None:
        self.timer.cancel()
        self.line.close()

    def _cut(self) -> None:
        self.is_over = True
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)


def _asked(line: socket.socket, parts, body: bytes, headers: dict[str, str]) -> int:
    connection = HTTPConnection(parts.netloc.rpartition("@")[2], timeout=TIMEOUT_S)
    connection.sock = line
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    told = {"Content-Type": "application/json", "User-Agent": "Goldseam", "Connection": "close", **headers}
    connection.request("POST", path, body, told)
    with connection.getresponse() as answer:
        answer.read(MOST_BYTES)
        return answer.status
