"""Forms of signals: a file to read in, and why one makes no case."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases.forms.record import RecordForm

MOST_BYTES = 5_000_000


class SignalsFileForm(RecordForm):
    """A CSV file with credit notes, returns and late deliveries."""

    button, look = "Read it in", "plain"
    file = forms.FileField(
        label="A CSV file",
        help_text=(
            "First line: kind, reference, customer, date; if wanted amount, currency, text. "
            "Kind is credit note, return or late delivery."
        ),
        error_messages={"required": "Choose the file.", "empty": "The file is empty."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, action=reverse("cases:signals_file"), **kwargs)

    def clean_file(self):
        """Refuse what is too large to be a list of signals."""
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise ValidationError("This file is larger than 5 MB. Split it in two.")
        return self.cleaned_data["file"]


class DismissForm(forms.Form):
    """Why a signal makes no case."""

    reason = forms.CharField(max_length=1000, error_messages={"required": "Say why this makes no case."})
