"""Forms for clocks: pausing ours on a question of ours, putting one reminder off."""

from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone
from django.utils.text import Truncator

from cases import pausing, standstill
from cases.enums import DueKind, EntryKind, StepNumber
from cases.forms.fields import MomentField, words
from cases.forms.record import RecordForm
from cases.models import Case, Due, Entry
from cases.steps import resolve

NO_QUESTION = "A pause rests on a question of ours they have not answered. Write or call them first."
ASKED = {
    EntryKind.CALL: "Call",
    EntryKind.MEETING: "Meeting",
    EntryKind.LETTER: "Posted letter",
    EntryKind.EMAIL: "E-mail",
}


class PauseForm(RecordForm):
    """Which steps wait for their answer, on which question, until when at the latest."""

    button = "Pause our clock"
    steps = forms.TypedMultipleChoiceField(
        label="Which steps have to wait",
        help_text="Only what cannot go on before they answer. Everything else goes on meanwhile, so leave it out.",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Say which steps have to wait for their answer."},
    )
    question = forms.TypedChoiceField(
        label="What we asked them",
        empty_value=None,
        widget=forms.Select,
        error_messages={"required": NO_QUESTION, "invalid_choice": "They have answered this, or it is not a question."},
    )
    reason = words("What we cannot do before they answer", rows=2)
    until_at = MomentField(
        label="Until when at the latest",
        help_text="Their answer ends it sooner. Two working days for one question; the lead may grant more.",
    )

    def __init__(self, *args, case: Case, **kwargs) -> None:
        now = timezone.now()
        running = Due.objects.filter(case=case, kind=DueKind.STEP, closed_at=None, due_at__gt=now)
        numbers = sorted(set(running.values_list("ref", flat=True)) & set(standstill.PAUSABLE))
        self.questions = {str(entry.pk): entry for entry in pausing.questions(case)}
        waiting = [StepNumber.RESOLVE] if resolve.waits_for_them(case) else []
        ticked = [number for number in numbers if number in waiting]
        initial = {"steps": ticked, "until_at": pausing.may_grant_alone(case, now)}
        initial["question"] = next(iter(self.questions), "")
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["steps"].choices = [(number, StepNumber(number).label) for number in numbers]
        self.fields["question"].choices = [(pk, _shown(entry)) for pk, entry in self.questions.items()]
        self.fields["question"].coerce = self.questions.get
        if not self.questions:
            self.fields["question"].help_text = NO_QUESTION

    def facts(self) -> dict[str, Any]:
        """Return what the verb takes."""
        return {name: self.cleaned_data[name] for name in ("steps", "question", "reason", "until_at")}


class SnoozeForm(RecordForm):
    """Until when the next reminder can wait, and why."""

    button = "Put it off"
    look = ""
    until_at = MomentField(label="Remind at")
    reason = words("Why it can wait", rows=1)

    def rows(self) -> list[Any]:
        """Side by side."""
        return [Row("until_at", "reason")]


def _shown(entry: Entry) -> str:
    """Name a word of ours in one line."""
    whom = f" to {entry.contact.name}" if entry.contact else ""
    at = timezone.localtime(entry.at).strftime("%d %b, %H:%M")
    return f"{ASKED[EntryKind(entry.kind)]}{whom}, {at}: {Truncator(entry.words.text).chars(60)}"
