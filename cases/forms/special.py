"""Forms for what happens to few cases: other ends, merging, links, confidentiality, counsel, the fast lane."""

import re
from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from accounts.models import Role, User
from cases import reopening
from cases.enums import Side
from cases.forms.fields import DayField, MomentField, choice, words
from cases.forms.record import PickField, RecordForm
from cases.models import Case, CauseKind, Entry

NUMBER = re.compile(r"^\s*(?:RC[-\s]?)?(\d{1,12})\s*$", re.IGNORECASE)


class NumberField(forms.CharField):
    """A case by its number, with or without "RC-"; cleans to the number."""

    def clean(self, value: Any) -> int | None:
        """Return the number."""
        text = super().clean(value)
        found = NUMBER.match(text)
        if found is None:
            raise ValidationError("Write the number of the case, such as RC-2041.", code="invalid")
        return int(found.group(1))


def number_field(label: str) -> NumberField:
    """Return a field that asks for another case."""
    messages = {"required": "Write the number of the other case."}
    return NumberField(label=label, max_length=20, error_messages=messages, help_text="Such as RC-2041.")


def staff_field(label: str, *, rows: Iterable[User] | None = None, empty: str = "Choose", **kwargs) -> PickField:
    """Return a field that asks for a colleague."""
    people = rows if rows is not None else User.objects.working_here().order_by("name")
    return PickField(label=label, rows=people, empty=empty, **kwargs)


class SpecialForm(RecordForm):
    """One of these acts on a case."""

    def __init__(self, *args, case: Case, **kwargs) -> None:
        self.case = case
        super().__init__(*args, **kwargs)
        self.arrange(case)

    def arrange(self, case: Case) -> None:
        """Add the fields that hang on the case. Nothing unless a form says otherwise."""


class TheirWord:
    """One message of theirs, to choose from a list."""

    def __init__(self, entry: Entry) -> None:
        day = date_format(timezone.localtime(entry.at), "j M Y")
        who = entry.contact.name if entry.contact else "They"
        self.pk, self.entry = entry.pk, entry
        self.name = f"{who}, {day}: {Truncator(entry.words.text).chars(160)}"


def their_words(case: Case, *, written: bool) -> list[TheirWord]:
    """Return what they said on the case, newest first; only what they wrote, if so asked."""
    rows = Entry.objects.filter(case=case, side=Side.THEIRS).select_related("words", "contact")
    rows = rows.filter(in_writing=True) if written else rows
    return [TheirWord(entry) for entry in rows.order_by("-at", "-id")[:50]]


class WordsField(PickField):
    """One of their messages; cleans to the entry."""

    def __init__(self, *, rows: Iterable[TheirWord], **kwargs) -> None:
        super().__init__(rows=rows, widget=forms.RadioSelect, **kwargs)
        self.coerce = lambda key: self.rows[key].entry if key in self.rows else None


class WithdrawForm(SpecialForm):
    """Which of their messages withdraws the complaint."""

    button = "Ask the lead to confirm"

    def arrange(self, case: Case) -> None:
        """List what they wrote."""
        messages = {"required": "Choose the message in which they withdraw it."}
        found = their_words(case, written=True)
        self.fields["entry"] = WordsField(label="Their words", rows=found, error_messages=messages)

    def rows(self) -> list[Any]:
        """One below the other."""
        return [Field("entry", wrapper_class="stacked")]


class LostForm(SpecialForm):
    """Since when the customer is lost, and why."""

    button = "Ask the lead to confirm"
    on = DayField(label="Since when")
    reason = words("How we know, and why they left", rows=3, missing="Say how we know, and why they left.")


class FinalAnswerForm(SpecialForm):
    """What the council should know before it sends a final answer."""

    button = "Ask the council"
    reason = words("Why no further attempt can put it right", rows=4, missing="Say why no further attempt helps.")


class RefuseEndForm(SpecialForm):
    """Why the case does not end like this."""

    button, look = "Do not end it", "plain"
    reason = words("Why work goes on", rows=2, missing="Say why work goes on.")


class ReopenForm(SpecialForm):
    """Why the case opens again."""

    button = "Open the case again"
    why = choice(
        "Why",
        (
            (reopening.MESSAGE, "They say that it is not put right"),
            (reopening.RECURRENCE, "It happened again"),
            (reopening.NEW_FACTS, "There are new facts"),
        ),
    )
    text = words("What happened, or what we know now", rows=3, required=False)

    def arrange(self, case: Case) -> None:
        """List what they said."""
        found = their_words(case, written=False)
        self.fields["entry"] = WordsField(label="Their message", rows=found, required=False, empty="None of these")

    def rows(self) -> list[Any]:
        """The reason first, then what shows it."""
        return [Field("why", wrapper_class="stacked"), Field("entry", wrapper_class="stacked"), "text"]


class MergeForm(SpecialForm):
    """Which case goes on instead."""

    button = "Merge into it"
    other = number_field("The case that goes on")
    reason = words("How you see that it is the same complaint", rows=2, missing="Say how you see it.")


class RelateForm(SpecialForm):
    """Which case has to do with this one."""

    button, look = "Link them", "plain"
    other = number_field("The other case")
    kind = choice("How", (("related", "Related"), ("same_cause", "The same cause")), initial="related")


class ReceivedForm(SpecialForm):
    """When the complaint really reached us."""

    button = "Count from there"
    received_at = MomentField(label="When it reached us")
    reason = words("How you know", rows=2, missing="Say how you know. The reason stays on the case.")

    def arrange(self, case: Case) -> None:
        """Start from what the case says now."""
        self.initial.setdefault("received_at", case.received_at)


class ReasonForm(SpecialForm):
    """An act that needs its reason."""

    reason = words("Why", rows=2, missing="Say why.")


class CloseDoorForm(SpecialForm):
    """Make the case confidential."""

    button = "Make it confidential"
    reason = words("Why", rows=2, required=False)


class OpenDoorForm(ReasonForm):
    """Open a confidential case to all colleagues."""

    button = "Open it to all colleagues"


class SensitiveForm(ReasonForm):
    """What makes it legal, a matter of safety, or irregular."""

    button = "Mark it"


class UnmarkForm(ReasonForm):
    """Why it is no such matter after all."""

    button = "Take the mark off"


class ReaderForm(SpecialForm):
    """Who else may read the case."""

    button, look = "Let them read it", "plain"

    def arrange(self, case: Case) -> None:
        """List colleagues who are no readers yet."""
        known = [reader.user_id for reader in case.readers.all()]
        others = User.objects.working_here().exclude(pk__in=[*known, case.about_user_id or 0]).order_by("name")
        self.fields["reader"] = staff_field("Who may read it", rows=others, empty="Choose a colleague")


class AboutForm(SpecialForm):
    """Whom the complaint is about."""

    button = "Save"

    def arrange(self, case: Case) -> None:
        """The person, and who takes over where they own the case."""
        people = list(User.objects.working_here().order_by("name"))
        self.fields["person"] = staff_field("Whom it is about", rows=people, empty="Nobody here", required=False)
        self.fields["owner"] = staff_field(
            "Who takes the case over", rows=people, empty="It stays with its owner", required=False
        )
        self.initial.setdefault("person", str(case.about_user_id or ""))


class CounselForm(SpecialForm):
    """Who clears admissions and offers."""

    button, look = "Name them", "plain"

    def arrange(self, case: Case) -> None:
        """List those who are counsel here."""
        people = User.objects.working_here().with_role(Role.COUNSEL).order_by("name")
        self.fields["counsel"] = staff_field("Counsel", rows=people)
        self.initial.setdefault("counsel", str(case.counsel_id or ""))


class ClearForm(SpecialForm):
    """The very words counsel shall clear."""

    button = "Ask counsel"
    text = words(
        "The words, exactly as they will read them", rows=7, tone=True, missing="Write the words you want to send.",
    )  # fmt: skip


class LaneForm(SpecialForm):
    """The kind of cause a small matter is counted under."""

    button = "Take the fast lane"

    def arrange(self, case: Case) -> None:
        """List the kinds of causes still offered."""
        self.fields["kind"] = PickField(
            label="What kind of cause",
            rows=CauseKind.objects.filter(retired=False).order_by("position", "name"),
            empty="Choose",
            error_messages={"required": "Pick the kind of cause, so that we can count it."},
        )


class AnswerClearanceForm(RecordForm):
    """Counsel's word on a text."""

    button = "Answer"
    cleared = choice("Your word", (("yes", "Cleared"), ("no", "Not cleared")), missing="Say whether it is cleared.")
    reason = words("What must not be said, or what may be", rows=2, required=False)
