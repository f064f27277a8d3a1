"""The forms of step 2."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Row

from cases.entries import reachable
from cases.enums import EntryKind
from cases.forms.fields import MomentField, RowField, choice, line, words
from cases.forms.steps.acknowledge import BY_EMAIL, MEANS
from cases.forms.steps.base import BareForm, StepForm
from cases.forms.steps.leaving import LetterStep
from cases.forms.steps.moments import before, next_closing
from cases.letter_kinds import LetterAct
from cases.queries.step_needs import contacts, people


class PlanForm(StepForm):
    """Plan what keeps it from getting worse."""

    name, button = "plan", "Plan it"
    text = words(
        "What stops it from getting worse?",
        rows=2,
        missing="Say what is to be done.",
        help_text="A stop, a replacement, a guard: something done now, before the cause is known.",
    )
    owner = RowField(among="people", rows=people, label="Who does it", empty="Choose a colleague")
    due_at = MomentField(label="By when")

    def parts(self) -> list:
        """Show who and when side by side."""
        return ["text", Row("owner", "due_at")]


class FinishForm(BareForm):
    """Mark one action done."""

    name, button = "finish", "Mark done"


class CheckForm(BareForm):
    """Confirm that one done action holds."""

    name, button = "check", "I checked: it holds"


class ToldForm(LetterStep):
    """Tell the customer that it is contained."""

    name, button = "told", "They know: contained"
    letter, said_by = LetterAct.TOLD, "told_by"
    told_by = choice("How do they hear of it?", MEANS, missing="Say how they hear, or heard, of it.")
    contact = RowField(among="contacts", rows=contacts, label="Whom", required=False, empty="Nobody by name")
    subject = line("Subject", required=False, help_text="For an e-mail. The case number is added.")
    text = words(
        "What you tell them, or told them",
        rows=4,
        tone=True,
        missing="Write how they were told, and what.",
        help_text="An e-mail gets its greeting and your name by itself.",
    )

    def parts(self) -> list:
        """Show whom and subject side by side."""
        return self.parting(["told_by", Row("contact", BY_EMAIL), "text"])

    @property
    def given(self) -> dict[str, Any]:
        """Say the title where no subject was written."""
        kept = super().given
        return {**kept, "subject": kept["subject"] or self.case.title}


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield planning always, done and check for each action, telling once one was checked; one of them first."""
    case, actions = panel["case"], panel["actions"]
    undone = [action for action in actions if action.done_at is None]
    unchecked = [action for action in actions if action.done_at and action.checked_at is None]
    checked = any(action.checked_at for action in actions)
    by = before(panel["due_at"], next_closing(case, panel["now"]), panel["now"])
    initial = {"owner": panel["user"].pk, "due_at": by}
    yield PlanForm(**made, initial=initial, look="plain" if actions else "primary")
    for action in undone:
        first = action is undone[0] and not checked and not unchecked
        yield FinishForm(**made, row=action.pk, look="primary" if first else "plain")
    for action in unchecked:
        first = action is unchecked[0] and not checked
        yield CheckForm(**made, row=action.pk, look="primary" if first else "plain")
    if checked:
        means = EntryKind.EMAIL if reachable(case.reporter) else EntryKind.CALL
        yield ToldForm(**made, initial={"told_by": means, "contact": case.reporter_id})
