"""The forms of step 9."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Row

from cases.forms.fields import DayField, RowField, line, words
from cases.forms.steps.base import StepForm
from cases.forms.steps.leaving import LetterStep
from cases.forms.steps.root_cause import finishing
from cases.letter_kinds import LetterAct
from cases.queries.step_needs import people
from cases.steps.institutionalize import NO_CHANGE


class AdoptForm(StepForm):
    """Enter a change in the register."""

    name, button = "adopt", "Enter the change"
    what = words("What is different now", rows=2, tone=True, missing="Say what is different now.")
    where = line(
        "Where it is written down or built in",
        missing="Say where it is written down or built in: the procedure, system or place.",
    )
    owner = RowField(among="people", rows=people, label="Who looks after it", empty="Choose a colleague")
    since_on = DayField(label="In force since")

    def parts(self) -> list:
        """Show who and since when side by side."""
        return ["what", "where", Row("owner", "since_on")]


class TellForm(LetterStep):
    """Send "you said, we changed"."""

    letter = LetterAct.TELL
    name, button = "tell", "Send “you said, we changed”"
    text = words(
        "Your letter",
        rows=6,
        tone=True,
        missing="Write what we found and what is different now.",
        help_text="What they told us, what we found, what is different now. The change itself is added below it.",
    )


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield what comes next: the actions, the change, the letter."""
    ready = bool(panel["changes"]) or panel["step"].note == NO_CHANGE
    yield from finishing(panel, made)
    initial = {"owner": panel["case"].owner_id or panel["user"].pk, "since_on": panel["now"].date()}
    yield AdoptForm(**made, initial=initial, look="plain" if ready else "primary")
    if ready and not panel["open_actions"]:
        yield TellForm(**made)
