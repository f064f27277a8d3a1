"""Forms of the list of links: another name, a file to read in."""

from django import forms
from django.core.exceptions import ValidationError

from cases.forms.fields import line
from cases.forms.record import RecordForm

MOST_BYTES = 2_000_000


class RenameForm(RecordForm):
    """Another name for a link."""

    button, look = "Rename", "plain"
    name = line("Name", longest=120, missing="Give it a name.")


class LinksFileForm(RecordForm):
    """A CSV file with the columns customer, kind, name."""

    button, look = "Read it in", "plain"
    file = forms.FileField(
        label="A CSV file",
        help_text="First line: customer, kind, name. Kind is product, site, carrier, service or lot.",
        error_messages={"required": "Choose the file.", "empty": "The file is empty."},
    )

    def clean_file(self):
        """Refuse what is too large to be a list of links."""
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise ValidationError("This file is larger than 2 MB. Split it in two.")
        return self.cleaned_data["file"]
