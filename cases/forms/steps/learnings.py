"""The forms of step 6."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError

from cases.enums import ExposureState
from cases.folding import name_key
from cases.forms.fields import choice, line, words
from cases.forms.steps.base import BareForm, StepForm
from cases.models import Customer

MARKS = [(state.value, state.label) for state in (ExposureState.SAFE, ExposureState.FIXED, ExposureState.TOLD)]
NEAR = 5


class SweepForm(BareForm):
    """List the customers who share a link with the cause."""

    name, button = "sweep", "Look for customers it could hit"


class ExposeForm(StepForm):
    """Put one customer on the list by hand."""

    name, button, look = "expose", "Put on the list", "plain"
    customer = line("Another customer it could hit", missing="Name the customer.", help_text="The name, or its start.")

    def clean_customer(self) -> Customer:
        """Return the one customer meant; name the nearest where none or several are."""
        typed = name_key(self.cleaned_data["customer"])
        same = list(Customer.objects.filter(folded=typed, merged_into=None)[:2])
        near = same or list(Customer.objects.filter(folded__startswith=typed, merged_into=None)[: NEAR + 1])
        if len(near) == 1:
            return near[0]
        if not near:
            raise ValidationError("We know no customer of this name. Write its start as the customer list has it.")
        names = ", ".join(customer.name for customer in near[:NEAR])
        raise ValidationError(f"Which one is meant? {names}{', …' if len(near) > NEAR else ''}")


class MarkForm(StepForm):
    """Mark one exposed customer."""

    name, button, look = "mark", "Mark", "plain"
    state = choice("What is it with them?", MARKS, missing="Choose safe, fixed or told first.")
    note = words("How do we know, or how were they told?", rows=2, missing="Say how we know, or how they were told.")


class CompleteForm(BareForm):
    """Close the sweep."""

    name, button = "complete", "The sweep is complete"
    beside = "everybody who could be hit is marked"


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield sweeping, adding, marking, and closing once everybody is marked; nothing without a cause."""
    if panel["cause"] is None:
        return
    swept = bool(panel["exposures"])
    yield SweepForm(**made, look="plain" if swept or not panel["links"] else "primary")
    yield ExposeForm(**made)
    yield from marks(panel, made)
    if not panel["unmarked"]:
        yield CompleteForm(**made, look="primary" if swept or not panel["links"] else "plain")


def marks(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield marking for each customer not marked yet."""
    for exposure in panel["unmarked"]:
        look = "primary" if exposure is panel["unmarked"][0] else "plain"
        yield MarkForm(**made, row=exposure.pk, look=look)
