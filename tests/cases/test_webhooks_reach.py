"""Promise S8: no webhook reaches into our own house, however its address is written or what its name answers."""

import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cases.webhooks import reaching
from tests.cases import receiver

INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "192.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
]
OUTSIDE = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]


def answering(monkeypatch, *addresses: str) -> list[tuple]:
    """Let every name answer these addresses; return what is connected to."""
    went: list[tuple] = []

    def connect(address, timeout):
        went.append(address)
        raise OSError("no road")

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    return went


def told(url: str) -> int:
    return reaching.post(url, body=b"{}", headers={})


@pytest.mark.parametrize("address", INSIDE)
def test_s8_address_inside_is_refused_at_connect_time(monkeypatch, address):
    assert reaching.is_public(ipaddress.ip_address(address)) is False
    went = answering(monkeypatch, address)
    with pytest.raises(reaching.Unreached, match="lies inside a private network"):
        told("https://hooks.example.com/x")
    assert went == []


@pytest.mark.parametrize("address", OUTSIDE)
def test_address_outside_is_connected_to_as_it_was_looked_at(monkeypatch, address):
    went = answering(monkeypatch, address)
    with pytest.raises(reaching.Unreached, match="no road"):
        told("https://hooks.example.com/x")
    assert went == [(address, 443)]


def test_s8_name_with_one_address_inside_is_refused_whole(monkeypatch):
    went = answering(monkeypatch, "1.1.1.1", "10.0.0.1")
    with pytest.raises(reaching.Unreached):
        told("https://hooks.example.com/x")
    assert went == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]"]
)
def test_s8_loopback_however_written_is_not_reached(host):
    with receiver.listening() as hears, pytest.raises(reaching.Unreached):
        told(hears.url.replace("127.0.0.1", host))
    assert hears.heard == []


def test_s8_name_is_asked_once(monkeypatch):
    """A name that answers differently the second time leads nowhere: there is no second time."""
    asked: list[str] = []

    def find(host, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1" if len(asked) == 1 else "127.0.0.1", 443))]

    answering(monkeypatch)
    monkeypatch.setattr(socket, "getaddrinfo", find)
    with pytest.raises(reaching.Unreached, match="no road"):
        told("https://hooks.example.com/x")
    assert asked == ["hooks.example.com"]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https://",
        "https:///x",
        "https://me:secret@hooks.example.com/",
        "//hooks.example.com/",
        "hooks.example.com",
        "https://hooks.example.com:99999/",
        "https://[::1/",
        "javascript:alert(1)",
    ],
)
def test_address_that_is_not_https_is_not_entered(settings, url):
    settings.DEBUG = False
    with pytest.raises(reaching.Unreached):
        reaching.check(url)


def test_http_is_entered_only_where_errors_show_their_details(settings):
    reaching.check("https://hooks.example.com/x?y=1")
    settings.DEBUG = True
    reaching.check("http://hooks.example.com/")


def test_certificate_that_nobody_vouches_for_is_not_believed(settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with receiver.listening() as hears, pytest.raises(reaching.Unreached, match="Could not be reached"):
        told(hears.url.replace("http://", "https://"))
    assert hears.heard == []


@pytest.fixture(scope="module")
def vouched(tmp_path_factory):
    """A certificate for hooks.example.com that vouches for itself, as a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.com")]), critical=False)
    plain = serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(("host", "answer"), [("hooks.example.com", 204), ("other.example.com", None)])
def test_certificate_is_checked_against_the_name_of_the_host(settings, monkeypatch, vouched, host, answer):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    trusting = ssl.create_default_context(cafile=str(vouched))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    whole = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *rest, **more: whole("127.0.0.1", *rest, **more))
    with receiver.listening(vouched) as hears:
        url = hears.url.replace("127.0.0.1", host)
        if answer:
            assert (told(url), len(hears.heard)) == (answer, 1)
            return
        with pytest.raises(reaching.Unreached, match="The certificate is not right"):
            told(url)
        assert hears.heard == []


@pytest.mark.parametrize("drips", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_address_that_drips_is_cut_off(settings, monkeypatch, drips):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(reaching, "WHOLE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=(server, drips), daemon=True).start()
        with pytest.raises(reaching.Unreached):
            told(f"http://127.0.0.1:{server.getsockname()[1]}/")


def _drip(server: socket.socket, first: bytes) -> None:
    line, _ = server.accept()
    try:
        line.sendall(first)
        while True:
            line.sendall(b"x" if first else b"")
            threading.Event().wait(0.05)
    except OSError:
        line.close()
