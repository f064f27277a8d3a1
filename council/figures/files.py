"""Tables as files a spreadsheet opens without running anything in them (promise S8)."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from council.figures.tables import CHUNK, Table

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
WIDTH = 18
NUMBERS = (int, float, Decimal)
MOST_TEXT = 32_000
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def safe(cell: Any) -> Any:
    """Return a cell no spreadsheet takes for a formula: a text that could be one stands behind an apostrophe."""
    if not isinstance(cell, str) or not cell.lstrip(" \u00a0").startswith(RISKY):
        return cell
    return "'" + cell


def csv_lines(table: Table) -> Iterator[bytes]:
    """Yield a table as CSV in UTF-8 with its mark, some hundred rows at a time, so that it can be streamed."""
    yield "\ufeff".encode()
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([safe(title) for title in table.head])
    for number, row in enumerate(table.rows, 1):
        writer.writerow([safe(_as_text(cell)) for cell in row])
        if number % CHUNK == 0:
            yield _taken(written)
    yield _taken(written)


def _as_text(cell: Any) -> Any:
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell


def _taken(written: io.StringIO) -> bytes:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text.encode()


def write_xlsx(table: Table, path: Path, *, told: Callable[[int], None] = lambda done: None) -> int:
    """Write a table as a workbook in constant memory; return how many rows. `told` hears how many are done.

    Texts are written as texts: nothing in them becomes a formula, a number or an address.
    """
    about = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(path, about)
    sheet = book.add_worksheet(table.name[:31])
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.head) - 1, WIDTH)
    for column, title in enumerate(table.head):
        sheet.write_string(0, column, title, bold)
    done = 0
    for done, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, done, column, cell, moment if isinstance(cell, datetime) else day)
        if done % CHUNK == 0:
            told(done)
    book.close()
    told(done)
    return done


def _write(sheet: Any, row: int, column: int, cell: Any, shown: Any) -> None:
    if isinstance(cell, date):  # a moment is a day too
        sheet.write_datetime(row, column, cell, shown)
    elif isinstance(cell, NUMBERS):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, str(cell)[:MOST_TEXT])
