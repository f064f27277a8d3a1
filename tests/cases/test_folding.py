"""Folded text is the same whoever folds it, and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cases.folding import fold, name_key, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller & Söhne", "muller & sohne"),
        ("STRAẞE Straße", "strasse strasse"),
        ("Ørsted Łódź Œuvre", "orsted lodz oeuvre"),
        ("İstanbul", "istanbul"),
        ("ﬁnal ２０４１", "final 2041"),
        ("", ""),
    ],
)
def test_fold_drops_case_and_accents(text, folded):
    assert fold(text) == folded


@given(some.text())
def test_fold_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(some.text())
def test_words_of_folded_text_are_the_words_of_the_text(text):
    assert words_of(fold(text)) == words_of(text)


def test_words_of_keeps_a_case_number_whole():
    assert words_of("See RC-2041, rc 2042 and RC2043.") == ["see", "rc2041", "rc2042", "and", "rc2043"]


def test_words_of_cuts_endless_words():
    assert words_of("a" * 1_000) == ["a" * 60]


def test_name_key_is_single_spaced_and_fits_its_column():
    assert name_key("  Zürcher   Guss AG ") == "zurcher guss ag"
    assert len(name_key("ﷺ" * 200)) <= 200
