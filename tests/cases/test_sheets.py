"""A workbook is read in a process of its own: what it claims costs nobody but itself (promises R10, S6)."""

import zipfile
from itertools import islice

import pytest

from cases.importing import reading, sheet_child, sheets
from cases.importing.reading import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PARTS = {
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(path, cells: dict[str, str]):
    """Write a workbook by hand, each text at the place it claims, and return its path."""
    rows = "".join(
        f'<row><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>' for place, text in cells.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in PARTS.items():
            book.writestr(name, content)
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return path


def test_r10_a_sheet_is_read_row_by_row(tmp_path):
    path = workbook(tmp_path / "book.xlsx", {"A1": "customer", "A3": "Gasser Uhren"})

    assert [(line.number, line.cells) for line in reading.read(path)] == [(3, {"customer": "Gasser Uhren"})]


def test_r10_two_cells_that_claim_sixteen_billion_are_refused_and_nothing_dies(tmp_path):
    path = workbook(tmp_path / "book.xlsx", {"A1": "customer", "XFD1048576": "far away"})

    assert path.stat().st_size < 2_000
    with pytest.raises(Unreadable, match="claims more rows and columns than it holds"):
        list(reading.read(path))


def test_r10_a_sheet_read_in_part_leaves_no_process(tmp_path):
    path = workbook(tmp_path / "book.xlsx", {f"A{number}": "x" * 1_000 for number in range(1, 3_000)})
    rows = sheets.rows(path)

    assert len(list(islice(rows, 3))) == 3
    rows.close()


def test_r10_no_spreadsheet_says_what_is_wrong(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04 not a sheet")

    with pytest.raises(Unreadable, match="no spreadsheet that can be read"):
        list(reading.read(path))


def test_cells_are_texts_as_a_csv_would_hold_them():
    assert [sheet_child.as_text(one) for one in (3.0, 3.5, "x", True)] == ["3", "3.5", "x", "True"]
