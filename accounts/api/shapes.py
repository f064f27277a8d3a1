"""Shapes that answers of all parts share."""

from datetime import UTC
from typing import Any

from rest_framework import serializers


class Moment(serializers.DateTimeField):
    """A moment, answered as ISO 8601 in UTC wherever the reader is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class Ref(serializers.Serializer):
    """Somebody or something, by id and name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class Me(serializers.Serializer):
    """Whom a token stands for."""

    id = serializers.IntegerField(source="user.pk")
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    roles = serializers.ListField(child=serializers.CharField(), source="user.roles")
    team = Ref(source="user.team", allow_null=True)
    zone = serializers.CharField(source="user.zone", help_text="Moments sent without an offset are read in this zone.")
    token = serializers.CharField(source="name", help_text="The token's name.")
    reads_only = serializers.BooleanField()
    expires_at = Moment(allow_null=True)
