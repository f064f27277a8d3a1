"""What a customer fills in. Every field may stay empty; what matters is asked for by the verbs."""

from django import forms

from accounts.text import clean
from mail.forms import FileListField
from surveys.helping import Wish
from surveys.verdicts import FIVES, MEASURES

LONGEST = 5000


class _Text(forms.CharField):
    """A longer text in their own words, made storable."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}), **kwargs
        )

    def to_python(self, value) -> str:
        """Keep only what a database can hold."""
        return clean(super().to_python(value))


class _Mark(forms.TypedChoiceField):
    """One question answered by a number."""

    def __init__(self, low: int, high: int, **kwargs) -> None:
        choices = [(str(mark), str(mark)) for mark in range(low, high + 1)]
        super().__init__(
            choices=choices, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect, **kwargs
        )


class ConfirmForm(forms.Form):
    """Yes, or not yet with what is missing."""

    YES, NOT_YET = "yes", "not_yet"

    answer = forms.ChoiceField(choices=[(YES, YES), (NOT_YET, NOT_YET)], widget=forms.HiddenInput)
    text = _Text(label="What is still missing?")
    files = FileListField(label="A picture or a paper that shows it", required=False)


class SurveyForm(forms.Form):
    """Four numbers and a text."""

    satisfied = _Mark(1, 5, label="How satisfied are you with the way it was put right?")
    heard = _Mark(1, 5, label="Did you feel heard and taken seriously?")
    easy = _Mark(1, 5, label="How easy did we make it for you?")
    recommend = _Mark(0, 10, label="Would you recommend us?")
    words = _Text(label="What should we still do?")

    @property
    def marks(self) -> dict[str, int]:
        """The marks given, by measure."""
        given = {name: self.cleaned_data.get(name) for name in MEASURES}
        return {name: mark for name, mark in given.items() if mark is not None}


class WishForm(forms.Form):
    """A call, or somebody else to speak to."""

    wish = forms.ChoiceField(choices=Wish.choices)
    phone = forms.CharField(label="Telephone", required=False, max_length=40)
    text = _Text(label="What is it about?")

    def clean_phone(self) -> str:
        """Keep only what a database can hold."""
        return clean(self.cleaned_data["phone"])


class WordForm(forms.Form):
    """A word or files they add."""

    name = "word_form"
    text = _Text(label="Your words")
    files = FileListField(label="Pictures or papers", required=False)


class NotSoForm(forms.Form):
    """What was not kept of the promise with the key `promise`."""

    name = "not_so_form"
    text = _Text(label="What was not kept?")

    def __init__(self, *args, promise: int, **kwargs) -> None:
        super().__init__(*args, auto_id=f"promise-{promise}-%s", **kwargs)
        self.promise = promise


class HoldsForm(forms.Form):
    """Whether the repair holds, and how sure they are."""

    name = "holds_form"
    holds = forms.ChoiceField(
        label="Does it still hold?",
        choices=[("yes", "Yes, it holds"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose yes or no."},
    )
    trust = _Mark(1, 5, label="How sure are you that it will not happen again?")
    text = _Text(label="Anything we should know?")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="holds-%s", **kwargs)


class TrustForm(forms.Form):
    """How sure they are once they know what changed."""

    name = "trust_form"
    trust = _Mark(1, 5, label="How sure are you that it will not happen again?")
    text = _Text(label="Anything we should know?")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="trust-%s", **kwargs)


class DecideForm(forms.Form):
    """Whether a held answer counts."""

    counts = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda given: given == "yes")


def preselected(given: str | None) -> dict[str, int]:
    """Return the mark a link in the letter proposes for the first question; nothing for anything but 1 to 5."""
    return {FIVES[0]: int(given)} if given in ("1", "2", "3", "4", "5") else {}
