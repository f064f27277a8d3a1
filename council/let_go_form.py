"""The form of the last option, and the vote on it."""

import hashlib
import json
from typing import Any

from crispy_forms.layout import HTML, Div, Field, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from cases import access, money
from cases.enums import PromiseState
from cases.forms.fields import DayField, choice, words
from cases.forms.record import DRAFT_STATUS, RecordForm
from cases.models import Case, Promise
from council.letgo import farewell
from council.letgo.filing import ENDS, WORKED_ON, Filing
from council.models import LetGoReason, Vote, VoteChoice

WHAT_BECOMES = ((ENDS, "Ends with this one"), (WORKED_ON, "Is worked to its own end"))
MOST_HOURS = 100_000
BASIS_POINTS = 10_000


def amount(label: str, currency: str) -> forms.DecimalField:
    """Return a field for money a year."""
    messages = {"required": "Write an amount, 0 if there is none.", "min_value": "This cannot be below zero."}
    return forms.DecimalField(
        label=f"{label}, in {currency} a year", min_value=0, max_digits=12, decimal_places=2, error_messages=messages
    )


class LetGoForm(RecordForm):
    """What the members read before they vote. `seen` is the mark of the letter as it was read."""

    reason = choice("Why", LetGoReason.choices, missing="Choose the reason.")
    why = words("Why parting does less harm than going on", missing="Say why going on does more harm than parting.")
    hours = forms.IntegerField(
        label="Hours a year",
        min_value=0,
        max_value=MOST_HOURS,
        error_messages={"required": "Write how many hours, 0 if none.", "min_value": "This cannot be below zero."},
    )
    morale = words(
        "What it costs the people who work for them", rows=2, missing="Say what it costs the people who work for them."
    )
    ends_on = DayField(label="The last day we supply them")
    letter = words("The farewell letter", rows=12, tone=True, missing="Write the farewell letter.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, case: Case, others: list[Case], **kwargs) -> None:
        self.case, self.others = case, others
        self.currency = case.customer.currency
        super().__init__(*args, **kwargs)
        self.fields["cash"] = amount("Cash", self.currency)
        self.fields["contribution"] = amount("What they contribute", self.currency)
        self.fields[
            "letter"
        ].help_text = "It begins with “Dear …” and ends with the owner’s name. {end} becomes the day."
        for other in others:
            says = "Say what becomes of this case."
            self.fields[f"other_{other.pk}"] = choice(f"{other.number} {other.title}", WHAT_BECOMES, missing=says)

    def rows(self) -> list[Any]:
        """The fields in the order the members read them."""
        theirs = [Field(f"other_{other.pk}", wrapper_class="stacked") for other in self.others]
        return [
            Field("reason", wrapper_class="stacked"),
            "why",
            HTML('<h2 class="eyebrow">What they cost us, and what they bring</h2>'),
            Row("hours", "cash", "contribution"),
            "morale",
            HTML('<h2 class="eyebrow">The end</h2>'),
            "ends_on",
            *theirs,
            "letter",
            "seen",
        ]

    def foot(self) -> Div:
        """Read the letter first; it is put before the council as it was read."""
        buttons = [Submit("read", "Read the letter", data_look="plain" if self.is_read else "primary")]
        if self.is_read:
            buttons.insert(0, Submit("file", "Put it to the vote", data_look="danger"))
        return Div(*buttons, DRAFT_STATUS, css_class="actions")

    def clean_ends_on(self):
        """Refuse a day that has passed."""
        day = self.cleaned_data["ends_on"]
        if day <= timezone.localdate():
            raise ValidationError("This day has passed. Give them time to find somebody else.")
        return day

    @property
    def is_read(self) -> bool:
        """Tell whether the letter stands below the form, ready to be put to the vote."""
        return self.is_bound and not self.errors

    @property
    def text(self) -> str:
        """The letter as it is read."""
        return farewell.filled(self.cleaned_data["letter"], self.cleaned_data["ends_on"])

    @property
    def mark(self) -> str:
        """Return a mark of the words of the letter: the same only for the same words."""
        return hashlib.sha256(json.dumps([self.case.pk, self.text]).encode()).hexdigest()[:32]

    def filing(self) -> Filing:
        """Return what the verb takes, from checked fields."""
        given = self.cleaned_data
        return Filing(
            reason=given["reason"],
            why=given["why"],
            hours=given["hours"],
            cash=money.to_minor(given["cash"], self.currency),
            morale=given["morale"],
            contribution=money.to_minor(given["contribution"], self.currency),
            currency=self.currency,
            ends_on=given["ends_on"],
            letter=self.text,
            others={other.pk: given[f"other_{other.pk}"] == ENDS for other in self.others},
        )


class VoteForm(RecordForm):
    """One vote. It may be changed until the ballot is closed."""

    button = "Vote"
    choice = choice("Your vote", VoteChoice.choices, missing="Choose how you vote.")
    why = words("Why", rows=3, required=False, help_text="Needed unless you abstain. It stands in the decision log.")

    def rows(self) -> list[Any]:
        """One below the other."""
        return [Field("choice"), "why"]


def first_values(case: Case) -> dict[str, Any]:
    """Return what the form knows before anybody wrote: the contribution, and a draft of the letter."""
    of = case.customer
    known = of.yearly_revenue is not None and of.margin_bp is not None
    yearly = money.to_major(of.yearly_revenue * of.margin_bp // BASIS_POINTS, of.currency) if known else None
    return {"letter": farewell.draft(case), "contribution": yearly}


def vote_of(vote: Vote | None) -> dict[str, Any]:
    """Return a vote already cast, to be changed."""
    return {"choice": vote.choice, "why": vote.words.text if vote.words else ""} if vote else {}


def open_promises(case: Case, reader: User) -> list[Promise]:
    """Return what is still promised to the customer, on whichever case the reader may see."""
    theirs = access.visible_to(reader).filter(customer=case.customer_id).order_by().values("pk")
    rows = Promise.objects.filter(case__in=theirs, state=PromiseState.PENDING, due_at__isnull=False)
    return list(rows.select_related("words", "case", "owner").order_by("due_at")[:50])
