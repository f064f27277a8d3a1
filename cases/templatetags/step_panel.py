"""The forms of a step's panel, made where they are shown."""

from typing import Any

from django import template

from cases.fitting import fitting
from cases.forms.steps import forms_for
from cases.forms.steps.base import StepForm
from cases.forms.steps.leaving import LetterStep
from cases.queries import standing
from cases.queries.case_page import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def step_forms(context: dict[str, Any], panel: dict[str, Any]) -> dict[str, StepForm]:
    """Return the forms of the panel by key, such as `offer` or `finish-12`. No statements.

    An act whose letter waits to leave is not asked for again; one that was sent all the same comes back.
    """
    forms = forms_for(panel) if panel["step"] else {}
    waiting = {row["act"] for row in context["page"].leaving}
    return {key: form for key, form in forms.items() if form.is_bound or _letter_of(form) not in waiting}


def _letter_of(form: StepForm) -> str | None:
    return form.letter.value if isinstance(form, LetterStep) else None


@register.simple_tag
def row_form(forms: dict[str, StepForm], name: str, row: int) -> StepForm | None:
    """Return the form of one act for one row, or None where it is not possible."""
    return forms.get(f"{name}-{row}")


@register.simple_tag
def suggested(page: Page) -> dict[str, Any]:
    """Return which gesture fits what the failure cost them, and why. No statements."""
    seen = standing.pulse(page)
    facts = {"broken": seen.promises_broken, "nth": page.sums["nth"], "silences": seen.silences_missed}
    kind, why = fitting(severity=page.case.severity, **facts)
    return {"kind": kind, "why": why, **facts}


@register.filter
def tried(form: StepForm | None) -> bool:
    """Tell whether a form was sent and refused, so that what it is folded into opens."""
    return form is not None and form.is_bound
