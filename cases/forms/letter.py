"""The composer of an e-mail of ours: to whom, in which words, with what, when it leaves."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from crispy_forms.layout import HTML, Div, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cases.enums import EntryKind
from cases.forms.fields import MomentField, choice, line, words
from cases.forms.record import PickField, RecordForm, files_field
from cases.queries.composer import Desk

NOW, MORNING = "now", "morning"
MOST_COPIES = 10
# What the Enter key presses in a line of this form: nothing is sent by it.
ENTER = '<button class="sr" type="submit" name="act" value="preview" tabindex="-1" aria-hidden="true"></button>'
LISTS = ("copies", "enclosed")


class AddressesField(forms.CharField):
    """E-mail addresses in one line, separated by commas, semicolons or blanks. Cleans to a list, each once."""

    def to_python(self, value: Any) -> list[str]:
        """Return the addresses; every one that is none is named."""
        parts = (super().to_python(value) or "").replace(";", ",").replace(" ", ",").split(",")
        found = list(dict.fromkeys(part.strip().lower() for part in parts if part.strip()))
        wrong = [one for one in found if not _is_address(one)]
        if wrong:
            raise ValidationError(f"This is not an e-mail address: {', '.join(wrong)[:200]}.", code="address")
        if len(found) > MOST_COPIES:
            raise ValidationError(f"At most {MOST_COPIES} further addresses.", code="many")
        return found

    def validate(self, value: list[str]) -> None:
        """Nothing is asked for."""

    def run_validators(self, value: list[str]) -> None:
        """Each address was looked at already."""


class LetterForm(RecordForm):
    """A letter to one contact. Nothing is sent by it: the view sends it off, and it can be taken back."""

    opens = EntryKind.EMAIL.value
    findings, looked, sentences = (), None, ()  # what the page shows beside: see `cases.views.letters`

    def __init__(self, *args, contacts: Iterable[Any], desk: Desk, morning_at: datetime | None, **kwargs) -> None:
        super().__init__(*args, auto_id="letter_%s", **kwargs)
        self.desk, self.morning_at = desk, morning_at
        reachable = [one for one in contacts if one.reachable]
        missing = {"required": "Say to whom.", "invalid_choice": "Choose somebody with an e-mail address."}
        self.fields["contact"] = PickField(label="To", rows=reachable, error_messages=missing)
        if not reachable:
            self.fields["contact"].help_text = "Nobody here has an e-mail address yet. Add one on the customer’s page."
        self.fields["subject"] = line("Subject", missing="Write what the e-mail is about.")
        self.fields["text"] = words("Words", rows=9, tone=True, missing="Write what you tell them.")
        self.fields["promise"] = line("What you promise in it", required=False)
        self.fields["promise_due_at"] = MomentField(label="By when", required=False)
        self._add_beside(reachable)
        self._add_parting()
        if not self.is_bound:
            self.fields["text"].widget.attrs["autofocus"] = True

    def _add_beside(self, reachable: list[Any]) -> None:
        """Copies, their words, files."""
        ticks = forms.CheckboxSelectMultiple
        if reachable[1:]:
            people = [(str(one.pk), one.name) for one in reachable]
            self.fields["copies"] = _many("Copies to", people, ticks)
        self.fields["others"] = AddressesField(
            label="Copies to further addresses",
            required=False,
            max_length=1_000,
            help_text="Separated by commas. A copy never carries the customer’s own link.",
        )
        if self.desk.theirs:
            self.fields["quote"] = forms.BooleanField(label="Quote what they said last, below my words", required=False)
        if self.desk.files:
            self.fields["enclosed"] = _many("Files of the case to send along", self.desk.files, ticks)
        self.fields["files"] = files_field("New files to send along", help_text="They are put on the case as well.")

    def _add_parting(self) -> None:
        """When it leaves, and what was pointed out already."""
        if self.morning_at:
            named = "In their morning, {}".format(self.morning_at.strftime("%a %-d %b %H:%M"))
            choices = ((NOW, "Now"), (MORNING, named))
            self.fields["leaves"] = choice("When it leaves", choices, initial=NOW)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.fields["kind"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self.opens)

    def rows(self) -> list[Any]:
        """To whom and about what, the words, what goes with them, when."""
        begin = [HTML('{% include "cases/_letter_begin.html" %}')] if self.desk.texts else []
        leaves = ["leaves"] if "leaves" in self.fields else []
        return ["kind", "seen", HTML(ENTER), Row("contact", "subject"), *begin, "text", *self._more(), *leaves]

    def _more(self) -> list[Any]:
        beside = [name for name in ("copies", "others", "quote", "enclosed", "files") if name in self.fields]
        buttons = HTML('{% include "cases/_letter_promise.html" %}')
        promised = ["promise", "promise_due_at"]
        return [
            *self._fold("promise", "Promise this", promised, buttons, Row(*promised)),
            *self._fold("beside", "Copies, their words, files", beside, *beside),
        ]

    def _fold(self, name: str, title: str, fields: list[str], *parts: Any) -> list[Any]:
        """A folded part, open where something stands in it or is refused."""
        is_open = any(self[one].value() or one in self.errors for one in fields) or (
            name == "promise" and self.sentences
        )
        head = f'<details class="fold" id="letter-{name}"{" open" if is_open else ""}><summary>{title}</summary>'
        return [HTML(head), Div(*parts, css_class="form"), HTML("</details>")]

    def foot(self) -> HTML:
        """Send it, or look at it first; what to look at again; how long ago the draft was kept."""
        return HTML('{% include "cases/_letter_foot.html" %}')

    @property
    def helper(self):
        """Sent in place where scripts run, so that the page around it stays where it is."""
        helper = super().helper
        helper.attrs |= {"hx-post": self.action, "hx-target": "#composer", "hx-swap": "outerHTML"}
        helper.attrs |= {"hx-encoding": "multipart/form-data"}
        return helper


def kept(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft as a form may show it: texts, and lists where several may be ticked; anything else is left out.

    A draft is whatever a browser once sent.
    """
    shown = {}
    for name, value in typed.items():
        if name in LISTS:
            values = value if isinstance(value, list) else [value]
            shown[name] = [one for one in values if isinstance(one, str)]
        elif isinstance(value, (str, bool)):
            shown[name] = value
    return shown


def _many(label: str, choices: Iterable[tuple[str, str]], widget: type[forms.Widget]) -> forms.MultipleChoiceField:
    gone = {"invalid_choice": "One of these can no longer be chosen. Tick them again."}
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), widget=widget, required=False, error_messages=gone
    )


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
