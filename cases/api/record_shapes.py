"""What the record of a case looks like: what happened, and what was said."""

from typing import Any

from rest_framework import serializers
from rest_framework.serializers import Serializer

from accounts.api.shapes import Moment, Ref
from cases import enums, timeline
from cases.queries.record import Happened
from cases.wording import as_text


class EventRow(Serializer):
    """One thing that happened, never altered."""

    seq = serializers.IntegerField(source="event.seq", help_text="Its number on this case, from 1.")
    kind = serializers.ChoiceField(timeline.Kind.choices)
    at = Moment(help_text="For an entry the moment it tells of, else when it was written.")
    written_at = Moment(source="event.at")
    round = serializers.IntegerField(source="event.round")
    by = serializers.CharField(source="who", help_text="The colleague's name; empty for clock and customer.")
    contact = serializers.CharField(source="them", help_text="The name of the customer's person it concerns.")
    sentence = serializers.SerializerMethodField(help_text="What happened, as its page says it.")
    words = serializers.CharField(source="event.words.text", default="", help_text="What was written with it.")

    def get_sentence(self, happened: Happened) -> str:
        """Return the sentence of its kind."""
        return as_text("cases/events.html", happened.kind, {"e": happened, **self._about()})

    def _about(self) -> dict[str, Any]:
        return {"case": self.context["page"].case, "now": self.context["page"].now}


class EntryRow(Serializer):
    """A call, meeting, letter, e-mail or note."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(enums.EntryKind.choices)
    side = serializers.ChoiceField(enums.Side.choices, help_text="Whose word it is.")
    text = serializers.CharField(source="words.text")
    author = Ref(allow_null=True)
    contact = Ref(allow_null=True)
    at = Moment()
    minutes = serializers.IntegerField(allow_null=True)
    in_writing = serializers.BooleanField()
