"""What an entry of the docket looks like."""

from rest_framework import serializers
from rest_framework.serializers import Serializer

from accounts.api.shapes import Moment, Ref
from cases import enums
from council.models import DecisionKind
from council.queries.item import Item


class DocketRow(Serializer):
    """What waits for a decision, with what one decision settles beside it."""

    id = serializers.IntegerField(source="entry.pk")
    case = serializers.CharField(source="case.number")
    case_id = serializers.IntegerField(source="case.pk")
    title = serializers.CharField(source="case.title")
    customer = Ref(source="case.customer")
    owner = Ref(source="case.owner", allow_null=True)
    reason = serializers.ChoiceField(enums.EscalationReason.choices, source="entry.reason")
    step = serializers.CharField(help_text="The step it is about; empty for the whole case.")
    words = serializers.CharField(source="entry.words.text", default="", help_text="What was asked, if anybody asked.")
    asked_by = Ref(source="entry.asked_by", allow_null=True)
    opened_at = Moment(source="entry.opened_at")
    due_at = Moment(allow_null=True)
    decisions = serializers.SerializerMethodField(help_text="What may be decided, the usual first.")
    you_may_decide = serializers.SerializerMethodField()
    settles = serializers.ListField(
        child=serializers.IntegerField(), source="settled", help_text="Ids of all entries one decision settles."
    )

    def get_decisions(self, item: Item) -> list[str]:
        """Return the kinds of decision."""
        return [DecisionKind(kind).value for kind in item.kinds]

    def get_you_may_decide(self, item: Item) -> bool:
        """Tell whether nothing speaks against this reader."""
        return not item.why_not


class Docket(Serializer):
    """The docket."""

    waiting = serializers.IntegerField(help_text="How many wait in all; at most 50 are listed.")
    results = DocketRow(many=True)
