"""What the forms of versioned rules share: they show one version, read another, and say what differs."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from accounts.text import clean
from cases.refusals import Refused


@dataclass(frozen=True)
class Difference:
    """One line of what changes."""

    name: str
    before: str
    after: str

    @property
    def value(self) -> str:
        """The line as the two-versions panel shows it."""
        return f"{self.before} → {self.after}"


class RulesForm(forms.Form):
    """A form over the facts of one version. Subclasses add fields, say facts and read them."""

    check: Callable[[dict[str, Any]], None]
    base = forms.IntegerField(widget=forms.HiddenInput)
    previewed = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, facts: dict[str, Any], base: int, readonly: bool = False, **kwargs) -> None:
        self.before = facts
        super().__init__(*args, initial={**self.said(facts), "base": base}, **kwargs)
        self.add_fields()
        for field in self.fields.values():
            field.disabled = readonly

    def add_fields(self) -> None:
        """Add what depends on lists of the domain."""

    def said(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts as the fields show them."""
        raise NotImplementedError

    def read(self) -> dict[str, Any]:
        """Return what was typed as facts of a version."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Keep texts storable, and let the rules themselves refuse what contradicts itself, at its field."""
        typed = super().clean() or self.cleaned_data
        self.cleaned_data = {name: clean(value) if isinstance(value, str) else value for name, value in typed.items()}
        if not self.errors:
            try:
                type(self).check(self.read())
            except Refused as refused:
                self.add_error(refused.field if refused.field in self.fields else None, refused.message)
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """Return what was typed as JSON values."""
        return json.loads(json.dumps(self.read()))

    def mark(self) -> str:
        """Return a short mark of what was typed: the preview is good for exactly this."""
        return hashlib.sha256(json.dumps(self.facts(), sort_keys=True).encode()).hexdigest()[:16]

    def differences(self, before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
        """Return what differs between two versions, field by field, in words."""
        old, new = self.said(before), self.said(after)
        return [
            Difference(str(field.label), self.worded(old.get(name)), self.worded(new.get(name)))
            for name, field in self.fields.items()
            if name not in ("base", "previewed") and self.worded(old.get(name)) != self.worded(new.get(name))
        ]

    def worded(self, value: Any) -> str:
        """Write a field's value for people."""
        if isinstance(value, (list, tuple)):
            return ", ".join(str(one) for one in value) or "nothing"
        return "nothing" if value in (None, "") else str(value)
