"""The figures over imported history against a slow, separate recount; without being asked for it is in none."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from cases import defaults
from cases.importing import history
from cases.importing.mapping import CFPB_COLUMNS
from cases.models import Case
from council.figures import tallying
from council.figures.asked import usual
from tests import builders
from tests.council.recount import kept, recount

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
COMPLAINTS = 400


@pytest.fixture
def imported(tmp_path) -> list[Case]:
    """Bring in made-up complaints as history, as they come from the public export."""
    defaults.install()
    path = written(tmp_path / "sample.csv")
    report = history.import_file(path=path, mapping="cfpb", actor=None, now=NOW, progress=lambda run: None)
    assert (report.run.added, report.run.refused) == (COMPLAINTS, 0)
    assert tallying.rebuild(NOW) == COMPLAINTS
    return list(Case.objects.all())


def written(path: Path) -> Path:
    chance = Random(3)
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, CFPB_COLUMNS)
        rows.writeheader()
        for number in range(COMPLAINTS):
            cells = {"Date received": f"2026-{chance.randrange(6, 12):02}-{chance.randrange(1, 18):02}"}
            cells |= {"Company": f"Bank {chance.randrange(40)}", "Product": chance.choice(("Mortgage", "Card"))}
            cells |= {"Issue": "Payments", "Submitted via": chance.choice(("Web", "Phone"))}
            answers = ("Closed with explanation", "In progress", "Closed with monetary relief")
            cells |= {"Complaint ID": str(number), "Company response to consumer": chance.choice(answers)}
            rows.writerow(dict.fromkeys(CFPB_COLUMNS, "") | cells)
    return path


def test_figures_of_imported_history_equal_a_slow_recount(imported):
    asked = replace(usual(builders.user("chair"), NOW), history=True)
    for period in (asked.period, asked.before):
        expected = recount(imported, period, NOW)
        assert expected["received"] > 100
        assert kept(asked, period) == expected


def test_imported_history_is_in_no_figure_unless_asked_for(imported):
    asked = usual(builders.user("chair"), NOW)
    assert kept(asked, asked.period) == recount([], asked.period, NOW)
