"""The form an address elsewhere is entered with."""

from django import forms

from accounts.text import clean
from cases.forms.fields import line
from cases.forms.record import RecordForm
from cases.webhooks.kinds import CHOICES


class WebhookForm(RecordForm):
    """What it is called, where it is, and what it is told."""

    button = "Enter the address"
    name = line("What it is", longest=80, missing="Name it, so that others know what is told there.")
    address = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput,
        help_text="It begins with https:// and lies outside of this network.",
        error_messages={"required": "Write the address that is told."},
    )
    wanted = forms.MultipleChoiceField(
        label="What it is told",
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing it is told."},
    )

    def clean_address(self) -> str:
        """Keep no blanks around it."""
        return clean(self.cleaned_data["address"]).strip()
