"""Form fields that several forms of the case share."""

from collections.abc import Callable
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse_lazy

from cases.models import Case

FIRST_YEAR, LAST_YEAR = 1990, 2070
LONGEST = 20_000


def words(
    label: str, *, rows: int = 3, required: bool = True, missing: str = "", tone: bool = False, **kwargs
) -> forms.CharField:
    """Return a field for a text of somebody's own; `missing` is said when it stays empty.

    `tone` points out, while it is written, what blames a person: for causes, and for letters. The browser is not told
    how long a text may be: it would cut what is pasted, without a word.
    """
    messages = {"required": missing or "Write a few words.", "max_length": "This is too long. Attach it as a file."}
    area = forms.Textarea(attrs={"rows": rows})
    field = forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=area, error_messages=messages, **kwargs
    )
    field.widget.attrs.pop("maxlength", None)
    return listening(field) if tone else field


def line(label: str, *, required: bool = True, missing: str = "", longest: int = 200, **kwargs) -> forms.CharField:
    """Return a field for one line."""
    messages = {"required": missing or "Write a few words."}
    return forms.CharField(label=label, required=required, max_length=longest, error_messages=messages, **kwargs)


def listening(field: forms.CharField) -> forms.CharField:
    """Let a text field ask, a moment after the last key, whether its words blame a person; return it."""
    field.tone = True
    asks = {"hx-post": reverse_lazy("cases:tone"), "hx-trigger": "input changed delay:700ms"}
    field.widget.attrs |= {**asks, "hx-target": "next [data-tone]", "hx-swap": "innerHTML"}
    return field


def choice(label: str, choices, *, required: bool = True, missing: str = "Choose one.", **kwargs) -> forms.ChoiceField:
    """Return a field for one of a few, shown side by side."""
    messages = {"required": missing}
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.RadioSelect, error_messages=messages, **kwargs
    )


class MomentField(forms.DateTimeField):
    """A day and an hour in the reader's zone. Refuses a year nobody means."""

    default_error_messages = {
        "required": "Say when: day and hour.",
        "invalid": "This is not a day and an hour. Write it like 2026-11-20 17:00.",
    }

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value) -> datetime | None:
        """Return the aware moment."""
        return _plausible(super().to_python(value))


class DayField(forms.DateField):
    """A day. Refuses a year nobody means."""

    default_error_messages = {"required": "Say which day.", "invalid": "This is not a day. Write it like 2026-11-20."}

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def to_python(self, value) -> date | None:
        """Return the day."""
        return _plausible(super().to_python(value))


def _plausible(at):
    if at is not None and not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValidationError("This year is too far away. Check the date.", code="year")
    return at


class RowField(forms.ChoiceField):
    """One of some rows. Shown from choices the page has read in one go, checked by a statement of its own.

    `among` names those choices; `rows` returns what may be chosen for a case. Cleans to the row, None where empty.
    """

    default_error_messages = {"invalid_choice": "This can no longer be chosen. Choose again."}

    def __init__(self, *, among: str, rows: Callable[[Case], QuerySet], empty: str = "", **kwargs):
        self.among, self.rows, self.empty, self.case = among, rows, empty, None
        super().__init__(**kwargs)

    def fill(self, choices: list[tuple[str, str]]) -> None:
        """Show these choices, with an empty one before them where nothing or a first choice is possible."""
        blank = [("", self.empty or "Choose")] if self.empty or not self.required else []
        self.choices = [*blank, *choices]

    def to_python(self, value) -> Model | None:
        """Return the chosen row."""
        if value in self.empty_values:
            return None
        # A key has at most 18 figures; Python refuses to read a number of thousands.
        known = str(value).isdecimal() and len(str(value)) < 19
        row = self.rows(self.case).filter(pk=value).first() if known else None
        if row is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return row

    def validate(self, value) -> None:
        """Refuse nothing where something is asked for; what may be chosen was checked already."""
        forms.Field.validate(self, value)
