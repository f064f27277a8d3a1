"""Forms about promises once made, and about check-ins: moving, deciding a dispute, what they said."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Row
from django import forms

from cases.check_ins import MARKS
from cases.enums import EntryKind, PromiseState
from cases.forms.fields import MomentField, choice, words
from cases.forms.record import PickField, RecordForm


class MoveForm(RecordForm):
    """A new time for a promise, with the customer's yes."""

    button = "Move the promise"
    new_due_at = MomentField(label="The new time")
    consent = words(
        "How they agreed, in their words",
        rows=2,
        missing="Write how they agreed, in their words. Without their yes the promise stands.",
    )
    text = words("New words for it", rows=2, required=False, help_text="Empty: the same as before.")


class DisputeForm(RecordForm):
    """What the lead decides about a disputed promise, and what the customer is told."""

    button = "Decide"
    state = choice(
        "What do you find?",
        ((PromiseState.KEPT, "It was kept"), (PromiseState.BROKEN, "It was not kept")),
        missing="Say whether it was kept or broken.",
    )
    text = words(
        "What you tell the customer",
        rows=4,
        tone=True,
        missing="Write what you tell the customer: what you found, and what follows.",
        help_text="It leaves as a letter in your name, where they have an address. It can be taken back for 15 "
        "seconds.",
    )


class CheckInForm(RecordForm):
    """What the customer said at a check-in."""

    button = "Write it down"
    MEANS = (
        (EntryKind.CALL, "We called"),
        (EntryKind.MEETING, "We met them"),
        (EntryKind.EMAIL, "They wrote an e-mail"),
        (EntryKind.LETTER, "They wrote a letter"),
    )
    means = choice("How did you hear it?", MEANS, initial=EntryKind.CALL)
    good = forms.TypedChoiceField(
        label="Does it hold?",
        choices=(("True", "Yes, it holds"), ("False", "No: open the case again")),
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it holds."},
    )
    trust = forms.TypedChoiceField(
        label="How sure are they that it will not happen again?",
        choices=[*((str(mark), str(mark)) for mark in MARKS), ("", "Not said")],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text="1 not at all, 5 completely.",
    )
    text = words("What they said, in their words", rows=3, missing="Write what they said, in their words.")
    at = MomentField(label="When", required=False, help_text="Empty means just now.")
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=1440, required=False)

    def __init__(self, *args, contacts: Iterable[Any], **kwargs) -> None:
        super().__init__(*args, auto_id="check_in_%s", **kwargs)
        self.fields["contact"] = PickField(label="With whom", rows=contacts)

    def rows(self) -> list[Any]:
        """Who and when side by side, then what they said."""
        return ["means", Row("contact", "at", "minutes"), "good", "trust", "text"]
