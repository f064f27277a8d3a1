"""The forms of step 4."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.conf import settings

from cases.enums import GestureKind, GestureState
from cases.forms.fields import choice, line, words
from cases.forms.steps.base import StepForm
from cases.money import to_minor
from cases.queries.step_needs import Needs

WAITS = (GestureState.PROPOSED, GestureState.APPROVED)


class ProposeForm(StepForm):
    """Propose something beyond the fix."""

    name, button = "propose", "Propose it"
    kind = choice("What did it cost them most?", GestureKind.choices, missing="Say what it cost them most.")
    what = line("What you would like to give", longest=500, missing="Say what you would like to give.")
    why = words(
        "Why it fits what went wrong",
        rows=2,
        missing="Say why it fits what went wrong: the time, trust, effort or money it cost them.",
    )
    cost = forms.DecimalField(
        label="What it costs us",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        error_messages={"required": "Say what it costs us. Nothing is 0."},
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )
    currency = forms.ChoiceField(label="Currency")

    def arrange(self, needs: Needs) -> None:
        """Offer the installation's currency and the customer's."""
        codes = dict.fromkeys((settings.HOME_CURRENCY, self.case.customer.currency))
        self.fields["currency"].choices = [(code, code) for code in codes]

    def parts(self) -> list:
        """Show the sum and its currency side by side."""
        return ["kind", "what", "why", Row("cost", "currency")]

    @property
    def given(self) -> dict[str, Any]:
        """Give the cost as minor units."""
        kept = super().given
        return {**kept, "cost": to_minor(kept["cost"], kept["currency"])}


class DeliverForm(StepForm):
    """Say how an approved gesture reached them."""

    name, button = "deliver", "It reached them"
    text = words("How it reached them", rows=2, missing="Write how it reached them.")


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield proposing while nothing is under way, delivering once it was approved."""
    gesture = panel["gesture"]
    if gesture is None or gesture.state not in WAITS:
        yield ProposeForm(**made, initial={"currency": settings.HOME_CURRENCY})
    elif gesture.state == GestureState.APPROVED:
        yield DeliverForm(**made, row=gesture.pk)
