"""The forms of step 3."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Row
from django import forms

from cases.entries import reachable
from cases.enums import EntryKind, OfferAnswer, Verdict
from cases.forms.fields import MomentField, choice, line, words
from cases.forms.record import files_field
from cases.forms.steps.acknowledge import MEANS
from cases.forms.steps.base import StepForm
from cases.forms.steps.leaving import LetterStep
from cases.letter_kinds import LetterAct
from cases.models import CaseFile
from cases.refusals import Refused
from mail.blobs import ALLOWED

ANSWERS = [(answer.value, answer.label) for answer in (OfferAnswer.ACCEPTED, OfferAnswer.SOMETHING_ELSE)]
SPOKEN = ((EntryKind.CALL, "On the phone"), (EntryKind.MEETING, "Face to face"))


class OfferForm(LetterStep):
    """Offer what will put it right."""

    name, button = "offer", "Make the offer"
    letter, said_by = LetterAct.OFFER, "means"
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


class AskForm(LetterStep):
    """Ask the customer to confirm."""

    name, letter, drafted, checked = "ask", LetterAct.ASK, False, False
    beside = "sends a page of their own, no sign-in"

    @property
    def button(self) -> str:
        """Name who is asked."""
        contact = self.case.confirmer
        return f"Ask {contact.first_name} to confirm" if contact else "Ask them to confirm"


class SpokenForm(LetterStep):
    """Pass on a yes they said. It is written down as the letter that quotes it leaves, so that waits for no morning."""

    letter, later, checked = LetterAct.SPOKEN, False, False
    name, button, look = "spoken", "Send the question with their words in it", "plain"
    how = choice("Where did they say it?", SPOKEN, missing="Say whether on the phone or face to face.")
    text = words("What they said, in their words", rows=2, missing="Write what they said, in their words.")


class WrittenForm(LetterStep):
    """Attach their written yes. It counts when the letter that tells them so leaves, so that does not wait either."""

    name, button, look = "written", "They confirmed in writing", "plain"
    letter, later, checked = LetterAct.WRITTEN, False, False
    beside = "they get “We noted that you confirmed”, with “not so” one click away"
    text = words(
        "The sentence in which they say so",
        rows=2,
        missing="Copy the sentence in which they say that it is put right.",
        help_text="Word for word, from their letter or e-mail.",
    )
    files = files_field("Their letter or e-mail", help_text=f"One file. {ALLOWED}; up to 25 MB.")
    proof = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def restore(self, draft: dict[str, Any]) -> None:
        """Say that the file lies on the case already."""
        super().restore(draft)
        if draft.get("proof"):
            self.keep_proof()

    def keep_proof(self) -> None:
        """Ask for no file any more: it lies on the case."""
        self.fields["files"].help_text = "It lies on the case already. Choose another one only to replace it."

    def clean(self) -> dict[str, Any]:
        """Take one file, the proof: one that comes now, else the one put on the case before."""
        given = super().clean()
        uploads, kept = given.get("files"), given.get("proof")
        missing = not uploads and not kept and "files" not in self.errors
        if missing or (uploads and len(uploads) != 1):
            self.add_error("files", "Attach the one file in which they say so.")
        return given

    @property
    def given(self) -> dict[str, Any]:
        """Return their sentence, and the file of this case as its name and bytes."""
        file = CaseFile.objects.filter(case=self.case, pk=self.cleaned_data.get("proof") or 0).select_related("blob")
        found = file.first()
        if found is None:
            raise Refused("Attach the one file in which they say so.", field="files")
        return {"text": super().given["text"], "name": found.name, "proof": found.blob}


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
