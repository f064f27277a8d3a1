"""Any bytes are a message: encodings, missing parts, attachments, and those made to hurt (promise R9)."""

import base64
import resource
import signal
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest

from mail.inbound import child, mime, parts
from mail.inbound.reading import read
from tests.mail.inbound.writing import mail

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + b"IEND\xaeB`\x82"


def test_words_without_a_single_header_are_words():
    found = read(b"One: here is what I have\n\nTwo: more")

    assert (found.kind, found.reply) == ("new", "One: here is what I have\n\nTwo: more")


HEADERS = [
    (b"=?utf-8?q?Gr=C3=BCezi?=", "Grüezi"),
    (b"=?utf-8?b?R3LDvGV6aQ==?= =?utf-8?q?_du?=", "Grüezi du"),
    ("Grüezi".encode(), "Grüezi"),
    ("Grüezi".encode("latin-1"), "Grüezi"),
    (b"=?no-such-charset?q?Gr=C3=BCezi?=", "Grüezi"),
    (b"=?utf-8?b?!!!?=", "=?utf-8?b?!!!?="),
    (b"one\r\n two", "one two"),
    (b"one\x00\x07two", "one two"),
]


@pytest.mark.parametrize(("written", "shown"), HEADERS, ids=range(len(HEADERS)))
def test_a_subject_is_readable_whatever_its_charset(written, shown):
    assert read(b"From: a@b.example\r\nSubject: " + written + b"\r\n\r\nWords").subject == shown


CHARSETS = [
    ("utf-8", "Grüezi".encode()),
    ("iso-8859-1", "Grüezi".encode("latin-1")),
    ("us-ascii", "Grüezi".encode()),
    ("no-such-charset", "Grüezi".encode()),
    ("utf-8", "Grüezi".encode("cp1252")),
    ("windows-1252", "Grüezi".encode("cp1252")),
]


@pytest.mark.parametrize(("declared", "body"), CHARSETS, ids=range(len(CHARSETS)))
def test_words_are_readable_whatever_their_charset(declared, body):
    raw = f"From: a@b.example\nContent-Type: text/plain; charset={declared}\n\n".encode() + body

    assert read(raw).text == "Grüezi"


def test_html_alone_becomes_words_with_its_quotation_marked():
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Two are&nbsp;scratched &amp; one bent.</p>"
        "<div>On 17 Nov 2026, Marta wrote:<br><blockquote>When will they come?</blockquote></div>"
        "<script>alert(1)</script></body></html>"
    )
    raw = f"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n{html}".encode()

    found = read(raw)

    assert found.reply == "Two are scratched & one bent."
    assert found.text.endswith("> When will they come?")
    assert "alert" not in found.text and "color" not in found.text


def test_attachments_keep_their_names_and_a_picture_within_is_marked():
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "x"
    message.set_content("See the picture.")
    message.add_attachment(b"%PDF-1.7\n%%EOF", maintype="application", subtype="pdf", filename="Prüfbericht.pdf")
    message.add_attachment(
        PNG, maintype="image", subtype="png", filename="scratch.png", disposition="inline", cid="<p1>"
    )

    found = read(message.as_bytes())

    told = [(one.name, one.type, one.size, one.inline, one.cid) for one in found.pieces]
    assert told == [
        ("Prüfbericht.pdf", "application/pdf", 14, False, ""),
        ("scratch.png", "image/png", len(PNG), True, "p1"),
    ]


def test_a_message_in_the_message_is_a_file_named_after_its_subject():
    inner = mail("The crate was open.", Subject="Damage")
    raw = b"From: a@b.example\nSubject: Fwd\nContent-Type: message/rfc822\n\n" + inner

    found = read(raw)

    assert [(one.name, one.type) for one in found.pieces] == [("Damage.eml", "message/rfc822")]
    assert b"The crate was open." in found.pieces[0].content


def _nested(depth: int) -> bytes:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"From: a@b.example\nSubject: deep\n{opened}\nContent-Type: text/plain\n\nWords\n".encode()


def _parts(count: int) -> bytes:
    piece = b"--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=x.bin\n\nx\n"
    head = b"From: a@b.example\nSubject: parts\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + b"--b\nContent-Type: text/plain\n\nWords\n" + piece * count + b"--b--\n"


HOSTILE = {
    "20,000 newlines": b"From: a@b.example\nSubject: x\n\n" + b"\n" * 20_000 + b"Words",
    "250 kB of nested tags": b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n"
    + b"<div>" * 50_000
    + b"Words",
    "250 kB of blockquotes": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<blockquote>" * 20_000 + b"Words",
    "brackets": b"From: a@b.example\nContent-Type: text/html\n\nWords" + b"<a" * 100_000,
    "comments": b"From: a@b.example\nContent-Type: text/html\n\nWords" + b"<!--" * 100_000,
    "styles": b"From: a@b.example\nContent-Type: text/html\n\nWords" + b"<style>" * 50_000,
    "1,000 parts": _parts(1_000),
    "nested 200 deep": _nested(200),
    "nested 5,000 deep": _nested(5_000),
    "a From of 200 kB": b"From: " + b"a, " * 70_000 + b"<a@b.example>\nSubject: x\n\nWords",
    "open brackets": b"From: " + b"(" * 8_000 + b"\nSubject: x\n\nWords",
    "a regex trap": b"From: a@b.example\nSubject: x\n\nOn " + b"a, " * 40_000 + b"\nWords",
    "a content type of 200 kB": b"From: a@b.example\nContent-Type: text/plain" + b';a="b' * 40_000 + b"\n\nWords",
    "10,000 headers": b"From: a@b.example\n" + b"X-A: b\n" * 10_000 + b"Subject: x\n\nWords",
    "encoded words": b"From: a@b.example\nSubject: " + b"=?utf-8?q?a?= " * 10_000 + b"\n\nWords",
    "no bytes": b"",
    "zero bytes": b"\x00" * 10_000,
    "every byte": bytes(range(256)) * 40,
    "a boundary of its own": b'From: a@b.example\nContent-Type: multipart/mixed; boundary=""\n\n--\n\nWords',
    "a lying encoding": b"From: a@b.example\nContent-Transfer-Encoding: base64\n\nWords!!!",
    "half a uuencoding": b"From: a@b.example\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\nWords",
    "a name out of order": b"From: a@b.example\nContent-Disposition: attachment; a*9*=x; a*0*=utf-8''%ff\n\nWords",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_r9_a_message_made_to_hurt_is_read_at_once(raw):
    began = time.process_time()

    found = read(raw)

    assert found.kind in ("new", "reply")
    assert time.process_time() - began < 5


@pytest.mark.parametrize("name", [name for name, raw in HOSTILE.items() if raw.endswith((b"Words", b"Words\n"))])
def test_r9_its_words_stay_readable(name):
    found = read(HOSTILE[name])

    assert "Words" in found.text or any(b"Words" in one.content for one in found.pieces)


def test_r9_of_1000_parts_a_hundred_are_listed_and_the_others_counted():
    found = read(_parts(1_000))

    assert (len(found.pieces), found.left_out, found.text) == (100, 900, "Words")


def work_of_children() -> float:
    """Return the seconds of work of processes that have ended, whatever else the machine had to do."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def with_a_pdf(size: int) -> bytes:
    """Return a message with a file of so many bytes."""
    head = b"From: a@b.example\nSubject: big\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWords\n--b\n"
    part = b"Content-Type: application/pdf; name=big.pdf\nContent-Transfer-Encoding: base64\n\n"
    return head + part + base64.encodebytes(b"%PDF-" + bytes(range(256)) * (size // 256)) + b"--b--\n"


def test_r9_a_part_of_50_mb_is_read_in_a_process_of_its_own_within_5_s_of_work(tmp_path):
    raw = tmp_path / "raw"
    raw.write_bytes(with_a_pdf(50 * 1024 * 1024))
    before = work_of_children()

    found = child.read(raw)

    assert (found.text.strip(), [(one.name, one.content) for one in found.pieces]) == ("Words", [("big.pdf", b"")])
    assert found.pieces[0].size > parts.LARGEST
    assert work_of_children() - before < 5


def test_r9_a_file_set_aside_while_the_message_is_taken_apart_is_whole():
    size = 3 * 1024 * 1024
    found = read(with_a_pdf(size))

    assert found.pieces[0].content == b"%PDF-" + bytes(range(256)) * (size // 256)
    assert (found.text, found.left_out) == ("Words", 0)


MB = 1024 * 1024
HEAD = b"From: a@b.example\nSubject: x\n"
MANY = {
    "newlines": HEAD + b"\n" + b"\n" * (50 * MB),
    "brackets": HEAD + b"Content-Type: text/html\n\n" + b"<" * (50 * MB),
    "boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * (12 * MB),
    "headers": HEAD + b"X-A: b\n" * (7 * MB) + b"\nWords",
    "messages in messages": HEAD + b"Content-Type: message/rfc822\n\n" * MB,
    "lines that look like a file": HEAD + b"\n" + ((b"A" * 76 + b"\n") * 1200 + b"-\n") * 560,
    "reports": HEAD + b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: x; a@b.example\n\n" * MB,
}


@pytest.mark.parametrize("raw", MANY.values(), ids=MANY)
def test_r9_no_50_mb_take_more_than_5_s_of_work(raw):
    began = time.process_time()

    found = read(raw)

    assert found.sender == "a@b.example"
    assert time.process_time() - began < 5


def test_r9_a_process_that_works_longer_is_ended(tmp_path):
    (tmp_path / "raw").write_bytes(mail())
    never_done = "from mail.inbound import child\ndef read(raw):\n    while True: pass\nchild.reading.read = read\n"
    code = f"{never_done}child.CPU_SECONDS = 1\nchild.main({str(tmp_path / 'raw')!r}, {str(tmp_path)!r})"

    done = subprocess.run([sys.executable, "-c", code], cwd=child.ROOT, check=False, timeout=120)

    assert done.returncode == -signal.SIGXCPU


def test_a_process_that_dies_says_so(tmp_path, monkeypatch):
    (tmp_path / "raw").write_bytes(mail())
    monkeypatch.setattr(child, "SECONDS", 0.001)

    with pytest.raises(child.Unreadable, match="took longer"):
        child.read(tmp_path / "raw")


def test_reading_apart_gives_the_same_as_reading_here(tmp_path):
    raw = mail("Hello", In_Reply_To="<letter@demo.example>")
    (tmp_path / "raw").write_bytes(raw)

    assert child.read(tmp_path / "raw") == read(raw)


def test_headers_are_cut_before_anything_looks_into_them():
    message = mime.parse(b"Subject: " + b"a" * 100_000 + b"\nFrom: a@b.example\n\nx")

    assert len(str(message["Subject"])) == mime.LONGEST_HEADER
