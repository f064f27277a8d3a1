"""Forms for what is written down on a case: entries, facts, the expectation gap, promises, actions, files."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Row, Submit
from django import forms

from accounts.text import clean
from cases.enums import ActionKind, DiscoveryAnswer, EntryKind, PromiseForm, PromiseKind, Side
from cases.forms.fields import DayField, MomentField, choice, line, words
from mail.blobs import ALLOWED, MAX_BYTES
from mail.forms import FileListField

DRAFT_STATUS = HTML('<span class="draft-status" data-draft-status></span>')
RHYTHMS = (("", "Once"), ("1", "Every day"), ("7", "Every week"), ("14", "Every two weeks"), ("28", "Every four weeks"))
YES_NO = ((True, "Yes"), (False, "No"), ("", "Not known"))


class RecordForm(forms.Form):
    """A form posted to `action`. What is typed is kept as the draft `draft` where one is named."""

    button = "Save"
    look = "primary"
    in_dialog = False

    def __init__(self, *args, action: str = "", draft: str = "", **kwargs) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}_%s")
        super().__init__(*args, **kwargs)
        self.action, self.draft = action, draft

    def clean(self) -> dict[str, Any]:
        """Keep of every text only what a database can hold."""
        values = super().clean() or self.cleaned_data
        return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}

    @property
    def helper(self) -> FormHelper:
        """How the form is laid out."""
        helper = FormHelper()
        helper.form_action = self.action
        helper.show_optional = True
        helper.attrs = {"data-draft": self.draft} if self.draft else {}
        if self.in_dialog:
            helper.attrs |= {"hx-post": self.action, "hx-target": "#change"}
        self.lay_out(helper)
        return helper

    def lay_out(self, helper: FormHelper) -> None:
        """Put the fields under one another and the button below."""
        helper.layout = Layout(*self.rows(), self.foot())

    def rows(self) -> Iterable[Any]:
        """The fields in their order; a subclass puts some side by side."""
        return list(self.fields)

    def foot(self) -> Div:
        """The button, and how long ago the draft was kept."""
        parts = [Submit("save", self.button, data_look=self.look)]
        return Div(*parts, *([DRAFT_STATUS] if self.draft else []), css_class="actions")


class PickField(forms.TypedChoiceField):
    """One of the rows given (with `pk` and `name`); cleans to the row itself, None where nothing was picked."""

    def __init__(self, *, rows: Iterable[Any], empty: str | None = None, **kwargs) -> None:
        self.rows = {str(row.pk): row for row in rows}
        choices = [(key, row.name) for key, row in self.rows.items()]
        kwargs.setdefault("error_messages", {"invalid_choice": "Choose one from the list."})
        if empty is not None or kwargs.get("required") is False:
            choices.insert(0, ("", empty or "—"))
        super().__init__(choices=choices, coerce=self.rows.get, empty_value=None, **kwargs)


def yes_no(label: str) -> forms.TypedChoiceField:
    """Return a question that may stay open: cleans to True, False or None."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(str(value), name) for value, name in YES_NO],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


def files_field(label: str = "Files", *, required: bool = False, help_text: str = "") -> FileListField:
    """Return a field for several files."""
    field = FileListField(label=label, required=required, help_text=help_text)
    field.widget.attrs["data-max"] = MAX_BYTES
    return field


class EntryForm(RecordForm):
    """What passed between us and them: a call, a meeting, a posted letter, an e-mail of theirs; or a note among us.

    An e-mail of ours is a `LetterForm`.
    """

    SIDES = {
        EntryKind.LETTER: ((Side.OURS, "We posted it"), (Side.THEIRS, "They posted it")),
        EntryKind.CALL: ((Side.OURS, "We called"), (Side.THEIRS, "They called")),
        EntryKind.MEETING: ((Side.OURS, "We went to them"), (Side.THEIRS, "They came to us")),
    }
    BUTTONS = {
        EntryKind.EMAIL: "Log their e-mail",
        EntryKind.CALL: "Log the call",
        EntryKind.MEETING: "Log the meeting",
        EntryKind.LETTER: "Log the letter",
        EntryKind.NOTE: "Leave the note",
    }
    TEXTS = {
        EntryKind.EMAIL: "What they wrote",
        EntryKind.LETTER: "What it says",
        EntryKind.NOTE: "Note for colleagues",
    }

    def __init__(self, *args, kind: EntryKind, contacts: Iterable[Any], **kwargs) -> None:
        super().__init__(*args, auto_id="entry_%s", **kwargs)
        self.kind = EntryKind(kind)
        self.button = self.BUTTONS[self.kind]
        self.opens = "theirs" if self.kind == EntryKind.EMAIL else self.kind.value
        if self.kind != EntryKind.NOTE:
            self._add_other_side(contacts)
        if self.kind in (EntryKind.CALL, EntryKind.MEETING):
            self.fields["minutes"] = forms.IntegerField(label="Minutes", min_value=1, max_value=1440, required=False)
        self.fields["text"] = words(self.TEXTS.get(self.kind, "What was said"), rows=5)
        self.fields["files"] = files_field()
        self.fields["kind"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self.opens)
        if not self.is_bound:
            self.fields["text"].widget.attrs["autofocus"] = True

    def _add_other_side(self, contacts: Iterable[Any]) -> None:
        theirs = self.kind == EntryKind.EMAIL
        if not theirs:
            self.fields["side"] = choice("Whose word", self.SIDES[self.kind], initial=Side.OURS)
        self.fields["contact"] = PickField(label="Who wrote" if theirs else "With whom", rows=contacts)
        self.fields["at"] = MomentField(label="When", required=False, help_text="Empty means just now.")
        if theirs:
            return
        self.fields["promise"] = line("What you promise in it", required=False)
        self.fields["promise_due_at"] = MomentField(label="By when", required=False)

    def rows(self) -> list[Any]:
        """Who and when side by side, then the words."""
        top = [name for name in ("contact", "at", "minutes") if name in self.fields]
        sides = ["side"] if "side" in self.fields else []
        return ["kind", *sides, *([Row(*top)] if top else []), "text", *self._promise(), "files"]

    def _promise(self) -> list[Any]:
        """A promise made in it, folded away until there is one; a script can take it from the words."""
        if "promise" not in self.fields:
            return []
        is_open = any(self[name].value() or name in self.errors for name in ("promise", "promise_due_at"))
        head = '<details class="fold" id="entry-promise"{}><summary>Promise this</summary>'
        take = '<button class="btn" type="button" data-size="small" data-promise-from="entry_text" hidden>{}</button>'
        fields = [Row("promise", "promise_due_at"), HTML(take.format("Take the sentence I marked"))]
        return [HTML(head.format(" open" if is_open else "")), *fields, HTML("</details>")]

    def clean(self) -> dict[str, Any]:
        """An e-mail written down here is one of theirs."""
        values = super().clean()
        values.pop("kind", None)
        return {**values, "side": Side.THEIRS} if self.kind == EntryKind.EMAIL else values


class FactForm(RecordForm):
    """Something that is so, whose word it is and where it comes from (Hitt, principle 4)."""

    button, look = "Add the fact", "plain"
    side = choice("Whose fact", ((Side.THEIRS, "From the customer"), (Side.OURS, "From our side")))
    text = words("What is so", rows=2)
    source = line("Where it comes from", help_text="A document, a person, a measurement.")
    verified = forms.BooleanField(label="Somebody has verified it", required=False)


class QuestionForm(RecordForm):
    """The answer to one discovery question; its markup is in the tab, seven times."""

    answer = choice("Answer", DiscoveryAnswer.choices, missing="Choose one of the four answers.")
    note = words("Note", required=False)
    evidence = line("Evidence", required=False)


class GapForm(RecordForm):
    """The expectation gap: expected, promised, delivered, and whether the expectation was valid."""

    button, look = "Save the gap", "plain"
    expected = words("What they expected", rows=2)
    promised = words("What was promised", rows=2, required=False)
    promised_where = line("Where it was promised", required=False)
    in_writing = yes_no("In writing?")
    delivered = words("What was delivered", rows=2, required=False)
    valid = yes_no("Was the expectation valid?")

    def rows(self) -> list[Any]:
        """Where and how beside one another."""
        return ["expected", "promised", Row("promised_where", "in_writing"), Row("delivered", "valid")]


class CommitmentForm(RecordForm):
    """A dated commitment to the customer, made before the complaint or since."""

    button, look = "Write down the promise", "plain"
    kind = choice(
        "Which promise",
        ((PromiseKind.RECOVERY, "We promise it now"), (PromiseKind.ORIGINAL, "Made before the complaint")),
        initial=PromiseKind.RECOVERY,
    )
    promise = words("What is promised", rows=2)
    promise_due_at = MomentField(label="By when", required=False, help_text="A promise made now needs its time.")
    form = choice("How it was given", PromiseForm.choices, initial=PromiseForm.WRITTEN)
    unambiguous = yes_no("Was it unambiguous?")
    achievable = yes_no("Could it be kept?")
    every_days = forms.TypedChoiceField(
        label="How often", choices=RHYTHMS, coerce=int, empty_value=None, required=False
    )
    until_on = DayField(label="Until", required=False, help_text="The last day it is due, where it repeats.")

    def __init__(self, *args, staff: Iterable[Any], **kwargs) -> None:
        super().__init__(*args, auto_id="promise_%s", **kwargs)
        self.fields["owner"] = PickField(label="Who keeps it", rows=staff, required=False, empty="The case's owner")

    def rows(self) -> list[Any]:
        """Time and owner beside one another; the marks of an original promise last."""
        rhythm, marks = Row("every_days", "until_on"), Row("unambiguous", "achievable")
        return ["kind", "promise", Row("promise_due_at", "owner"), rhythm, "form", marks]


class ActionForm(RecordForm):
    """Something somebody does by a moment."""

    button, look = "Plan the action", "plain"
    kind = choice("What for", ActionKind.choices, initial=ActionKind.IMMEDIATE)
    text = words("What is to be done", rows=2)
    due_at = MomentField(label="By when")

    def __init__(self, *args, staff: Iterable[Any], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PickField(label="Who does it", rows=staff)

    def rows(self) -> list[Any]:
        """Owner and time beside one another."""
        return ["kind", "text", Row("owner", "due_at")]


class FilesForm(RecordForm):
    """Files put on the case."""

    button, look = "Add the files", "plain"
    files = files_field("Files", required=True, help_text=f"{ALLOWED}; up to 25 MB each.")

    def rows(self) -> list[Any]:
        """A place to drop them, and a list of what was chosen."""
        chosen = HTML('<ul class="files" data-chosen></ul>')
        return [Div("files", chosen, css_class="drop", data_drop="")]
