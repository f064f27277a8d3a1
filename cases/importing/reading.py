"""Rows out of a CSV or XLSX file, whatever its encoding and delimiter; each with the line it began on."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accounts.text import clean
from cases.importing import sheets

ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = ",;\t|"
ZIP_SIGNATURE = b"PK\x03\x04"
# One cell of a complaint may hold a long letter; the standard limit of 128 kB is too small for pasted threads.
csv.field_size_limit(4_000_000)


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why, in words for whoever chose it."""


@dataclass(frozen=True)
class Line:
    """One row of the file: the line (or sheet row) it began on, and its cells by column name."""

    number: int
    cells: dict[str, str]
    surplus: bool = False


def read(path: Path) -> Iterator[Line]:
    """Yield the rows below the header. Raise `Unreadable` for a missing, empty or unknown file."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path}.")
    raw = path.read_bytes()
    if not raw.strip():
        raise Unreadable("The file is empty.")
    return _sheet(path) if raw.startswith(ZIP_SIGNATURE) else _text(raw)


def rows_of(raw: bytes) -> Iterator[Line]:
    """Yield the rows of a CSV text below its header. Raise `Unreadable` for an empty one or a spreadsheet."""
    if not raw.strip():
        raise Unreadable("The file is empty.")
    if raw.startswith(ZIP_SIGNATURE):
        raise Unreadable("This is a spreadsheet. Save it as CSV first.")
    return _text(raw)


def _text(raw: bytes) -> Iterator[Line]:
    text = _decoded(raw)
    if not text.strip():
        raise Unreadable("The file is empty.")
    header = text.lstrip().splitlines()[0]
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] | None = None
    began = 1
    for cells in _cells(reader):
        if any(cell.strip() for cell in cells):
            if names is None:
                names = [name.strip() for name in cells]
            else:
                yield _line(began, names, cells)
        began = reader.line_num + 1


def _cells(reader) -> Iterator[list[str]]:
    """Yield what the reader gives. Raise `Unreadable` with the line where it cannot go on."""
    try:
        yield from reader
    except csv.Error as problem:
        raise Unreadable(f"From line {reader.line_num} on this is no CSV: {problem}.") from problem


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return clean(raw.decode("utf-16", "replace"))
    for encoding in ENCODINGS:
        try:
            return clean(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return clean(raw.decode("latin-1"))


def _sheet(path: Path) -> Iterator[Line]:
    names: list[str] | None = None
    try:
        for number, cells in enumerate(sheets.rows(path), 1):
            texts = [clean(cell) for cell in cells]
            if any(text.strip() for text in texts):
                if names is None:
                    names = [text.strip() for text in texts]
                else:
                    yield _line(number, names, texts)
    except sheets.NoSheet as problem:
        raise Unreadable(f"This is no spreadsheet that can be read: {problem}.") from problem


def _line(number: int, names: list[str], cells: list[str]) -> Line:
    surplus = any(cell.strip() for cell in cells[len(names) :])
    padded = cells + [""] * (len(names) - len(cells))
    return Line(number, dict(zip(names, padded, strict=False)), surplus)
