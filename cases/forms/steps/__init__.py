"""The forms of the nine steps: for each panel those that fit where the step stands and who is looking."""

from collections.abc import Callable, Iterator
from typing import Any

from cases.enums import StepNumber
from cases.forms.steps import acknowledge, common, contain, go_beyond, institutionalize, learnings, resolve, root_cause
from cases.forms.steps.base import StepForm

Maker = Callable[[dict[str, Any], dict[str, Any]], Iterator[StepForm]]

MAKERS: dict[int, Maker] = {
    StepNumber.ACKNOWLEDGE: acknowledge.forms_of,
    StepNumber.CONTAIN: contain.forms_of,
    StepNumber.RESOLVE: resolve.forms_of,
    StepNumber.GO_BEYOND: go_beyond.forms_of,
    StepNumber.ROOT_CAUSE: root_cause.forms_of,
    StepNumber.LEARNINGS: learnings.forms_of,
    StepNumber.INSTITUTIONALIZE: institutionalize.forms_of,
}


def forms_for(panel: dict[str, Any]) -> dict[str, StepForm]:
    """Return the forms a panel shows, by key; those sent and refused stand in place of fresh ones.

    A refused form whose act is no longer possible, because somebody was quicker, comes as `orphan`: what was typed
    is shown and not lost.
    """
    made = {"case": panel["case"], "number": panel["number"], "needs": panel["needs"]}
    forms = {form.key: form for form in _fresh(panel, made)}
    if "grant" in forms:
        _first("grant", forms)
    for key, form in panel["forms"].items():
        form.fill(panel["needs"])
        form.look = forms[key].look if key in forms else form.look
        forms[key if key in forms else "orphan"] = form
    return forms


def _first(key: str, forms: dict[str, StepForm]) -> None:
    """Leave one button in navy: a panel has one first thing to do."""
    for other, form in forms.items():
        form.look = "primary" if other == key else "plain"


def _fresh(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    if panel["open"]:
        if not panel["may_work"]:
            yield from common.own_rows(panel, made)
        elif panel["number"] in MAKERS:
            yield from MAKERS[panel["number"]](panel, made)
        yield from common.forms_of(panel, made)
    elif panel["number"] == StepNumber.LEARNINGS and panel["may_work"] and panel.get("unmarked"):
        yield from learnings.marks(panel, made)
