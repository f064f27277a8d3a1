"""The form of a mailbox. A password typed is never shown again."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Row, Submit
from django import forms

from accounts.people_forms import HouseForm
from mail.models import Mailbox

NAMES = ("name", "host", "port", "safety", "username", "folder", "takes_old", "is_active")
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class MailboxForm(HouseForm):
    """From where messages are read."""

    name = forms.CharField(label="Name", max_length=80, help_text="Such as the address people write to.")
    host = forms.CharField(label="IMAP server", max_length=253)
    port = forms.IntegerField(label="Port", min_value=1, max_value=65_535, initial=993)
    safety = forms.ChoiceField(label="Connection", choices=Mailbox.Safety.choices, initial=Mailbox.Safety.TLS)
    username = forms.CharField(label="User name", max_length=254)
    password = forms.CharField(
        label="Password",
        max_length=500,
        strip=False,
        error_messages={"required": "Enter the password of this mailbox."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    folder = forms.CharField(label="Folder", max_length=120, initial="INBOX")
    takes_old = forms.BooleanField(label="Take in what lies there already", required=False)
    is_active = forms.BooleanField(label="Read it every minute", required=False, initial=True)

    def __init__(self, data=None, *, mailbox: Mailbox) -> None:
        initial = {name: getattr(mailbox, name) for name in NAMES} if mailbox.pk else {}
        super().__init__(data, initial=initial)
        self.mailbox = mailbox
        if mailbox.secret:
            self.fields["password"].required = False
            self.fields["password"].help_text = "Leave it empty to keep the one there is."

    def clean(self) -> dict[str, Any]:
        """Ask for safety where the way is long, and refuse a second reader of the same folder."""
        given = super().clean()
        if given.get("safety") == Mailbox.Safety.NONE and given.get("host") not in THIS_MACHINE:
            self.add_error("safety", "Without encryption anybody on the way reads the password. Choose TLS.")
        if "folder" in given and not given["folder"].isascii():
            self.add_error("folder", "Choose a folder whose name has letters of the English alphabet only.")
        if self._exists_elsewhere(given):
            self.add_error("username", "This folder of this mailbox is read already.")
        return given

    def _exists_elsewhere(self, given: dict[str, Any]) -> bool:
        same = {"host__iexact": given.get("host"), "username": given.get("username"), "folder": given.get("folder")}
        return Mailbox.objects.filter(**same).exclude(pk=self.mailbox.pk).exists()

    def fields_given(self) -> dict[str, Any]:
        """Return what a mailbox row takes, without the password."""
        return {name: self.cleaned_data[name] for name in NAMES}

    @property
    def helper(self) -> FormHelper:
        """Two buttons: try, and keep."""
        helper = FormHelper()
        helper.show_optional = True
        rows = [
            "name",
            Row("host", "port"),
            Row("safety", "folder"),
            Row("username", "password"),
            "takes_old",
            "is_active",
        ]
        buttons = [Submit("save", "Save"), Submit("try", "Test the connection", data_look="plain")]
        helper.layout = Layout(*rows, Div(*buttons, css_class="actions"))
        return helper
