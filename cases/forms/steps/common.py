"""Acts every step knows: giving it to somebody, and leaving it out."""

from collections.abc import Iterator
from typing import Any

from cases.forms.fields import RowField, words
from cases.forms.steps.base import BareForm, StepForm
from cases.forms.steps.contain import FinishForm
from cases.forms.steps.learnings import MarkForm
from cases.queries.step_needs import people
from cases.steps import waiver


class GiveForm(StepForm):
    """Give the step to somebody."""

    name, button, look, drafted = "give", "Give it to them", "plain", False
    owner = RowField(among="people", rows=people, label="Who does this step", empty="Choose a colleague")


class WaiveForm(StepForm):
    """Propose to leave the step out."""

    name, button, look = "waive", "Propose to leave it out", "plain"
    reason = words("Why may this be left out?", rows=2, missing="Say why this step may be left out.")


class GrantForm(BareForm):
    """Grant a proposed waiver."""

    name, button = "grant", "Grant it"


class RefuseForm(StepForm):
    """Refuse a proposed waiver."""

    name, button, look = "refuse", "Refuse it", "plain"
    reason = words("Why does it have to be done?", rows=2, missing="Say why the step has to be done.")


def own_rows(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield what somebody may do with an action or customer that is theirs, on a case that is not."""
    mine = panel["user"].pk
    for action in panel.get("actions", ()):
        if action.owner_id == mine and action.done_at is None:
            yield FinishForm(**made, row=action.pk)
    for exposure in panel.get("unmarked", ()):
        if exposure.owner_id == mine:
            yield MarkForm(**made, row=exposure.pk)


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield the acts this person has on an open step beside doing it."""
    step, case = panel["step"], panel["case"]
    if panel["may_work"]:
        yield GiveForm(**made, initial={"owner": step.owner_id or case.owner_id})
    if step.proposed_at is None:
        if panel["may_work"] and not step.note and waiver.waivable(step.number, case.severity):
            yield WaiveForm(**made)
    elif waiver.may_decide(case=case, step=step, user=panel["user"]):
        yield GrantForm(**made)
        yield RefuseForm(**made)
