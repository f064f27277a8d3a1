"""What people may say about themselves."""

import zoneinfo

from django import forms
from django.conf import settings

from accounts.models import User
from accounts.text import clean


class SettingsForm(forms.ModelForm):
    """Name, telephone, time zone and language of the person signed in."""

    zone = forms.ChoiceField(
        label="Time zone", help_text="Times are shown to you in this zone.", choices=lambda: _zones()
    )
    language = forms.ChoiceField(label="Language of letters to you", choices=lambda: settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "phone", "zone", "language"]
        labels = {"name": "Your name", "phone": "Telephone"}
        help_texts = {"name": "Customers see it under your letters."}

    def clean_name(self) -> str:
        """Keep only what a database can hold."""
        return clean(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        """Keep only what a database can hold."""
        return clean(self.cleaned_data["phone"])


def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]
