"""The form of a text to begin letters with."""

from typing import Any

from crispy_forms.layout import HTML, Row
from django import forms
from django.conf import settings

from cases.enums import StepNumber
from cases.forms.fields import line, words
from cases.forms.record import RecordForm

STEPS = [("0", "Any step"), *((str(step.value), f"{step.value} · {step.label}") for step in StepNumber)]


class LetterTextForm(RecordForm):
    """A text: for which step, in which language, how it is found, what it says."""

    step = forms.TypedChoiceField(label="For which step", choices=STEPS, coerce=int, initial="0")
    language = forms.ChoiceField(label="Language", choices=lambda: settings.LANGUAGES)
    name = line("Name", longest=80, missing="Give it a name by which it is found.")
    subject = line("Subject", missing="Write the subject it proposes.")
    body = words("Text", rows=10, tone=True, missing="Write the text.")
    rev = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def rows(self) -> list[Any]:
        """When and in which language side by side."""
        return ["rev", Row("step", "language"), "name", "subject", "body"]

    def foot(self) -> HTML:
        """Save it, look at it, or have it sent to oneself."""
        return HTML('{% include "cases/_letter_text_foot.html" %}')
