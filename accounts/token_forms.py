"""The form a token is made with."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms

from accounts.models import User
from accounts.text import clean

READS, WRITES = "reads", "writes"


class TokenForm(forms.Form):
    """What will use it, whether it may write, and until when it works."""

    name = forms.CharField(
        label="What will use it",
        max_length=80,
        help_text="Such as “Nightly report” or “Phone system”.",
        error_messages={"required": "Name what will use it, so that you know later which one to revoke."},
    )
    may = forms.ChoiceField(
        label="What it may do",
        choices=[(READS, "Only read"), (WRITES, "Read and write")],
        widget=forms.RadioSelect,
        initial=READS,
    )
    expires_on = forms.DateField(
        label="Works until",
        required=False,
        help_text="The last day. Left empty, it works until you revoke it or leave.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is not a day. Write it like 2027-03-31."},
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if user.only_reads:
            self.fields["may"].choices = [(READS, "Only read")]
        self.helper = FormHelper()
        self.helper.show_optional = True
        self.helper.layout = Layout(
            "name", "may", "expires_on", Div(Submit("make", "Make the token"), css_class="actions")
        )

    def clean_name(self) -> str:
        """Keep only what a database can hold."""
        return clean(self.cleaned_data["name"])

    def clean(self) -> dict:
        """Say it as the verb takes it."""
        given = super().clean()
        return {
            **{name: value for name, value in given.items() if name != "may"},
            "reads_only": given.get("may") != WRITES,
        }
