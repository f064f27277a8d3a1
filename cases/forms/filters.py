"""The filters of the case list: a form by GET that reads as a sentence. What cannot be understood filters nothing."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.conf import settings
from django.utils import timezone

from cases.enums import CaseState, Severity, Tier
from cases.forms.selects import PlainSelect

STATES = [*CaseState.choices, ("all", "All")]
WHOSE = [("", "everyone"), ("me", "me"), ("team", "my team"), ("nobody", "nobody")]
SINCE = [
    ("", "at any time"),
    ("week", "this week"),
    ("month", "this month"),
    ("quarter", "this quarter"),
    ("year", "this year"),
]
SUMS = (10_000, 50_000, 100_000, 500_000, 1_000_000)
OVER = [("", "any sum"), *((str(least), f"over {settings.HOME_CURRENCY} {least:,}") for least in SUMS)]
SORTS = [("due", "next deadline"), ("received", "newest first"), ("stake", "most at stake")]
HISTORY = [("", "left out"), ("with", "included"), ("only", "alone")]
MOST_TYPED = 120


class Filters(forms.Form):
    """One field a word of the sentence. `read` returns what was understood."""

    state = forms.ChoiceField(label="State", choices=STATES, required=False, widget=PlainSelect)
    whose = forms.ChoiceField(label="Of", choices=WHOSE, required=False, widget=PlainSelect)
    since = forms.ChoiceField(label="Received", choices=SINCE, required=False, widget=PlainSelect)
    over = forms.ChoiceField(label="At stake", choices=OVER, required=False, widget=PlainSelect)
    sort = forms.ChoiceField(label="Order", choices=SORTS, required=False, widget=PlainSelect)
    severity = forms.ChoiceField(
        label="Severity", choices=[("", "Any"), *Severity.choices], required=False, widget=PlainSelect
    )
    category = forms.IntegerField(label="About", required=False, min_value=1, max_value=2**62)
    owner = forms.IntegerField(label="Owner", required=False, min_value=1, max_value=2**62)
    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    person = forms.CharField(label="Owner’s name contains", required=False, max_length=MOST_TYPED)
    company = forms.CharField(label="Customer’s name contains", required=False, max_length=MOST_TYPED)
    council = forms.BooleanField(label="With the council", required=False)
    silent = forms.BooleanField(label="Silent for a week", required=False)
    waiting = forms.BooleanField(label="Waiting for the customer", required=False)
    history = forms.ChoiceField(label="Cases from before Goldseam", choices=HISTORY, required=False, widget=PlainSelect)

    def __init__(self, asked, *, categories=()):
        given = {"state": "open", **{name: asked.get(name) for name in asked}}
        if given["state"] != CaseState.OPEN and given.get("sort") != "stake":
            given["sort"] = "received"  # only open cases have a next deadline
        super().__init__(given)
        for name in ("state", "whose", "since", "over", "sort"):
            self.fields[name].widget.attrs["data-sends"] = ""
        self.fields["category"].widget = PlainSelect(
            choices=[("", "Anything"), *((one.pk, one.name) for one in categories)]
        )

    def offer(self, owners) -> None:
        """Let the reader choose among these owners."""
        self.fields["owner"].widget = PlainSelect(choices=[("", "Anybody"), *((one.pk, one.name) for one in owners)])

    def read(self) -> dict:
        """Return the filters that were understood and ask for something; the state is always there."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return {"state": CaseState.OPEN.value, **asked}


class CustomerFilters(forms.Form):
    """Which customers are meant. `read` returns what was understood."""

    q = forms.CharField(label="Name contains", required=False, max_length=200)
    tier = forms.ChoiceField(label="How much rests on them", choices=[("", "Any"), *Tier.choices], required=False)
    manager = forms.RegexField(
        r"^(me|nobody|[0-9]{1,18})$",
        label="Account manager: an id, me or nobody",
        required=False,
        error_messages={"invalid": "Name an account manager by id, or write me or nobody."},
    )

    def read(self) -> dict[str, str]:
        """Return the filters that were understood, each empty where it asks for nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class TimelinePlace(forms.Form):
    """Where a page of a timeline begins."""

    before = forms.IntegerField(label="Before the event of this number", required=False, min_value=1, max_value=2**31)


def since_moment(name: str, now: datetime) -> datetime:
    """Return when this week, month, quarter or year began where the reader is."""
    today = timezone.localdate(now)
    first = {
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "quarter": date(today.year, 3 * ((today.month - 1) // 3) + 1, 1),
        "year": date(today.year, 1, 1),
    }[name]
    return timezone.make_aware(datetime.combine(first, time.min))
