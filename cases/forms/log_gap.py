"""The expectation gap as far as it is known when a complaint is logged. All of it may stay empty."""

from typing import Any

from django import forms

from accounts.text import clean as storable

PARTS = ("expected", "promised", "delivered")
KNOWN = [("", "Not known yet"), ("yes", "Yes"), ("no", "No")]
_ANSWERS = {"yes": True, "no": False}


class Text(forms.CharField):
    """One line or more of human words, without what a database cannot hold."""

    def to_python(self, value: Any) -> str:
        """Return the text, cleaned."""
        return storable(super().to_python(value) or "")


def _words(label: str) -> Text:
    return Text(label=label, required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}))


class GapPart(forms.Form):
    """What they expected, what was promised and where, what was delivered."""

    expected = _words("What they expected")
    promised = _words("What was promised")
    promised_where = Text(label="Where was it promised", required=False, max_length=200)
    in_writing = forms.ChoiceField(label="In writing", choices=KNOWN, required=False)
    delivered = _words("What was delivered")
    valid = forms.ChoiceField(label="Was the expectation valid", choices=KNOWN, required=False)

    def gap(self) -> dict[str, Any] | None:
        """Return what `facts.write_gap` takes beside case, actor and moment; None where nothing was said."""
        given = self.cleaned_data
        said = {part: given[part] for part in PARTS if given[part].strip()}
        answers = {name: _ANSWERS.get(given[name]) for name in ("in_writing", "valid")}
        if not said and not given["promised_where"] and set(answers.values()) == {None}:
            return None
        return {"texts": said, "promised_where": given["promised_where"], **answers}
