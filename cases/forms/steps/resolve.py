"""The forms of step 3."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Row
from django.core.exceptions import ValidationError

from cases.entries import reachable
from cases.enums import EntryKind, OfferAnswer, Verdict
from cases.forms.fields import MomentField, choice, line, words
from cases.forms.record import files_field
from cases.forms.steps.acknowledge import MEANS
from cases.forms.steps.base import BareForm, StepForm
from mail.blobs import ALLOWED

ANSWERS = [(answer.value, answer.label) for answer in (OfferAnswer.ACCEPTED, OfferAnswer.SOMETHING_ELSE)]
SPOKEN = ((EntryKind.CALL, "On the phone"), (EntryKind.MEETING, "Face to face"))


class OfferForm(StepForm):
    """Offer what will put it right."""

    name, button = "offer", "Make the offer"
    text = words(
        "What we offer",
        rows=4,
        tone=True,
        missing="Write what you will do, for whom, and by when.",
        help_text="What, for whom, by when. An e-mail carries these words between its greeting and your name.",
    )
    means = choice("How do they hear of it?", MEANS, missing="Say how they hear, or heard, of it.")
    subject = line("Subject", required=False, help_text="For an e-mail. The case number is added.")

    @property
    def given(self) -> dict[str, Any]:
        """Say the title where no subject was written."""
        kept = super().given
        return {**kept, "means": EntryKind(kept["means"]), "subject": kept["subject"] or self.case.title}


class AnswerForm(StepForm):
    """Write down what they said to the offer."""

    name, button = "answer", "Write it down"
    answer = choice("What did they say?", ANSWERS, missing="Say what they answered.")
    text = words("In their words", rows=2, required=False, help_text="Needed when they want something else.")


class CarryOutForm(StepForm):
    """Say what was done."""

    name, button = "carry_out", "It is carried out"
    text = words(
        "What was done",
        rows=3,
        tone=True,
        missing="Write what was done, so that they recognise it.",
        help_text="They read this on the page where they confirm.",
    )
    by = line("By whom", longest=120, missing="Say who did it.")
    at = MomentField(label="When")

    def parts(self) -> list:
        """Show who and when side by side."""
        return ["text", Row("by", "at")]


class AskForm(BareForm):
    """Ask the customer to confirm."""

    name = "ask"
    beside = "sends a page of their own, no sign-in"

    @property
    def button(self) -> str:
        """Name who is asked."""
        contact = self.case.confirmer
        return f"Ask {contact.first_name} to confirm" if contact else "Ask them to confirm"


class SpokenForm(StepForm):
    """Pass on a yes they said."""

    name, button, look = "spoken", "Send the question with their words in it", "plain"
    how = choice("Where did they say it?", SPOKEN, missing="Say whether on the phone or face to face.")
    text = words("What they said, in their words", rows=2, missing="Write what they said, in their words.")


class WrittenForm(StepForm):
    """Attach their written yes."""

    name, button, look = "written", "They confirmed in writing", "plain"
    beside = "they get “We noted that you confirmed”, with “not so” one click away"
    text = words(
        "The sentence in which they say so",
        rows=2,
        missing="Copy the sentence in which they say that it is put right.",
        help_text="Word for word, from their letter or e-mail.",
    )
    files = files_field("Their letter or e-mail", required=True, help_text=f"One file. {ALLOWED}; up to 25 MB.")

    def clean_files(self):
        """Take one file: the proof."""
        uploads = self.cleaned_data["files"]
        if len(uploads) != 1:
            raise ValidationError("Attach the one file in which they say so.")
        return uploads


def forms_of(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield what comes next: offer, answer and carrying out, asking; while asked, a yes by another road."""
    offer, asked = panel["offer"], panel["confirmation"]
    if asked is not None and asked.verdict == Verdict.PENDING:
        yield from _their_word(made)
        return
    if offer is None or asked is not None or offer.answer == OfferAnswer.SOMETHING_ELSE:
        yield _offer(panel, made)
    elif offer.carried_out_at is not None:
        yield AskForm(**made)
        yield from _their_word(made)
    else:
        yield from _between(panel, made)


def _their_word(made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield the two other roads their yes may come by."""
    yield SpokenForm(**made, initial={"how": EntryKind.CALL})
    yield WrittenForm(**made)


def _between(panel: dict[str, Any], made: dict[str, Any]) -> Iterator[StepForm]:
    """Yield what may follow an offer: their answer, the deed, other words."""
    accepted = panel["offer"].answer == OfferAnswer.ACCEPTED
    if not accepted:
        yield AnswerForm(**made)
    initial = {"by": panel["user"].name, "at": panel["now"]}
    yield CarryOutForm(**made, initial=initial, look="primary" if accepted else "plain")
    yield _offer(panel, made, text=panel["offer"].words.text, look="plain")


def _offer(panel: dict[str, Any], made: dict[str, Any], text: str = "", look: str = "primary") -> OfferForm:
    means = EntryKind.EMAIL if reachable(panel["case"].confirmer) else EntryKind.CALL
    return OfferForm(**made, initial={"means": means, "text": text}, look=look)
