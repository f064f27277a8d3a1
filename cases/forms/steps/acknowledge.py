"""The form of step 1."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Field, Row
from django import forms

from cases.entries import reachable
from cases.enums import Channel, EntryKind, Fault, RemedyState
from cases.forms.fields import MomentField, RowField, choice, line, words
from cases.forms.steps.leaving import LetterStep
from cases.forms.steps.moments import next_closing
from cases.letter_kinds import LetterAct
from cases.queries.step_needs import Needs, contacts

MEANS = [(kind.value, kind.label) for kind in (EntryKind.EMAIL, EntryKind.CALL, EntryKind.MEETING, EntryKind.LETTER)]
BY_EMAIL = Field("subject", wrapper_class="by-email")


class AcknowledgeForm(LetterStep):
    """Say that we heard them, by a person's word, with the first dated promise."""

    name, letter = "acknowledge", LetterAct.ACKNOWLEDGE
    said_by = "means"
    beside = "a call counts from when it was"
    means = choice("How do they hear from you?", MEANS, missing="Say how they hear, or heard, from you.")
    contact = RowField(among="contacts", rows=contacts, label="Whom", required=False, empty="Nobody by name")
    subject = line("Subject", required=False, help_text="For an e-mail. The case number is added.")
    text = words(
        "What you tell them, or told them",
        rows=5,
        tone=True,
        missing="Write what you tell them, or what you told them.",
        help_text="Say that you heard them, that it is yours now, and what happens next. An apology needs an act. "
        "An e-mail gets its greeting and your name by itself.",
    )
    fault = choice("Whose fault was it?", Fault.choices, required=False)
    promise = line(
        "What you promise",
        missing="Say what you promise.",
        help_text="The first thing they can check, such as “a call with the tracking number”.",
    )
    promise_due_at = MomentField(label="By when they hear or have it")
    at = MomentField(label="When it was", required=False, help_text="Empty means just now.")
    minutes = forms.IntegerField(label="Minutes it took", required=False, min_value=1, max_value=1440)

    def arrange(self, needs: Needs) -> None:
        """Ask whose fault it was only once they were asked what would make it right (Hitt, principle 1).

        Of what we found ourselves they hear from us first, so nothing was "told us" yet.
        """
        if self.case.channel == Channel.FOUND:
            self.fields["text"].label = "What we found, what it means for them, and what we do"
            self.fields["text"].help_text = "Before they notice. Say what you know, and what you do not know yet."
        if self.case.remedy_state == RemedyState.NOT_ASKED:
            del self.fields["fault"]

    def parts(self) -> list:
        """Show what belongs together side by side."""
        fault = ["fault"] if "fault" in self.fields else []
        shown = ["means", Row("contact", BY_EMAIL), "text", *fault, Row("promise", "promise_due_at")]
        return self.parting([*shown, Row("at", "minutes", data_when="told")])

    @property
    def button(self) -> str:
        """Name the act: an answer to them, or our own first word."""
        return "Tell them first" if self.case.channel == Channel.FOUND else "Acknowledge"

    @property
    def given(self) -> dict[str, Any]:
        """Say the title where no subject was written: no letter leaves without one."""
        kept = super().given
        return {**kept, "subject": kept["subject"] or self.case.title, "fault": kept.get("fault") or None}


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[LetterStep]:
    """Yield the form while the step is open; the letter is on its way or not."""
    case = panel["case"]
    initial = {
        "means": EntryKind.EMAIL if reachable(case.reporter) else EntryKind.CALL,
        "contact": case.reporter_id,
        "fault": case.fault,
        "promise_due_at": next_closing(case, panel["now"]),
    }
    leaving = panel["entry"] is not None and panel["entry"].message is not None
    look = "plain" if leaving and panel["entry"].message.state != "dead" else ""
    yield AcknowledgeForm(**made, initial=initial, look=look)
