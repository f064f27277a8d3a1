"""What an answer looks like."""

from rest_framework import serializers
from rest_framework.serializers import Serializer

from accounts.api.shapes import Moment, Ref
from surveys.models import Answer, SurveyVerdict


class AnswerRow(Serializer):
    """What a customer answered. A mark is null where they gave none."""

    id = serializers.IntegerField(source="pk")
    case = serializers.CharField(source="invitation.case.number")
    case_id = serializers.IntegerField(source="invitation.case_id")
    round = serializers.IntegerField(source="invitation.round")
    customer = Ref(source="invitation.case.customer")
    contact = Ref(source="invitation.contact", allow_null=True)
    satisfied = serializers.IntegerField(allow_null=True, help_text="1 to 5")
    heard = serializers.IntegerField(allow_null=True, help_text="1 to 5")
    easy = serializers.IntegerField(allow_null=True, help_text="1 to 5")
    recommend = serializers.IntegerField(allow_null=True, help_text="0 to 10")
    words = serializers.CharField(source="words.text", default="")
    tags = serializers.SerializerMethodField()
    verdict = serializers.ChoiceField(SurveyVerdict.choices)
    sent_at = Moment(allow_null=True, help_text="Null while parts were given and not yet sent off.")

    def get_tags(self, answer: Answer) -> list[str]:
        """Return the tags set by hand."""
        return [tag.name for tag in answer.tags.all()]
