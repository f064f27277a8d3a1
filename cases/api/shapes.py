"""What a case looks like in a list. Moments are ISO 8601 in UTC; money is an integer of minor units with its currency.

What is chosen from a list stands as its short code; what is written stands as it was written.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.serializers import Serializer

from accounts.api.shapes import Moment, Ref
from cases import enums
from cases.models import Case
from cases.queries.standing import next_deadline

ENDS = [("", "Not ended"), *enums.Outcome.choices]


class Money(Serializer):
    """A sum in minor units: 41200000 with CHF are 412,000 francs."""

    amount = serializers.IntegerField()
    currency = serializers.CharField()


class Next(Serializer):
    """What falls due next."""

    what = serializers.CharField(help_text="In words, such as Contain or Promise.")
    due_at = Moment(source="at")


class Mark(Serializer):
    """One of the nine steps at a glance."""

    number = serializers.IntegerField(min_value=1, max_value=9)
    step = serializers.CharField(help_text="Its name in addresses, such as root_cause.")
    state = serializers.CharField(help_text="planned, done, waived or ended; silent where silence was let count.")
    due_at = Moment(allow_null=True)


class CaseRow(Serializer):
    """A case as a list shows it."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField(help_text="The public number, such as RC-2041.")
    url = serializers.SerializerMethodField(help_text="Where people read it.")
    title = serializers.CharField()
    customer = Ref()
    owner = Ref(allow_null=True)
    category = Ref(allow_null=True)
    severity = serializers.ChoiceField(enums.Severity.choices)
    state = serializers.ChoiceField(enums.CaseState.choices)
    outcome = serializers.ChoiceField(ENDS, help_text="Empty until it ends.")
    round = serializers.IntegerField()
    historical = serializers.BooleanField()
    confidential = serializers.BooleanField()
    received_at = Moment()
    next = serializers.SerializerMethodField(help_text="What falls due next; null where nothing does.")
    at_stake = serializers.SerializerMethodField(help_text="As of the day it opened; null where it is not known.")
    steps = serializers.SerializerMethodField(help_text="The nine steps; none on imported history.")

    def get_url(self, case: Case) -> str:
        """Return the address of its page."""
        return settings.PUBLIC_URL + case.get_absolute_url()

    @extend_schema_field(Next(allow_null=True))
    def get_next(self, case: Case) -> dict[str, Any] | None:
        """Return what falls due next."""
        found = next_deadline(case)
        return Next(found).data if found else None

    @extend_schema_field(Money(allow_null=True))
    def get_at_stake(self, case: Case) -> dict[str, Any] | None:
        """Return the sum at stake."""
        return None if case.stake is None else {"amount": case.stake, "currency": case.stake_currency}

    @extend_schema_field(Mark(many=True))
    def get_steps(self, case: Case) -> list[dict[str, Any]]:
        """Return the steps as lists keep them."""
        return Mark([mark_of(number, *stop) for number, stop in zip(_NUMBERS, case.seam, strict=False)], many=True).data


_NUMBERS = tuple(enums.StepNumber)


def mark_of(number: enums.StepNumber, state: str, due: int | None) -> dict[str, Any]:
    """Return one step as `Mark` shows it; `due` is in seconds since 1970."""
    due_at = datetime.fromtimestamp(due, UTC) if due else None
    return {"number": int(number), "step": number.slug, "state": state, "due_at": due_at}
