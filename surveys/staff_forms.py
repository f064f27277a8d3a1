"""What colleagues fill in about surveys: the questions, tags, and what the results are narrowed by."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation

from surveys import questions
from surveys.forms import SurveyForm
from surveys.models import FormVersion

OFF = ""


class QuestionsForm(forms.Form):
    """The wording of each core question, and up to three optional ones, in every language."""

    def __init__(self, *args, version: FormVersion | None, **kwargs) -> None:
        super().__init__(*args, initial=_as_fields(version), **kwargs)
        for name in questions.CORE:
            for code, language in settings.LANGUAGES:
                self.fields[f"{name}_{code}"] = _line(language, ours=_our_words(name, code))
        for place in _places():
            kinds = [(OFF, "Not asked"), (questions.MARKS, "1 to 5"), (questions.WORDS, "In words")]
            kind = forms.ChoiceField(label="Answered by", choices=kinds, required=False, widget=forms.RadioSelect)
            self.fields[f"extra{place}_kind"] = kind
            for code, language in settings.LANGUAGES:
                self.fields[f"extra{place}_{code}"] = _line(language)

    @property
    def wordings(self) -> dict[str, dict[str, str]]:
        """The wording of each core question by language."""
        return {name: self._said(name) for name in questions.CORE}

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The optional questions that are switched on."""
        kinds = {place: self.cleaned_data[f"extra{place}_kind"] for place in _places()}
        return [{"kind": kind, "wording": self._said(f"extra{place}")} for place, kind in kinds.items() if kind]

    @property
    def core(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each core question with our own words for it, and its fields."""
        ours = SurveyForm().fields
        return [(str(ours[name].label), self._fields(name)) for name in questions.CORE]

    @property
    def optional(self) -> list[tuple[int, forms.BoundField, list[forms.BoundField]]]:
        """Each optional question: its number, how it is answered, and its fields."""
        return [(n, self[f"extra{n}_kind"], self._fields(f"extra{n}")) for n in _places()]

    def _fields(self, name: str) -> list[forms.BoundField]:
        return [self[f"{name}_{code}"] for code, _ in settings.LANGUAGES]

    def _said(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"] for code, _ in settings.LANGUAGES}


class LanguageChoice(forms.Form):
    """In which language the questions are looked at or sent for a test."""

    language = forms.ChoiceField(choices=lambda: settings.LANGUAGES)


def _places() -> range:
    return range(1, questions.MOST_EXTRAS + 1)


def _our_words(question: str, language: str) -> str:
    with translation.override(language):
        return str(SurveyForm.base_fields[question].label)


def _line(label: str, *, ours: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"placeholder": ours} if ours else {})
    return forms.CharField(label=label, required=False, max_length=questions.LONGEST, widget=widget)


def _as_fields(version: FormVersion | None) -> dict[str, str]:
    """Return what stands in the fields of the page now."""
    facts = version.facts if version else {"wording": {}, "extra": []}
    said = {f"{name}_{code}": text for name, texts in facts["wording"].items() for code, text in texts.items()}
    for place, extra in enumerate(facts["extra"], 1):
        said[f"extra{place}_kind"] = extra["kind"]
        said |= {f"extra{place}_{code}": text for code, text in extra["wording"].items()}
    return said
