"""Tables as files: streamed, safe in a spreadsheet, a row for each case, large ones in the background."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from python_calamine import CalamineWorkbook

from cases.models import Case
from council import exporting
from council.figures import files, tallying
from council.figures.tables import Table
from council.models import Export
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def chair(people, clock, settings, tmp_path) -> Client:
    clock.move_to(LATER)
    settings.DATA_DIR = tmp_path
    builders.acknowledged(builders.case(owner=people.owner, title="=1+1"))
    builders.case(owner=people.owner, title="Somebody was rude", about_person=True)
    tallying.tally_due(LATER)
    return as_(people.chair)


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read_csv(answer) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def read_xlsx(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "|calc", "%0"])
def test_s8_a_text_that_could_run_stands_behind_an_apostrophe(text):
    assert files.safe(text) == "'" + text


@pytest.mark.parametrize("cell", ["Late delivery", "3 < 4", "", 5, -5, None])
def test_s8_other_cells_stay_as_they_are(cell):
    assert files.safe(cell) == cell


def test_csv_has_a_row_for_each_case_counted(chair):
    rows = read_csv(chair.get("/council/figures/files/cases/csv/?period=quarter"))
    assert len(rows) == 3
    by_name = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [one["Title"] for one in by_name] == ["Somebody was rude", "'=1+1"]
    assert by_name[1]["Acknowledged"] == "2026-11-17 12:38:00"
    assert by_name[1]["At stake, likely, CHF"] == "1284000.00"
    assert by_name[1]["Seconds until acknowledged, our time"] == "2280"


def test_xlsx_keeps_texts_as_texts_and_moments_as_moments(chair):
    answer = chair.get("/council/figures/files/cases/xlsx/?period=quarter")
    rows = read_xlsx(b"".join(answer.streaming_content))
    one = dict(zip(rows[0], rows[2], strict=True))
    assert (one["Title"], one["Received or reopened"]) == ("=1+1", datetime(2026, 11, 17, 12, 0))
    assert one["At stake, likely, CHF"] == 1_284_000


def test_files_hold_no_more_than_the_page(people, chair):
    owner = read_csv(as_(people.owner).get("/council/figures/files/cases/csv/"))
    assert [row[2] for row in owner[1:]] == ["'=1+1"]
    part = read_csv(chair.get("/council/figures/files/told-in-time/csv/?part=met"))
    assert [row[0] for row in part[1:]] == [str(Case.objects.order_by("pk").first())]


@pytest.mark.parametrize(
    "what",
    ["figures", "side-by-side", "value", "causes", "do-the-repaired-hold", "promises", "waivers", "checks", "changes",
     "recurred-90", "exposures", "set-aside", "at-stake", "renewals", "rates", "customers"],
)  # fmt: skip
def test_every_table_comes_as_both_kinds_with_the_same_rows(chair, what):
    text = read_csv(chair.get(f"/council/figures/files/{what}/csv/"))
    book = read_xlsx(b"".join(chair.get(f"/council/figures/files/{what}/xlsx/").streaming_content))
    assert (len(book), book[0]) == (len(text), text[0])


def test_figures_by_owner_are_no_file_for_others(people, chair):
    address = "/council/figures/files/side-by-side/csv/?by=owner"
    assert as_(people.owner).get(address).status_code == 403
    assert read_csv(chair.get(address))[1][0] == "Marta Keller"


def test_no_such_table_is_not_found(chair):
    for what in ("nothing/csv/", "cases/pdf/", "told-in-time/csv/?part=x"):
        assert chair.get(f"/council/figures/files/{what}").status_code == 404


def test_a_large_workbook_is_written_in_the_background_for_who_asked(people, chair, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    address = "/council/figures/files/cases/xlsx/?period=quarter"
    assert "A workbook of 2 rows" in chair.get(address).content.decode()
    assert not Export.objects.exists()
    progress = chair.post(address).url
    assert "It begins within seconds" in chair.get(progress).content.decode()
    assert exporting.make_due(LATER) == 1
    export = Export.objects.get()
    assert (export.state, export.done, export.count) == ("ready", 2, 2)
    assert "2 rows are written" in chair.get(progress).content.decode()
    assert len(read_xlsx(b"".join(chair.get(f"{progress}file/").streaming_content))) == 3
    assert as_(people.member).get(progress).status_code == 404
    assert as_(people.member).get(f"{progress}file/").status_code == 404


def test_a_file_that_cannot_be_written_says_so_and_stops_no_other(people, chair, monkeypatch):
    for _ in range(2):
        exporting.ask(reader=people.chair, what="cases", given=QueryDict("period=quarter"), now=LATER)
    Export.objects.filter(pk=Export.objects.order_by("pk").first().pk).update(what="gone")
    assert exporting.make_due(LATER) == 2
    assert list(Export.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "ready"]
    failed = Export.objects.order_by("pk").first()
    assert "could not be written" in chair.get(f"/council/exports/{failed.pk}/").content.decode()


def test_files_are_thrown_away_after_a_day(people, chair):
    export = exporting.ask(reader=people.chair, what="cases", given=QueryDict(""), now=LATER)
    exporting.make_due(LATER)
    assert export.path.exists()
    exporting.make_due(LATER + timedelta(days=1, seconds=1))
    assert (export.path.exists(), Export.objects.exists()) == (False, False)


def test_csv_is_streamed_some_hundred_rows_at_a_time():
    asked = []

    def rows():
        for number in range(1200):
            asked.append(number)
            yield [number]

    lines = files.csv_lines(Table("many", ["Number"], rows(), 1200))
    next(lines), next(lines)
    assert len(asked) == 500
