"""What people may say about themselves."""

import zoneinfo

from django import forms
from django.conf import settings

from accounts.models import User
from accounts.text import clean

MOST_LINES = 6


class SettingsForm(forms.ModelForm):
    """Name, telephone, time zone and language of the person signed in."""

    zone = forms.ChoiceField(
        label="Time zone", help_text="Times are shown to you in this zone.", choices=lambda: _zones()
    )
    language = forms.ChoiceField(label="Language of letters to you", choices=lambda: settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "phone", "signature", "zone", "language"]
        labels = {"name": "Your name", "phone": "Telephone", "signature": "Your signature"}
        widgets = {"signature": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": "Customers see it under your letters.",
            "signature": "Up to six lines under your letters. Left empty: name, function and telephone. "
            "The company's name is added.",
        }

    def clean_name(self) -> str:
        """Keep only what a database can hold."""
        return clean(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        """Keep only what a database can hold."""
        return clean(self.cleaned_data["phone"])

    def clean_signature(self) -> str:
        """Keep at most six lines, without empty ones."""
        lines = [line.strip() for line in clean(self.cleaned_data["signature"]).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"A signature has at most {MOST_LINES} lines. Leave some out.")
        return "\n".join(lines)


def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]
