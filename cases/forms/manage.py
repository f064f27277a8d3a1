"""Small forms of administration: an entry of a list, a rate, who takes cases up."""

from typing import Any

from crispy_forms.layout import Row
from django import forms

from accounts.text import clean
from cases.forms.customers import AmountField
from cases.forms.fields import DayField, line
from cases.forms.record import RecordForm

MOST_AT_ONCE = 100


class EntryForm(RecordForm):
    """One entry of a list: a category, or a kind of cause. Kinds name processes, never people."""

    button, look = "Add", "plain"
    name = line("Name", longest=120, missing="Give it a name.")
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_name(self) -> str:
        """Keep single spaces."""
        return " ".join(clean(self.cleaned_data["name"]).split())


class RateForm(RecordForm):
    """What one unit of a currency is worth in the installation's."""

    button = "Enter the rate"
    currency = forms.RegexField(
        r"^\s*[A-Za-z]{3}\s*$",
        label="Currency",
        error_messages={"invalid": "Write the three letters of the currency, such as EUR.", "required": "Which one?"},
    )
    worth = AmountField(label="One unit is worth", error_messages={"required": "Write a number, such as 0.94."})
    on = DayField(label="On")

    def rows(self) -> list[Any]:
        """Side by side."""
        return [Row("currency", "worth", "on")]

    def clean_currency(self) -> str:
        """Keep it in capitals."""
        return self.cleaned_data["currency"].strip().upper()


def ticked(given: list[str]) -> list[int]:
    """Return the ids ticked in a list, at most a hundred; what is none is passed over."""
    whole = [text for text in given[:MOST_AT_ONCE] if text.isascii() and text.isdigit() and len(text) < 19]
    return [int(text) for text in whole]
