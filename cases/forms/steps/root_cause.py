"""The forms of step 5."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from crispy_forms.layout import Row
from django.core.exceptions import ValidationError

from cases.enums import CauseState
from cases.forms.fields import MomentField, RowField, line, listening, words
from cases.forms.steps.base import StepForm
from cases.forms.steps.contain import CheckForm, FinishForm
from cases.forms.steps.moments import next_closing
from cases.queries.step_needs import Needs, causes, kinds, people

WHYS, MORE, MOST = 5, 2, 15
WATCHED = timedelta(days=60)


class LinkForm(StepForm):
    """Put the case under a cause."""

    name, button = "link", "Work on this cause"
    cause = RowField(among="causes", rows=causes, label="A cause we know", required=False, empty="None of them")
    title = listening(line("Or a new one we suspect", required=False, help_text="Name the process, never a person."))
    kind = RowField(among="kinds", rows=kinds, label="Kind of cause", required=False, empty="Not clear yet")

    reason = words(
        "How you know that it is the same",
        rows=2,
        required=False,
        help_text="Needed where this case shares no product, site, carrier, service or lot with a cause that is "
        "proved already. It stays on the case.",
    )

    def clean(self):
        """Ask for one of the two, not both."""
        given = super().clean()
        if given.get("cause") and given.get("title"):
            raise ValidationError("Choose a cause we know, or name a new one: not both.")
        return given

    def parts(self) -> list:
        """Show what belongs to a new cause side by side."""
        return ["cause", "reason", Row("title", "kind")]


class ChainForm(StepForm):
    """One chain of whys, from the failure down; empty answers are left out."""

    button, ask, marks_optional = "Keep this chain", "", False

    def arrange(self, needs: Needs) -> None:
        """Give five answers, and two more than were written once five are."""
        written = {**self.initial, **needs.drafts.get(self.draft_key, {}), **dict(self.data.items())}
        numbers = [name.removeprefix("why_") for name, text in written.items() if name.startswith("why_") and text]
        used = max((int(number) for number in numbers if number.isdecimal() and len(number) < 4), default=0)
        count = min(MOST, WHYS if used < WHYS else used + MORE)
        for number in range(1, count + 1):
            label = self.ask if number == 1 else f"Why? ({number})"
            self.fields[f"why_{number}"] = listening(line(label, required=False, longest=500))

    @property
    def given(self) -> dict[str, Any]:
        """Give the answers in their order."""
        return {"answers": [text for name, text in super().given.items() if name.startswith("why_")]}


class OccurrenceForm(ChainForm):
    """Why it happened."""

    name, ask = "occurrence", "Why did it happen?"


class EscapeForm(ChainForm):
    """Why we did not catch it."""

    name, ask = "escape", "Why did we not catch it?"


class PlanForm(StepForm):
    """Plan a corrective action."""

    name, button = "plan", "Plan the action"
    text = words("What will be different", rows=2, tone=True, missing="Say what is to be done.")
    owner = RowField(among="people", rows=people, label="Who does it", empty="Choose a colleague")
    due_at = MomentField(label="By when")

    def parts(self) -> list:
        """Show who and when side by side."""
        return ["text", Row("owner", "due_at")]


class PlanCheckForm(StepForm):
    """Plan the effectiveness check."""

    name, button = "plan_check", "Plan the check"
    criterion = words(
        "By what will you see that it works?",
        rows=2,
        missing="Say by what you will see that it works.",
        help_text="A figure and a stretch of time, such as “no late hand-over in eight weeks”.",
    )
    checker = RowField(
        among="people",
        rows=people,
        label="Who looks",
        empty="Choose a colleague",
        help_text="Somebody who owns none of the actions.",
    )
    due_at = MomentField(label="When")

    def parts(self) -> list:
        """Show who and when side by side."""
        return ["criterion", Row("checker", "due_at")]


class ProveForm(StepForm):
    """Say how we know."""

    name, button = "prove", "This is the cause"
    kind = RowField(among="kinds", rows=kinds, label="Kind of cause", empty="Choose a kind")
    proof = words(
        "How do we know?",
        rows=3,
        tone=True,
        missing="Say how we know that this is the cause.",
        help_text="What we measured, tried or switched off, and what happened then.",
    )


def missing(panel: dict[str, Any]) -> str:
    """Return the name of the form that comes next."""
    have = (
        ("link", panel["cause"]),
        ("occurrence", panel["occurrence"]),
        ("escape", panel["escape"]),
        ("plan", panel["actions"]),
        ("plan_check", panel["checks"]),
    )
    return next((name for name, there in have if not there), "prove")


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield the parts of a suspected cause, the next missing one first in look."""
    next_one, case, now = missing(panel), panel["case"], panel["now"]
    panel["next"] = next_one
    if panel["cause"] is None:
        yield LinkForm(**made)
        return
    for form in (OccurrenceForm, EscapeForm):
        answers = {f"why_{why.position}": why.text for why in panel[form.name]}
        yield form(**made, initial=answers, look=_look(form, next_one))
    mine = {"owner": panel["user"].pk, "due_at": next_closing(case, now, 5)}
    yield PlanForm(**made, initial=mine, look=_look(PlanForm, next_one))
    yield from finishing(panel, made)
    yield PlanCheckForm(**made, initial={"due_at": now + WATCHED}, look=_look(PlanCheckForm, next_one))
    if panel["cause"].kind == CauseState.SUSPECTED:
        yield ProveForm(**made, initial={"kind": panel["cause"].position}, look=_look(ProveForm, next_one))
    yield LinkForm(**made, look="plain")


def finishing(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield done and check for each corrective action."""
    for action in panel["actions"]:
        if action.done_at is None:
            yield FinishForm(**made, row=action.pk, look="plain")
        elif action.checked_at is None:
            yield CheckForm(**made, row=action.pk, look="plain")


def _look(form: type[StepForm], next_one: str) -> str:
    return "primary" if form.name == next_one else "plain"
