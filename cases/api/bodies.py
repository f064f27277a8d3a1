"""What may be sent. Whether it is taken is for the forms of the pages to say, in the same sentences.

So nothing is required here, and texts have no length: a part of the wrong kind is all that is refused at this door.
"""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.serializers import Serializer

from cases import enums
from cases.forms.log import LEFT_TO_US, NOT_ASKED


class Text(serializers.CharField):
    """A text, as it was written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, trim_whitespace=False, **kwargs)


@extend_schema_field(OpenApiTypes.DATETIME)
class When(Text):
    """A moment, left to the form to read: without an offset it is meant in the person's zone."""


class Id(serializers.IntegerField):
    """The id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=1, max_value=2**62, **kwargs)


class Flag(serializers.BooleanField):
    """Yes or no."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class OneOf(serializers.ChoiceField):
    """One code of a closed list."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, required=False, **kwargs)


class Complaint(Serializer):
    """A complaint as it was heard. Customer and contact are named by id, or by their exact name."""

    customer = Id(help_text="The customer's id.")
    customer_name = Text(help_text="Their exact name, instead of the id.")
    customer_is_new = Flag(help_text="Say that nobody has written this customer down yet.")
    customer_place = Text(help_text="Where a new customer is.")
    customer_tier = OneOf(enums.Tier.choices, help_text="How much rests on a new customer.")
    contact = Id(help_text="The id of who told us.")
    contact_name = Text(help_text="Their name; somebody new needs an e-mail address or a phone number too.")
    contact_title = Text()
    contact_email = Text()
    contact_phone = Text()
    channel = OneOf(enums.Channel.choices, default=enums.Channel.WEB.value, help_text="How it reached us.")
    text = Text(help_text="What happened, in their words. Needed.")
    title = Text(help_text="Left out, it is made from the first sentence.")
    remedy = Text(help_text="What can we do to make this right? Their answer.")
    remedy_state = OneOf([(NOT_ASKED, "Not asked yet"), (LEFT_TO_US, "They left it to us")])
    stopped = Flag(help_text="Has their work stopped, or is somebody in danger?")
    loss = Flag(help_text="Did they lose money or miss a date?")
    annoyance = Flag(help_text="Is it an annoyance, with nothing lost?")
    severity = OneOf(enums.Severity.choices, help_text="Left out, it follows from the three answers.")
    category = Id(help_text="Left out, it is suggested by the words.")
    received_at = When(help_text="When we heard of it; clocks start here. Left out: now.")
    owner = Id(help_text="Left out, the owner follows by rule.")
    sensitive = Flag(help_text="Legal, safety or irregular: confidential, to the council now.")
    about_person = Flag(help_text="About a person here: confidential, another owner.")
    about_user = Id(help_text="Whom of ours it is about.")
    public_exposure = Flag(help_text="It is public now.")
    competitor = Text(help_text="A competitor is waiting: who?")
    expected = Text(help_text="What they expected.")
    promised = Text(help_text="What was promised.")
    promised_where = Text()
    in_writing = Flag(allow_null=True, help_text="Was it promised in writing? null: not known yet.")
    delivered = Text(help_text="What was delivered.")
    valid = Flag(allow_null=True, help_text="Was the expectation valid? null: not known yet.")


class Entry(Serializer):
    """What passed between us and them, or a note among us. An e-mail is one of theirs; ours leave by the page."""

    kind = serializers.ChoiceField(enums.EntryKind.choices)
    side = OneOf(enums.Side.choices, help_text="Whose word. Needed for call, meeting and letter.")
    contact = Id(help_text="With whom. Needed for all but a note.")
    at = When(help_text="When. Left out: now.")
    minutes = serializers.IntegerField(required=False, help_text="How long a call or meeting took.")
    text = Text(help_text="What was said. Needed.")
    promise = Text(help_text="What we promised in it; it gets its clock.")
    promise_due_at = When(help_text="By when. Needed with a promise.")


class Change(Serializer):
    """Plain fields of a case, saved against the revision they were read at. What is left out stays as it is."""

    rev = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    title = Text()
    category = Id(allow_null=True)
    competitor = Text()
    public_exposure = Flag()
    external_ref = Text(help_text="Their own reference.")
