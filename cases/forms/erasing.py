"""The form that erases a person at a customer."""

from django import forms

from cases.erasure import Reason
from cases.forms.fields import choice
from cases.models import Contact


class EraseForm(forms.Form):
    """Why, and their name typed once more: nothing brings it back."""

    reason = choice("Why", Reason.choices)
    name = forms.CharField(
        label="Their name, to be sure",
        max_length=120,
        error_messages={"required": "Type their name: what is erased does not come back."},
    )

    def __init__(self, *args, contact: Contact, **kwargs) -> None:
        self.contact = contact
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """Refuse any other name."""
        typed = " ".join(self.cleaned_data["name"].split())
        if typed.casefold() != " ".join(self.contact.name.split()).casefold():
            raise forms.ValidationError(f"This is not the name of {self.contact.name}. Are you on the right page?")
        return typed
