"""Which gesture is suggested, and why."""

import pytest

from cases.enums import GestureKind, Severity
from cases.fitting import fitting
from tests import builders
from tests.cases.stepping import page_of

PLAIN = {"broken": 0, "nth": 1, "silences": 0, "severity": Severity.NORMAL}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, (GestureKind.TIME, "waited")),
        ({"severity": Severity.HIGH}, (GestureKind.TIME, "stood")),
        ({"severity": Severity.CRITICAL}, (GestureKind.TIME, "stood")),
        ({"silences": 1, "severity": Severity.HIGH}, (GestureKind.EFFORT, "silent")),
        ({"nth": 2, "silences": 1}, (GestureKind.TRUST, "again")),
        ({"broken": 1, "nth": 3}, (GestureKind.TRUST, "broken")),
    ],
)
def test_weightiest_harm_comes_first(seen, expected):
    assert fitting(**{**PLAIN, **seen}) == expected


@pytest.mark.parametrize("severity", Severity)
def test_money_is_never_the_suggestion(severity):
    for broken, nth, silences in ((0, 1, 0), (2, 1, 0), (0, 4, 0), (0, 1, 3)):
        kind, _ = fitting(broken=broken, nth=nth, silences=silences, severity=severity)
        assert kind != GestureKind.MONEY


@pytest.mark.django_db
def test_step_says_what_fits_and_why():
    owner, customer = builders.user(), builders.customer()
    first = builders.case(owner=owner, of=customer)
    assert "Give back time." in page_of(owner, first, 4)
    again = builders.case(owner=owner, of=customer)
    assert "It is their 2nd case in twelve months" in page_of(owner, again, 4)
