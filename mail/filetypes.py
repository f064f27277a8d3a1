"""What a file is, told by its content: an allow-list. Names and browsers' claims are not believed. Pure."""

import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

HEAD_BYTES = 4096
TAIL_BYTES = 2048
OFFICE = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
    ),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ("pptx",),
    ),
}
_IMAGES = ("png", "jpg", "jpeg", "jfif", "gif", "webp", "heic", "heif")
_TEXTS = ("txt", "csv", "tsv", "log", "md", "text")
_MAIL_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]?[^\r\n]*\r?\n(?:[A-Za-z][A-Za-z0-9-]*:|[ \t]|\r?\n)")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MACROS = ("vbaproject.bin", "activex")


@dataclass(frozen=True)
class FileType:
    """A content type, and the endings a file of this kind may have."""

    content_type: str
    endings: tuple[str, ...]


def type_of(file: BinaryIO, *, name: str) -> FileType | None:
    """Return what `file` is, or None if it is nothing we take. The file is left at its beginning.

    Looks at the first and last bytes, the members of an Office file, and all of a text.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    tail = _tail(file)
    found = _by_signature(head, tail)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _office(file)
    if found is None:
        found = _text(file, ending_of(name))
    file.seek(0)
    return found


def ending_of(name: str) -> str:
    """Return the ending of a file name in lower case, without its dot; empty without one."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL_BYTES))
    return file.read()


def _by_signature(head: bytes, tail: bytes) -> FileType | None:
    for content_type, endings, fits in _SIGNATURES:
        if fits(head, tail):
            return FileType(content_type, endings)
    return None


def _is_gif(head: bytes, tail: bytes) -> bool:
    # A page that merely begins with the letters GIF89a has no frame where one must be, and no end mark.
    if head[:6] not in (b"GIF87a", b"GIF89a") or len(head) < 14:
        return False
    colours = 3 * 2 ** ((head[10] & 7) + 1) if head[10] & 0x80 else 0
    return head[13 + colours : 14 + colours] in (b"!", b",") and tail.rstrip(b"\x00").endswith(b";")


def _brand(head: bytes) -> bytes:
    return head[8:12] if head[4:8] == b"ftyp" else b""


_SIGNATURES = (
    ("application/pdf", ("pdf",), lambda head, tail: head.startswith(b"%PDF-") and b"%%EOF" in tail),
    ("image/png", _IMAGES, lambda head, tail: head.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in tail),
    (
        "image/jpeg",
        _IMAGES,
        lambda head, tail: head.startswith(b"\xff\xd8\xff") and head[3:4] >= b"\xc0" and b"\x00" in head[:32],
    ),
    ("image/gif", _IMAGES, _is_gif),
    ("image/webp", _IMAGES, lambda head, tail: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    ("image/heic", _IMAGES, lambda head, tail: _brand(head) in (b"heic", b"heix", b"heif", b"mif1", b"hevc")),
    ("video/quicktime", ("mov", "qt"), lambda head, tail: _brand(head) == b"qt  "),
    (
        "video/mp4",
        ("mp4", "m4v", "mov"),
        lambda head, tail: _brand(head) in (b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"),
    ),
)


def _office(file: BinaryIO) -> FileType | None:
    try:
        file.seek(0)
        members = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in members or any(mark in m.lower() for m in members for mark in _MACROS):
        return None
    return next((FileType(*OFFICE[member]) for member in OFFICE if member in members), None)


def _text(file: BinaryIO, ending: str) -> FileType | None:
    file.seek(0)
    content = file.read()
    if ending == "eml":
        is_mail = _MAIL_HEADER.match(content) and b"\x00" not in content
        return FileType("message/rfc822", ("eml",)) if is_mail else None
    if not content.strip() or _CONTROL.search(content):
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return FileType("text/csv" if ending == "csv" else "text/plain", _TEXTS)
