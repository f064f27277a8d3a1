"""What the check before sending points out (product: Letters in and out)."""

import pytest

from cases.letter_check import Finding, findings, sentences

GOOD = "The courier has left. We send forty housings tonight; they are on your dock on Friday at 09:30."


def codes(text: str, **kwargs) -> list[str]:
    return [one.code for one in findings(text=text, **kwargs)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, []),
        ("We replaced the part on 3 March.", []),
        ("We are sorry.", ["no_date", "bare_apology"]),
        ("Thank you for your patience.", ["no_date", "no_remedy"]),
        ("We replaced the part.", ["no_date"]),
        ("Our planner was careless on Monday. We replaced the part.", ["blame"]),
        ("You should have known. We replaced it today.", ["blame"]),
        ("We will call you.", ["no_date", "unowned"]),
        ("You’ll have it on Friday.", ["unowned"]),
        ("Wir senden Ihnen die Teile am Freitag.", []),
        ("Es tut uns leid.", ["no_date", "bare_apology"]),
        ("Wir werden Sie bis 12. März anrufen.", ["unowned"]),
        ("Nous sommes désolés.", ["no_date", "bare_apology"]),
        ("Nous avons envoyé les pièces mardi.", []),
        ("Nous vous appellerons vendredi.", ["unowned"]),
        ("", ["no_date", "no_remedy"]),
    ],
)
def test_letter_check_points_out(text, expected):
    assert codes(text) == expected


def test_noted_promise_is_date_and_remedy_and_has_its_owner():
    assert codes("We will call you.", promise="A call") == []


def test_colleague_named_as_culprit_is_pointed_out_with_the_words():
    found = findings(text="Sven Holm shipped it late. We send it today.", names=["Sven Holm"])
    assert found == [Finding("blame", ("Sven Holm",))]


def test_promise_nobody_owns_is_quoted():
    assert findings(text=GOOD + " We will call.")[-1] == Finding("unowned", ("We will call",))


def test_sentences_are_told_apart_at_their_ends():
    assert sentences("One. Two!\n\nThree? - Four\n.") == ["One", "Two", "Three?", "- Four"]


def test_huge_text_is_checked_in_no_time():
    assert codes("a " * 500_000 + "we will") == ["no_date", "no_remedy"]
