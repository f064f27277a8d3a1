"""The forms about messages: what one says, why one is set aside, which case one belongs to."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Field
from django import forms

from accounts.models import User
from cases import access
from cases.arrival_kinds import MessageMark
from cases.forms.fields import line, words
from cases.forms.record import RecordForm
from cases.models import Case

TEXT_OF_AN_OPEN_CASE = "If it confirms: the sentence in which they say so"
TEXT_OF_A_FINISHED_CASE = "If the case stays as it is: why"


class MarkForm(RecordForm):
    """What a message of theirs says."""

    button = "Mark the message"
    what = forms.ChoiceField(
        label="What does it say?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the message says."},
    )
    text = words("", rows=2, required=False)

    def __init__(self, *args, choices: Iterable[MessageMark], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        given = list(choices)
        self.fields["what"].choices = [(one.value, one.label) for one in given]
        finished = MessageMark.DECLINED in given
        self.fields["text"].label = TEXT_OF_A_FINISHED_CASE if finished else TEXT_OF_AN_OPEN_CASE

    def clean_what(self) -> MessageMark:
        """Return the member of the list."""
        return MessageMark(self.cleaned_data["what"])

    def rows(self) -> list[Any]:
        """One under the other: the choices are sentences."""
        return [Field("what", wrapper_class="stacked"), "text"]


class AsideForm(RecordForm):
    """Why a message needs no case."""

    button, look = "Set it aside", ""
    reason = words("Why does it need no case?", rows=2, missing="Say why this needs no case.")


class AddForm(RecordForm):
    """The case a message belongs to, by its number."""

    button, look = "Put it there", ""
    case = line("Number of the case", longest=20, missing="Write its number, such as RC-2041.")

    def __init__(self, *args, reader: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def clean_case(self) -> Case:
        """Return the case with that number, if the reader may see it."""
        digits = self.cleaned_data["case"].strip().upper().removeprefix("RC").strip(" -")
        known = digits.isascii() and digits.isdigit() and len(digits) < 13
        found = access.visible_to(self.reader).filter(pk=int(digits)).first() if known else None
        if found is None:
            raise forms.ValidationError("No case has this number. It looks like RC-2041.")
        return found
