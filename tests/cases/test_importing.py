"""Importing complaints as history: what comes in, what is refused and why, and that repeating adds nothing (R10)."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases import actions, defaults, promises, taking_up
from cases.enums import ActionKind, PromiseKind
from cases.importing import history
from cases.importing.mapping import CFPB_COLUMNS
from cases.importing.reading import Unreadable, read
from cases.importing.variants import variants
from cases.models import Case, Chain, Customer, Due, Escalation, ImportRefusal, Step, Words
from cases.refusals import Refused
from cases.timeline import faults
from mail.models import Message
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    """Set up calendar and policy, which every case names."""
    defaults.install()


def cfpb(**cells) -> dict[str, str]:
    """Return one row of the export, complete unless told otherwise."""
    row = dict.fromkeys(CFPB_COLUMNS, "")
    row |= {
        "Date received": "2023-04-05",
        "Product": "Mortgage",
        "Issue": "Trouble during payment process",
        "Company": "Acme Bank",
        "Submitted via": "Web",
        "Date sent to company": "2023-04-07",
        "Company response to consumer": "Closed with explanation",
        "Timely response?": "Yes",
        "Consumer disputed?": "N/A",
        "Complaint ID": "1",
    }
    return row | cells


def written(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as a CSV file and return its path."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def taken(path: Path, mapping: str = "cfpb") -> history.Report:
    """Import a file quietly."""
    return history.import_file(path=path, mapping=mapping, actor=None, now=NOON, progress=lambda run: None)


def test_a_row_becomes_a_historical_case(tmp_path):
    narrative = "They took {$240.00}.\n\nTwice."
    taken(written(tmp_path / "a.csv", [cfpb(**{"Consumer complaint narrative": narrative, "Sub-issue": "Fees"})]))
    case = Case.objects.select_related("customer", "category").get()
    assert (case.customer.name, case.title, case.category.name) == (
        "Acme Bank", "Fees", "Mortgage · Trouble during payment process",
    )  # fmt: skip
    assert (case.historical, case.state, case.outcome, case.stated_outcome) == (
        True, "closed", "closed_elsewhere", "Closed with explanation",
    )  # fmt: skip
    assert Words.objects.get(case=case, part="complaint").text == narrative
    assert faults(case.pk) == []


def test_history_has_no_steps_clocks_letters_or_escalations(tmp_path):
    taken(written(tmp_path / "a.csv", [cfpb(**{"Complaint ID": str(n)}) for n in range(5)]))
    assert Case.objects.count() == 5
    counts = [model.objects.count() for model in (Step, Due, Message, Escalation)]
    assert counts == [0, 0, 0, 0]


def test_repeating_an_import_adds_nothing(tmp_path):
    path = written(tmp_path / "a.csv", [cfpb(**{"Complaint ID": str(n)}) for n in range(60)])
    first, second = taken(path), taken(path)
    assert (first.run.added, second.run.added, second.run.known) == (60, 0, 60)
    assert Case.objects.count() == 60


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Company": ""}, "Company is empty"),
        ({"Complaint ID": " "}, "Complaint ID is empty"),
        ({"Date received": "31/31/2023"}, "Date received is no date: 31/31/2023"),
        ({"Date received": ""}, "Date received is empty"),
        ({"Date received": "2031-01-01"}, "it was received in the future: 2031-01-01"),
        ({"Date received": "1066-10-14"}, "Date received lies before 1970: 1066-10-14"),
    ],
)
def test_a_bad_row_is_refused_with_line_and_reason_and_the_others_go_in(tmp_path, cells, reason):
    rows = [cfpb(), cfpb(**{"Complaint ID": "2"} | cells), cfpb(**{"Complaint ID": "3"})]
    report = taken(written(tmp_path / "a.csv", rows))
    assert report.refusals == [(3, reason)]
    assert ImportRefusal.objects.get().reason == reason
    assert Case.objects.count() == 2


def test_the_line_named_is_where_the_row_begins(tmp_path):
    long = cfpb(**{"Consumer complaint narrative": "one\ntwo\nthree"})
    report = taken(written(tmp_path / "a.csv", [long, cfpb(**{"Complaint ID": "2", "Company": ""})]))
    assert report.refusals == [(5, "Company is empty")]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ";"), ("cp1252", ","), ("utf-16", "\t")])
def test_encodings_and_delimiters_are_recognised(tmp_path, encoding, delimiter):
    taken(written(tmp_path / "a.csv", [cfpb(Company="Müller & Söhne")], encoding, delimiter))
    assert Customer.objects.get().name == "Müller & Söhne"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"\x00", "The file is empty"),
        (b"PK\x03\x04 not a sheet", "no spreadsheet that can be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, message):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=message):
        taken(path)


def test_a_missing_file_and_an_unknown_mapping_are_plain_errors(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_complaints", str(tmp_path / "none.csv"), mapping="cfpb")
    with pytest.raises(CommandError, match="There is no mapping"):
        call_command("import_complaints", str(written(tmp_path / "a.csv", [cfpb()])), mapping="nonsense")


@pytest.mark.parametrize(
    "junk", [b"\x00\x01\x02" * 50, b"\xff\xfea", b'"a,b\nc', b"a,b\n1,2,3\n", "é;ü\n\ud7ff".encode("utf-8")]
)
def test_r10_any_bytes_are_refused_or_read_but_never_crash(tmp_path, junk):
    path = tmp_path / "a.csv"
    path.write_bytes(junk)
    report = taken(path, mapping="plain") if junk.strip() else None
    assert report is None or report.run.added == 0


def test_a_mapping_of_ones_own_reads_other_columns(tmp_path):
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"reference": "Nr", "customer": "Kunde", "received": "Datum", "complaint": "Text"}))
    rows = [{"Nr": "7", "Kunde": "Halden AG", "Datum": "05.04.2023", "Text": "Zu spät."}]
    taken(written(tmp_path / "a.csv", rows), mapping=str(mapping))
    case = Case.objects.get()
    assert (case.external_ref, case.title, case.received_at.date().isoformat()) == ("7", "Zu spät.", "2023-04-05")


def test_a_mapping_without_a_required_field_is_refused(tmp_path):
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"customer": "Kunde", "colour": "Farbe"}))
    with pytest.raises(Unreadable, match="colour"):
        taken(written(tmp_path / "a.csv", [cfpb()]), mapping=str(mapping))


def test_spellings_are_kept_apart_and_reported(tmp_path):
    names = ["Wells Fargo", "WELLS FARGO & COMPANY", "Acme Bank"]
    rows = [cfpb(**{"Complaint ID": str(n), "Company": name}) for n, name in enumerate(names)]
    report = taken(written(tmp_path / "a.csv", rows))
    assert Customer.objects.count() == 3
    assert report.variants == [["WELLS FARGO & COMPANY", "Wells Fargo"]]


def test_variants_ignore_names_made_of_legal_forms_only():
    assert variants(["The Company", "THE COMPANY.", "Acme"]) == [["THE COMPANY.", "The Company"]]


def test_a_case_in_progress_is_taken_up_and_lives_from_now(tmp_path):
    taken(written(tmp_path / "a.csv", [cfpb(**{"Company response to consumer": "In progress"})]))
    case, owner = Case.objects.get(), builders.user()
    assert case.state == "open"
    taking_up.take_up(case=case, actor=owner, owner=owner, now=NOON)
    case.refresh_from_db()
    assert (case.historical, case.next_kind, Step.objects.filter(case=case).count()) == (False, "step-1", 9)
    assert Due.objects.get(case=case, kind="step", ref=1).started_at == NOON
    assert faults(case.pk) == []


def test_nobody_is_reminded_of_anything_on_history(tmp_path):
    taken(written(tmp_path / "a.csv", [cfpb()]))
    owner = builders.user()
    about = {"case": Case.objects.get(), "actor": owner, "text": "A call", "due_at": NOON + timedelta(1), "now": NOON}
    for plan in (
        lambda: promises.make_promise(kind=PromiseKind.RECOVERY, **about),
        lambda: actions.plan_action(kind=ActionKind.IMMEDIATE, owner=owner, **about),
    ):
        with pytest.raises(Refused, match="came in as history"):
            plan()
    assert not Due.objects.exists()


def test_a_closed_case_cannot_be_taken_up(tmp_path):
    taken(written(tmp_path / "a.csv", [cfpb()]))
    owner = builders.user()
    with pytest.raises(Refused, match="closed before Goldseam"):
        taking_up.take_up(case=Case.objects.get(), actor=owner, owner=owner, now=NOON)


def test_many_are_taken_up_and_the_refused_ones_named(tmp_path):
    rows = [cfpb(**{"Complaint ID": str(n), "Company response to consumer": "In progress"}) for n in range(3)]
    taken(written(tmp_path / "a.csv", [*rows, cfpb(**{"Complaint ID": "9"})]))
    owner = builders.user()
    done, refusals = taking_up.take_up_many(cases=Case.objects.all(), actor=owner, owner=owner, now=NOON)
    assert (done, len(refusals)) == (3, 1)


def test_every_imported_case_has_its_chain(tmp_path):
    taken(written(tmp_path / "a.csv", [cfpb(**{"Complaint ID": str(n)}) for n in range(30)]))
    assert Chain.objects.filter(seq=1).count() == 30


SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "cfpb-sample.csv"


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the public sample is not beside the project")
def test_the_public_sample_comes_in_whole():
    report = taken(SAMPLE)
    assert (report.run.added, report.run.refused, report.open_rows) == (2000, 0, 234)
    assert sum(1 for _ in read(SAMPLE)) == 2000
