"""Forms of the council: a decision with its reason, an answer to its question."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.urls import reverse

from accounts.models import Role, User
from cases import money
from cases.ending import FinalAnswer
from cases.forms.fields import MomentField, listening
from council.models import DecisionKind
from council.queries.item import Item
from council.rights import ORDERS

K = DecisionKind
OWN_WORDS = ""
PRESETS: dict[str, tuple[str, ...]] = {
    K.APPROVE_GESTURE: ("It fits what went wrong.", "The relationship is worth far more than this."),
    K.DECLINE_GESTURE: ("First finish the fix.", "Offer time or effort instead of money."),
    K.REASSIGN: ("The owner has too much at once.", "This needs somebody closer to the customer."),
    K.NAME_SPONSOR: ("Their management expects ours.", "It needs weight across departments."),
    K.ACCEPT_SILENCE: ("We asked, reminded and called. Nothing speaks against it.",),
    K.GRANT_WAIVER: ("The step would add nothing here.",),
    K.REFUSE_WAIVER: ("The step is needed: the same may happen again.",),
    K.BACK_OWNER: ("Mended since. No further action.", "The owner is on the right way. Carry on."),
}
LABELS = {
    K.DECLINE_GESTURE: "Why, and what instead",
    K.SEND_BACK: "Your question to the owner",
    K.NOT_AGREED: "Why we end here, for the owner and the log",
}
OWNER_LABELS = {
    K.REASSIGN: "Who takes over",
    K.NAME_SPONSOR: "Who stands behind this case",
    K.RESOURCES: "Who sees to it that they are there",
    K.ORDER_ACTION: "Who does it",
    K.ORDER_CHANGE: "Who changes it",
}
WHAT_LABELS = {
    K.CHANGE_GESTURE: "What is given",
    K.RESOURCES: "What is granted: people, time or money",
    K.ORDER_ACTION: "What is to be done",
    K.ORDER_CHANGE: "What is to be changed, and where",
}
GO = {
    K.APPROVE_GESTURE: "Approve",
    K.CHANGE_GESTURE: "Approve as changed",
    K.DECLINE_GESTURE: "Decline",
    K.REASSIGN: "Reassign",
    K.NAME_SPONSOR: "Name the sponsor",
    K.RESOURCES: "Grant it",
    K.ORDER_ACTION: "Order it",
    K.ORDER_CHANGE: "Order the change",
    K.ACCEPT_SILENCE: "Accept the silence",
    K.GRANT_WAIVER: "Grant the waiver",
    K.REFUSE_WAIVER: "Refuse the waiver",
    K.NOT_AGREED: "Send the final answer",
    K.BACK_OWNER: "Back the owner",
    K.SEND_BACK: "Ask",
}
DANGER = (K.DECLINE_GESTURE, K.REFUSE_WAIVER, K.NOT_AGREED)


class PersonChoice(forms.ModelChoiceField):
    """A colleague, with what they do."""

    default_error_messages = {"invalid_choice": "Choose somebody from the list."}

    def label_from_instance(self, person: User) -> str:
        """Return name and function."""
        return f"{person.name} · {person.title}" if person.title else person.name


def colleagues():
    """Return those who may be given something to do: all who work here but pure auditors and administrators."""
    doers = (Role.MANAGER, Role.LEAD, Role.QUALITY, Role.COUNCIL, Role.CHAIR, Role.SPONSOR, Role.COUNSEL)
    return User.objects.working_here().with_role(*doers).order_by("name")


def part(label: str, missing: str, help_text: str = "") -> forms.CharField:
    """Return one part of a final answer."""
    area = forms.Textarea(attrs={"rows": 3})
    messages = {"required": missing}
    field = forms.CharField(label=label, max_length=8000, widget=area, error_messages=messages, help_text=help_text)
    return listening(field)


class DecideForm(forms.Form):
    """One decision: the fields its kind needs, and the reason, chosen or in own words."""

    found = part("What we found", "Write what we found.", "The facts of both sides, without blame.")
    stands = part("What still stands", "Write what still stands, of what we offered.")
    whom = part("Whom they can turn to", "Write whom they can turn to now, here or outside.")
    what = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    cost = forms.DecimalField(min_value=0, max_digits=14, decimal_places=3, required=False)
    owner = PersonChoice(queryset=User.objects.none(), empty_label="Choose")
    due_at = MomentField(label="By when")
    preset = forms.ChoiceField(label="Why", widget=forms.RadioSelect, required=False)
    reason = forms.CharField(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    settles = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args, item: Item, kind: DecisionKind, **kwargs):
        super().__init__(*args, **kwargs)
        self.item, self.kind = item, kind
        self.fields["settles"].initial = ",".join(str(pk) for pk in item.settled)
        for name in set(self.fields) - set(self._names()):
            del self.fields[name]
        self._fit()
        self.helper = self._helper()

    def _names(self) -> tuple[str, ...]:
        chosen = ("preset",) if self.kind in PRESETS else ()
        own = {
            K.CHANGE_GESTURE: ("what", "cost"),
            K.REASSIGN: ("owner",),
            K.NAME_SPONSOR: ("owner",),
            K.RESOURCES: ("what", "owner", "due_at"),
            K.ORDER_ACTION: ("what", "owner", "due_at"),
            K.ORDER_CHANGE: ("what", "owner", "due_at"),
            K.NOT_AGREED: ("found", "stands", "whom"),
        }
        return (*own.get(self.kind, ()), *chosen, "reason", "settles")

    def _fit(self) -> None:
        """Give the fields the words and choices of this kind."""
        reason = self.fields["reason"]
        reason.label = LABELS.get(self.kind, "In your own words" if self.kind in PRESETS else "Why")
        if self.kind in PRESETS:
            self.fields["preset"].choices = [*((text, text) for text in PRESETS[self.kind]), (OWN_WORDS, "Own words")]
            self.fields["preset"].initial = PRESETS[self.kind][0]
        else:
            reason.required = True
            reason.error_messages["required"] = "Write it down. The owner and the log need it."
        if "owner" in self.fields:
            self.fields["owner"].queryset = people = self._people()
            if self.kind == K.NAME_SPONSOR:
                self.fields["owner"].initial = people.with_role(Role.SPONSOR).first()
            self.fields["owner"].label = OWNER_LABELS[self.kind]
        if "what" in self.fields:
            self.fields["what"].label = WHAT_LABELS[self.kind]
        if self.kind == K.CHANGE_GESTURE and self.item.gesture:
            self._fit_gesture()

    def _people(self):
        """Offer no owner as sponsor of their own case, nor to take over what is theirs."""
        people = colleagues().exclude(pk=self.item.case.about_user_id or 0)
        return people if self.kind in ORDERS else people.exclude(pk=self.item.case.owner_id or 0)

    def _fit_gesture(self) -> None:
        gesture = self.item.gesture
        self.fields["what"].initial = gesture.words.text
        self.fields["cost"].label = f"What it costs us, in {gesture.currency}"
        self.fields["cost"].initial = money.to_major(gesture.cost, gesture.currency)
        self.fields["cost"].required = True

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        address = reverse("council:decide", args=[self.item.entry.pk, self.kind.value])
        helper.form_action = address
        helper.attrs = {
            "data-draft": f"council-{self.item.entry.pk}-{self.kind.value}",
            "hx-post": address,
            "hx-target": "#decide-body",
        }
        names = [Field(name, wrapper_class="stacked") if name == "preset" else name for name in self._names()]
        look = {"data_look": "danger"} if self.kind in DANGER else {"autofocus": True} if self._is_complete() else {}
        helper.layout = Layout(*names, Submit("go", GO[self.kind], **look))
        return helper

    def _is_complete(self) -> bool:
        """Tell whether nothing has to be filled in, so that one key confirms."""
        missing = [name for name in ("what", "owner", "due_at", "found") if name in self.fields]
        return "preset" in self.fields and not any(self.fields[name].initial is None for name in missing)

    def clean(self) -> dict[str, Any]:
        """Take the chosen sentence where no own words are given; one of the two is needed."""
        cleaned = super().clean()
        given = cleaned.get("reason", "").strip() or cleaned.get("preset", "")
        if not given and "reason" not in self.errors:
            self.add_error("reason", "Choose a reason or write your own. The owner and the log need it.")
        cleaned["reason"] = given
        return cleaned

    @property
    def shown(self) -> set[int]:
        """The ids of the entries that stood on the form: nothing that came in meanwhile is decided unseen."""
        given = self.cleaned_data.get("settles", "").split(",")
        return {int(pk) for pk in given if pk.isascii() and pk.isdigit() and len(pk) < 19}

    def facts(self) -> dict[str, Any]:
        """Return what the verb `decide` takes, from checked fields."""
        given = self.cleaned_data
        facts = {"reason": given["reason"], "owner": given.get("owner"), "due_at": given.get("due_at")}
        if self.kind == K.NOT_AGREED:
            return {**facts, "answer": FinalAnswer(given["found"], given["stands"], given["whom"])}
        if self.kind == K.CHANGE_GESTURE:
            cost = money.to_minor(given["cost"], self.item.gesture.currency)
            return {**facts, "gesture_words": given["what"], "gesture_cost": cost}
        return {**facts, "what": given.get("what", "")}


class AnswerForm(forms.Form):
    """The owner's answer to a question of the council."""

    text = forms.CharField(label="Your answer", max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, question, **kwargs):
        kwargs.setdefault("prefix", f"q{question.pk}")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("council:answer", args=[question.pk])
        self.helper.attrs = {"data-draft": f"council-answer-{question.pk}"}
        self.helper.layout = Layout("text", Submit("go", "Answer the council"))
