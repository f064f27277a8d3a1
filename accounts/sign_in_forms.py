"""The forms at the door, in the words of this house."""

from allauth.account.forms import LoginForm, ResetPasswordForm

ADDRESS = "E-mail"


class DoorForm(LoginForm):
    """Signing in by e-mail and password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _call(self.fields["login"])
        self.fields["login"].widget.attrs["autofocus"] = True
        password = self.fields["password"]
        password.help_text = ""  # the page itself leads to a new one
        password.widget.attrs.pop("placeholder", None)


class ForgottenForm(ResetPasswordForm):
    """Asking for a new password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _call(self.fields["email"])


def _call(field) -> None:
    """Call an address what every other page calls it, with no word inside the empty field."""
    field.label = ADDRESS
    field.widget.attrs.pop("placeholder", None)
