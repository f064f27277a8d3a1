"""The list of countries and regions whose public holidays can be copied."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cases import holiday_places
from tests.cases.holiday_places import LONGEST_REGION

ROOT = Path(__file__).parents[2]


def test_list_is_what_the_library_knows():
    run = [sys.executable, "-m", "tests.cases.holiday_places"]
    known = json.loads(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert json.loads((ROOT / "cases/holiday_places.json").read_text(encoding="utf-8")) == known


def test_no_page_imports_the_library():
    check = "import cases.holiday_places, sys; cases.holiday_places.countries(); print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_countries_stand_by_name():
    names = [name for _, name in holiday_places.countries()]
    assert names == sorted(names, key=str.casefold)
    assert ("CH", "Switzerland") in holiday_places.countries()
    assert holiday_places.name_of("DE") == "Germany" and holiday_places.name_of("ZZ") == "ZZ"


@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [("CH", "zh", "ZH"), ("DE", "Bayern", "BY"), ("DE", "bayern ", "BY"), ("DE", "ZH", None), ("ZZ", "A", None)],
)
def test_region_is_found_by_code_or_name(country, typed, code):
    assert holiday_places.region_of(country, typed) == code


def test_codes_fit_the_calendar():
    codes = [code for country, _ in holiday_places.countries() for code, _ in holiday_places.regions(country)]
    assert max(map(len, codes)) <= LONGEST_REGION
