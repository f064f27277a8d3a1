"""Writing to everybody a cause could hit: one text, and for each customer a person and a date."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms

from cases.entries import reachable
from cases.forms.fields import MomentField, line, words
from cases.forms.record import PickField, RecordForm
from cases.incident import Letter, Telling
from cases.models import Cause, Contact, Exposure

TEXTS = ("subject", "found", "meaning", "doing", "promise")


def draft_key(cause: Cause) -> str:
    """Return under which what is typed about a cause is kept."""
    return f"cause-{cause.pk}-tell"


def kept(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft as the form may show it: texts, and a list of whom; anything else is left out."""
    shown = {name: draft[name] for name in (*TEXTS, "due_at") if isinstance(draft.get(name), str)}
    to = draft.get("to")
    return shown | ({"to": [one for one in to if isinstance(one, str)]} if isinstance(to, list) else {})


class IncidentForm(RecordForm):
    """One letter to several customers, read for each before any leaves.

    `seen` is the mark of what was last shown as preview: sending other words than were read is refused.
    """

    to = forms.MultipleChoiceField(
        label="To whom",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one customer."},
    )
    subject = line("Subject", missing="Write what the letter is about.", help_text="The case number is added.")
    found = words("What we found", rows=3, tone=True, missing="Say what we found.")
    meaning = words("What it means for them", rows=2, tone=True, missing="Say what it means for them.")
    doing = words("What we do", rows=3, tone=True, missing="Say what we do about it, and by when.")
    promise = line("What you promise each of them", missing="Say what you promise.")
    due_at = MomentField(label="By when they hear or have it")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args,
        cause: Cause,
        exposures: Sequence[Exposure],
        people: Mapping[int, Sequence[Contact]],
        **kwargs,
    ) -> None:
        super().__init__(*args, auto_id="incident_%s", **kwargs)
        self.draft_key = draft_key(cause)
        self.exposures = {str(one.pk): one for one in exposures}
        self.fields["to"].choices = [(key, one.customer.name) for key, one in self.exposures.items()]
        for key, one in self.exposures.items():
            rows = [person for person in people.get(one.customer_id, ()) if reachable(person)]
            self.fields[f"contact_{key}"] = PickField(label="Who reads it", rows=rows, required=False, empty="Nobody")
            self.initial.setdefault(f"contact_{key}", rows[0].pk if rows else "")
            self.fields[f"due_{key}"] = MomentField(label="Promised by", required=False)

    @property
    def helper(self):
        """The words only: choices for each customer stand in the preview."""
        helper = super().helper
        helper.form_tag, helper.disable_csrf = False, True
        helper.layout = Layout("to", "subject", "found", "meaning", "doing", Row("promise", "due_at"))
        return helper

    @property
    def mark(self) -> str:
        """Return the mark of the words and readers as sent."""
        said = [self.cleaned_data.get(name) for name in (*TEXTS, "due_at", "to")]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def letter(self) -> Letter:
        """Return the words as the verb takes them."""
        return Letter(**{name: self.cleaned_data[name] for name in TEXTS})

    @property
    def given(self) -> dict[str, Any]:
        """Return the words, and whom each letter goes to by when, as they wait until the letters leave."""
        tellings = [[one.exposure, one.contact, one.due_at] for one in self.tellings()]
        return {**{name: self.cleaned_data[name] for name in TEXTS}, "tellings": tellings}

    @property
    def typed(self) -> dict[str, Any]:
        """Return what was typed, for taking the letters back."""
        return {name: self.data.get(name, "") for name in (*TEXTS, "due_at")} | {"to": self.cleaned_data["to"]}

    def tellings(self) -> list[Telling]:
        """Return whom each letter goes to; what was not chosen yet is the first person and the common date."""
        return [self._telling(key) for key in self.cleaned_data["to"]]

    def _telling(self, key: str) -> Telling:
        given, person = self.cleaned_data, self.fields[f"contact_{key}"]
        shown = f"contact_{key}" in self.data
        contact = given.get(f"contact_{key}") if shown else person.rows.get(str(self.initial[f"contact_{key}"]))
        kept = self.data.get("common") == self.data.get("due_at")  # another common date is meant for everybody
        return Telling(self.exposures[key], contact, (kept and given.get(f"due_{key}")) or given["due_at"])

    def rows_of(self, telling: Telling) -> dict[str, Any]:
        """Return what can be chosen for one customer in the preview, and what is."""
        key = str(telling.exposure.pk)
        people = list(self.fields[f"contact_{key}"].rows.values())
        wrong = [*self.errors.get(f"contact_{key}", ()), *self.errors.get(f"due_{key}", ())]
        return {"key": key, "people": people, "contact": telling.contact, "due_at": telling.due_at, "wrong": wrong}
