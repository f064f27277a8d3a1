"""What a customer looks like."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.serializers import Serializer

from accounts.api.shapes import Moment, Ref
from cases import enums
from cases.api.shapes import Money
from cases.models import Customer, Link


class Named(Serializer):
    """A customer by name, with who looks after them."""

    id = serializers.IntegerField(source="pk")
    url = serializers.SerializerMethodField(help_text="Where people read it.")
    name = serializers.CharField()
    place = serializers.CharField()
    tier = serializers.ChoiceField(enums.Tier.choices)
    account_manager = Ref(allow_null=True)
    renewal_on = serializers.DateField(allow_null=True)
    at_stake = serializers.SerializerMethodField(help_text="Lifetime profit and replacement; null where not known.")

    def get_url(self, customer: Customer) -> str:
        """Return the address of its page."""
        return settings.PUBLIC_URL + reverse("cases:customer", kwargs={"pk": customer.pk})

    @extend_schema_field(Money(allow_null=True))
    def get_at_stake(self, customer: Customer) -> dict[str, Any] | None:
        """Return the sum at stake."""
        found = customer.sum
        return {"amount": found.likely, "currency": found.currency} if found else None


class CustomerRow(Named):
    """A customer as the list shows it."""

    open_cases = serializers.IntegerField(help_text="Of those you may see.")
    last_case_at = Moment(source="last_case", allow_null=True)


class Person(Serializer):
    """A person at a customer."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    title = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    level = serializers.IntegerField(help_text="1 specialist, 2 manager, 3 director, 4 executive.")
    language = serializers.CharField()


class Shared(Serializer):
    """What a customer shares with others."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(Link.Kind.choices)
    name = serializers.CharField()


class Trust(Serializer):
    """What became of what we promised since their complaints, on cases you may see."""

    kept = serializers.IntegerField()
    broken = serializers.IntegerField()
    open = serializers.IntegerField()


class CustomerDetail(Named):
    """A customer with their people."""

    since_on = serializers.DateField(allow_null=True)
    contacts = serializers.SerializerMethodField()
    shares = serializers.SerializerMethodField(help_text="Product, site, carrier, service or lot shared with others.")
    promises = serializers.SerializerMethodField()

    @extend_schema_field(Person(many=True))
    def get_contacts(self, customer: Customer) -> list[dict[str, Any]]:
        """Return their people."""
        return Person(self.context["people"], many=True).data

    @extend_schema_field(Shared(many=True))
    def get_shares(self, customer: Customer) -> list[dict[str, Any]]:
        """Return what they share."""
        return Shared(self.context["links"], many=True).data

    @extend_schema_field(Trust)
    def get_promises(self, customer: Customer) -> dict[str, int]:
        """Return the three counts."""
        return Trust(self.context["trust"]).data
