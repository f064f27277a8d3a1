"""What a customer fills in. Every field may stay empty; what matters is asked for by the verbs."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import clean
from mail.forms import FileListField
from surveys import questions
from surveys.halfway import Halfway
from surveys.helping import Wish
from surveys.models import FormVersion
from surveys.verdicts import FIVES, MEASURES

LONGEST = 5000
MOST_REPORTED = 3
MOST_BYTES = 20 * 1024 * 1024


class _Text(forms.CharField):
    """A longer text in their own words, made storable."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}), **kwargs
        )

    def to_python(self, value) -> str:
        """Keep only what a database can hold. A line break counts as one character, as in the browser."""
        return clean(super().to_python(value)).replace("\r\n", "\n")


class _Mark(forms.TypedChoiceField):
    """One question answered by a number."""

    def __init__(self, low: int, high: int, **kwargs) -> None:
        choices = [(str(mark), str(mark)) for mark in range(low, high + 1)]
        super().__init__(
            choices=choices, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect, **kwargs
        )


class ConfirmForm(Halfway, forms.Form):
    """Yes, or not yet with what is missing."""

    YES, NOT_YET = "yes", "not_yet"

    answer = forms.ChoiceField(choices=[(YES, YES), (NOT_YET, NOT_YET)], widget=forms.HiddenInput)
    text = _Text(label=_("What is still missing?"))
    files = FileListField(label=_("A picture or a paper that shows it"), required=False)


class SurveyForm(Halfway, forms.Form):
    """Four numbers and a text, and the optional questions of the version the invitation left with."""

    satisfied = _Mark(1, 5, label=_("How satisfied are you with the way it was put right?"))
    heard = _Mark(1, 5, label=_("Did you feel heard and taken seriously?"))
    easy = _Mark(1, 5, label=_("How easy did we make it for you?"))
    recommend = _Mark(0, 10, label=_("Would you recommend us?"))
    words = _Text(label=_("What should we still do?"))

    def __init__(self, *args, version: FormVersion | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asked = questions.extras(version)
        for name in questions.CORE:
            self.fields[name].label = questions.wording(version, name) or self.fields[name].label
        last = self.fields.pop("words")
        for extra in self.asked:
            self.fields[extra.name] = _Mark(1, 5) if extra.kind == questions.MARKS else _Text()
            self.fields[extra.name].label = extra.label
        self.fields["words"] = last

    @property
    def marks(self) -> dict[str, int]:
        """The marks given, by measure."""
        given = {name: self.cleaned_data.get(name) for name in MEASURES}
        return {name: mark for name, mark in given.items() if mark is not None}

    @property
    def more(self) -> dict[str, int | str]:
        """What was given to optional questions, by their key. Words may be taken back, a mark only changed."""
        given = {extra.key: self.cleaned_data.get(extra.name) for extra in self.asked}
        return {key: value for key, value in given.items() if value is not None}

    @property
    def questions(self) -> list["Question"]:
        """The questions as the page shows them, in their order."""
        return [Question(self[name], *_ends(field, name)) for name, field in self.fields.items()]

    @property
    def answered(self) -> list["Answered"]:
        """The marks kept so far, in the order of the questions."""
        kept = [(self[name].label, self.initial.get(name), ENDS.get(name, FIVE)) for name in self.fields]
        return [Answered(label, mark, ends[0] - (ends[0] == 11)) for label, mark, ends in kept if type(mark) is int]


@dataclass(frozen=True)
class Question:
    """One question: `of` marks to choose from, and what the lowest and the highest mean; 0 asks for words."""

    field: forms.BoundField
    of: int
    low: str
    high: str


@dataclass(frozen=True)
class Answered:
    """A mark that was given, and the highest there is."""

    label: str
    mark: int
    highest: int


FIVE = (5, _("Not at all"), _("Completely"))
ENDS = {
    "satisfied": FIVE,
    "heard": FIVE,
    "easy": (5, _("Very hard"), _("Very easy")),
    "recommend": (11, _("Not at all"), _("Certainly")),
}


def _ends(field: forms.Field, name: str) -> tuple[int, str, str]:
    return ENDS.get(name, FIVE) if isinstance(field, _Mark) else (0, "", "")


class WishForm(Halfway, forms.Form):
    """A call, or somebody else to speak to: each with words of its own."""

    wish = forms.ChoiceField(choices=Wish.choices)
    phone = forms.CharField(label=_("Telephone, if not the one we have"), required=False, max_length=40)
    call = _Text(label=_("When is a good time, and what is it about?"))
    other = _Text(label=_("Is there something we should know before?"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="wish-%s", **kwargs)

    def clean_phone(self) -> str:
        """Keep only what a database can hold."""
        return clean(self.cleaned_data["phone"])

    @property
    def said(self) -> dict[str, str]:
        """The wish that was pressed, with what was written about it."""
        wish, given = Wish(self.cleaned_data["wish"]), self.cleaned_data
        phone = given["phone"] if wish == Wish.CALL else ""
        return {"wish": wish, "text": given["call" if wish == Wish.CALL else "other"], "phone": phone}


class ReportForm(Halfway, forms.Form):
    """A problem reported by anybody. `website` is seen by nobody; whoever fills it in is a machine."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, error_messages={"required": _("Please tell us your name.")}
    )
    company = forms.CharField(
        label=_("Your company"), max_length=200, error_messages={"required": _("Please tell us your company.")}
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={"required": _("Please give us an e-mail address, so that we can answer you.")},
    )
    phone = forms.CharField(label=_("Telephone, if you would rather be called"), required=False, max_length=40)
    text = _Text(label=_("What happened?"))
    remedy = _Text(label=_("What can we do to make this right?"))
    files = FileListField(label=_("Pictures or papers"), required=False, max_files=MOST_REPORTED)
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="report-%s", **kwargs)

    def clean_text(self) -> str:
        """Ask for the one thing that cannot stay empty."""
        if not self.cleaned_data["text"].strip():
            raise forms.ValidationError(_("Please tell us what happened."))
        return self.cleaned_data["text"]

    def clean_files(self) -> list:
        """Keep a message to a size that mail programs carry too."""
        if sum(upload.size for upload in self.cleaned_data["files"]) > MOST_BYTES:
            raise forms.ValidationError(_("These files are too large together: 20 MB at most. Choose fewer of them."))
        return self.cleaned_data["files"]


class WordForm(Halfway, forms.Form):
    """A word or files they add."""

    name = "word_form"
    text = _Text(label=_("Your words"))
    files = FileListField(label=_("Pictures or papers"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, prefix="word", auto_id="%s", **kwargs)


class NotSoForm(Halfway, forms.Form):
    """What was not kept of the promise with the key `promise`."""

    name = "not_so_form"
    text = _Text(label=_("What was not kept?"))

    def __init__(self, *args, promise: int, **kwargs) -> None:
        super().__init__(*args, prefix=f"promise-{promise}", auto_id="%s", **kwargs)
        self.promise = promise


class BackForm(Halfway, forms.Form):
    """What came back of what was put right."""

    name = "back_form"
    text = _Text(label=_("What came back, and when?"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, prefix="back", auto_id="%s", **kwargs)


class HoldsForm(Halfway, forms.Form):
    """Whether the repair holds, and how sure they are."""

    name = "holds_form"
    holds = forms.ChoiceField(
        label=_("Does it still hold?"),
        choices=[("yes", _("Yes, it holds")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose yes or no.")},
    )
    trust = _Mark(1, 5, label=_("How sure are you that it will not happen again?"))
    text = _Text(label=_("Anything we should know?"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, prefix="holds", auto_id="%s", **kwargs)


class TrustForm(Halfway, forms.Form):
    """How sure they are once they know what changed."""

    name = "trust_form"
    trust = _Mark(1, 5, label=_("How sure are you that it will not happen again?"))
    text = _Text(label=_("Anything we should know?"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, prefix="trust", auto_id="%s", **kwargs)


class DecideForm(forms.Form):
    """Whether a held answer counts."""

    counts = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda given: given == "yes")


def preselected(given: str | None) -> dict[str, int]:
    """Return the mark a link in the letter proposes for the first question; nothing for anything but 1 to 5."""
    return {FIVES[0]: int(given)} if given in ("1", "2", "3", "4", "5") else {}
