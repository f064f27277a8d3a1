"""Which acts may leave as a letter of ours. Values are what rows hold; labels are what people read."""

from django.db.models import TextChoices


class LetterAct(TextChoices):
    """An act by which a letter of ours leaves; it waits with its letter until that can no longer be taken back."""

    ACKNOWLEDGE = "acknowledge", "the acknowledgement"
    TOLD = "told", "that it is contained"
    OFFER = "offer", "the offer"
    ASK = "ask", "the question whether it is put right"
    SPOKEN = "spoken", "the question, with their own yes in it"
    WRITTEN = "written", "“We noted that you confirmed”"
    TELL = "tell", "“you said, we changed”"
    CHECK_IN = "check_in", "the question whether it holds"
    INCIDENT = "incident", "what we found, before they notice"

    @property
    def step(self) -> int:
        """The number of the step it belongs to; 0 for none."""
        return _STEP_OF_LETTER.get(self.value, 0)


_STEP_OF_LETTER = {"acknowledge": 1, "told": 2, "offer": 3, "ask": 3, "spoken": 3, "written": 3, "tell": 9}
