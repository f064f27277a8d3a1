"""What the forms share whose words may leave as a letter: when it leaves, looking at it first, what it lacks."""

from typing import Any

from crispy_forms.layout import HTML, Field
from django import forms

from cases.enums import EntryKind
from cases.forms.fields import choice
from cases.forms.steps.base import StepForm
from cases.letter_kinds import LetterAct

NOW, MORNING = "now", "morning"
LEAVES = ((NOW, "Now"), (MORNING, "When their working day begins"))
NOT_GIVEN = ("leaves", "seen")
# What the Enter key presses in a line of this form: nothing is sent by it.
ENTER = '<button class="sr" type="submit" name="look" value="1" tabindex="-1" aria-hidden="true"></button>'


class LetterStep(StepForm):
    """An act that may leave as a letter. Such a letter can be looked at before and taken back after (decision 0014).

    `said_by` names the field that says how they hear of it; none where it is always a letter.
    """

    letter: LetterAct
    said_by = ""
    later = True
    foot = "cases/steps/_letter_button.html"
    checked = True  # its words are ours, so what they lack is pointed out
    findings, looked = (), None

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.later:
            why = "The clock of this step runs on until it has left."
            self.fields["leaves"] = choice("When it leaves", LEAVES, required=False, initial=NOW)
            self.fields["leaves"].help_text = why
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def by_letter(self) -> bool:
        """Whether what was chosen leaves as a letter."""
        return not self.said_by or self.cleaned_data.get(self.said_by) == EntryKind.EMAIL

    @property
    def in_the_morning(self) -> bool:
        """Whether it leaves only when their working day begins."""
        return self.cleaned_data.get("leaves") == MORNING

    @property
    def given(self) -> dict[str, Any]:
        """Return what the verb takes: not when it leaves."""
        return {name: value for name, value in super().given.items() if name not in NOT_GIVEN}

    def parts(self) -> list:
        """Return the fields and last when it leaves."""
        return self.parting([name for name in super().parts() if name not in NOT_GIVEN])

    def parting(self, shown: list) -> list:
        """Return what is shown with what every such form begins and ends with."""
        enter = [HTML(ENTER)] if self.said_by else []
        leaves = [Field("leaves", wrapper_class="by-email" if self.said_by else "")] if self.later else []
        return [*enter, *shown, *leaves, "seen"]
