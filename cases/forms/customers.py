"""Forms for customers, the people there, and what they share with others. Sums are typed as people write them."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Row
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import Team, User
from cases.customers import CONTACT_FIELDS, mark_of
from cases.enums import Tier
from cases.forms.fields import DayField, line
from cases.forms.record import PickField, RecordForm
from cases.models import Contact, Customer, CustomerMark, Link
from cases.money import to_major, to_minor

LEVELS = ((1, "Specialist"), (2, "Manager"), (3, "Director"), (4, "Executive"))
MOST = Decimal(10) ** 13
_GAPS = re.compile(r"[\s'’ʼ`_]+")
_WITH_CODE = re.compile(r"^(?:[A-Za-z]{3}|[€£$¥])?(-?[\d.,]+)(?:[.\-–]{1,2}|[A-Za-z]{3}|[€£$¥])?$")


def read_amount(text: str) -> Decimal:
    """Read a sum as people write it: 390'000, 390,000.50, 390.000,50, CHF 390 000. Raise ValueError otherwise.

    A single mark followed by exactly three figures parts thousands; any other single mark is the decimal one.
    """
    match = _WITH_CODE.match(_GAPS.sub("", text))
    if match is None:
        raise ValueError(text)
    try:
        return Decimal(_plain(match[1]))
    except InvalidOperation as error:
        raise ValueError(text) from error


def _plain(figures: str) -> str:
    marks = [sign for sign in figures if sign in ".,"]
    if not marks:
        return figures
    last = figures.rindex(marks[-1])
    grouped = len(set(marks)) == 1 and (len(marks) > 1 or len(figures) - last == 4)
    whole = re.sub("[.,]", "", figures if grouped else figures[:last])
    return whole if grouped else f"{whole}.{figures[last + 1 :]}"


class AmountField(forms.Field):
    """A sum, percentage or number of years, tolerant of marks between thousands; cleans to a Decimal or None."""

    def __init__(self, *, most: Decimal = MOST, too_much: str = "This is too much. Check the figures.", **kwargs):
        self.most, self.too_much = most, too_much
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value) -> Decimal | None:
        """Read what was typed."""
        text = str(value or "").strip().removesuffix("%")
        if not text.strip():
            return None
        try:
            amount = read_amount(text[:100])
        except ValueError as error:
            raise ValidationError("This is not a number. Write it like 390'000 or 27.5.", code="invalid") from error
        if amount < 0:
            raise ValidationError("This cannot be less than nothing.", code="negative")
        if amount > self.most:
            raise ValidationError(self.too_much, code="too_much")
        return amount


def _years(label: str, **kwargs) -> AmountField:
    return AmountField(label=label, most=Decimal("99.9"), too_much="More than 99 years is too much.", **kwargs)


class CustomerForm(RecordForm):
    """A company that buys from us, and what it is worth."""

    rev = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = line("Name", missing="Write the customer's name.")
    place = line("Where they are", longest=120, required=False)
    tier = forms.ChoiceField(label="How much rests on them", choices=Tier.choices, widget=forms.RadioSelect)
    currency = forms.RegexField(
        r"^\s*[A-Za-z]{3}\s*$",
        label="Currency",
        error_messages={"invalid": "Write the three letters of the currency, such as CHF.", "required": "Which one?"},
    )
    yearly_revenue = AmountField(label="Yearly revenue", required=False)
    margin = AmountField(
        label="Margin in percent", required=False, most=Decimal(100), too_much="A margin is at most 100 %."
    )
    expected_years = _years("Expected years left", required=False)
    term_years = _years("Contract term in years", required=False)
    replacement_cost = AmountField(label="Cost to win a replacement", required=False)
    reach = forms.IntegerField(
        label="Others who would hear",
        min_value=0,
        max_value=1_000_000,
        help_text="Word of mouth is counted in prospects, never in money. Nine unless you know better.",
        error_messages={"required": "Say how many; nine unless you know better.", "invalid": "Write a whole number."},
    )
    since_on = DayField(label="Customer since", required=False)
    renewal_on = DayField(label="Next renewal", required=False)

    def __init__(self, *args, customer: Customer | None = None, **kwargs) -> None:
        kwargs.setdefault("initial", _said(customer) if customer else _fresh())
        super().__init__(*args, draft=f"customer-{customer.pk if customer else 'new'}", **kwargs)
        stays = Q(pk=customer.account_manager_id) if customer else Q(pk=None)
        staff = User.objects.filter(Q(is_active=True, left_at=None) | stays).exclude(role_marks="|auditor|")
        self.fields["account_manager"] = PickField(label="Account manager", rows=staff, empty="Nobody", required=False)
        self.fields["team"] = PickField(label="Team", rows=Team.objects.all(), empty="No team", required=False)

    def rows(self) -> list[Any]:
        """Who they are, then what they are worth."""
        worth = "<p class='help'>Together these give what is at stake. While one is missing, nothing is shown.</p>"
        return [
            "rev",
            Row("name", "place"),
            "tier",
            Row("account_manager", "team"),
            Row("since_on", "renewal_on"),
            Fieldset(
                "What they are worth",
                HTML(worth),
                Row("currency", "yearly_revenue"),
                Row("margin", "expected_years"),
                Row("term_years", "replacement_cost"),
                "reach",
            ),
        ]

    def clean_currency(self) -> str:
        """Keep it in capitals."""
        return self.cleaned_data["currency"].strip().upper()

    def given(self) -> dict[str, Any]:
        """Return what was typed as rows hold it: minor units, hundredths of a percent, keys."""
        typed = dict(self.cleaned_data)
        currency, margin = typed["currency"], typed.pop("margin")
        manager, team = typed.pop("account_manager"), typed.pop("team")
        for name in ("yearly_revenue", "replacement_cost"):
            typed[name] = None if typed[name] is None else to_minor(typed[name], currency)
        for name in ("expected_years", "term_years"):
            typed[name] = None if typed[name] is None else round(typed[name], 1)
        return typed | {
            "margin_bp": None if margin is None else int((margin * 100).to_integral_value()),
            "term_years": typed["term_years"] or Decimal(1),
            "account_manager_id": manager.pk if manager else None,
            "team_id": team.pk if team else None,
        }

    def typed(self) -> list[dict[str, str]]:
        """Return what was typed, by label."""
        return _lines(self.fields, {name: self.cleaned_data[name] for name in self.fields if name != "rev"})

    def theirs(self, customer: Customer) -> list[dict[str, str]]:
        """Return the same of a customer as it is now."""
        said = _said(customer) | {"account_manager": customer.account_manager, "team": customer.team}
        return _lines(self.fields, {name: said[name] for name in self.fields if name != "rev"})


_PLAIN = (
    "name", "place", "tier", "currency", "expected_years", "term_years", "reach", "since_on", "renewal_on", "rev",
)  # fmt: skip


def _fresh() -> dict[str, Any]:
    return {"tier": Tier.STANDARD, "currency": settings.HOME_CURRENCY, "reach": 9, "term_years": 1}


def _said(customer: Customer) -> dict[str, Any]:
    said: dict[str, Any] = {name: getattr(customer, name) for name in _PLAIN}
    for name in ("yearly_revenue", "replacement_cost"):
        minor = getattr(customer, name)
        said[name] = None if minor is None else written(to_major(minor, customer.currency))
    for name in ("expected_years", "term_years"):
        said[name] = None if said[name] is None else written(Decimal(said[name]))
    margin = None if customer.margin_bp is None else written(Decimal(customer.margin_bp) / 100)
    return said | {"margin": margin, "account_manager": customer.account_manager_id, "team": customer.team_id}


def written(amount: Decimal) -> str:
    """Write an amount with marks between thousands and no idle zeros: 390,000 or 27.5."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _lines(fields: dict[str, forms.Field], values: dict[str, Any]) -> list[dict[str, str]]:
    return [{"name": fields[name].label, "value": _shown(name, value)} for name, value in values.items()]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, Decimal):
        return written(value)
    if name == "tier":
        return Tier(value).label
    return "—" if value in (None, "") else str(value)


class ContactForm(RecordForm):
    """A person at a customer."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = line("Name", longest=120, missing="Write their name.")
    title = line("Function", longest=120, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False, help_text="Letters and surveys go here.")
    phone = line("Telephone", longest=40, required=False)
    level = forms.TypedChoiceField(label="Level", choices=LEVELS, coerce=int, widget=forms.RadioSelect, initial=1)
    language = forms.ChoiceField(label="Language of letters", choices=lambda: settings.LANGUAGES, initial="en")

    def __init__(self, *args, contact: Contact | None = None, **kwargs) -> None:
        kwargs.setdefault("initial", _person(contact) if contact else {})
        super().__init__(*args, **kwargs)

    def rows(self) -> list[Any]:
        """Two and two side by side."""
        return ["seen", Row("name", "title"), Row("email", "phone"), Row("level", "language")]

    def typed(self) -> list[dict[str, str]]:
        """Return what was typed, by label."""
        return self._lines({name: self.cleaned_data[name] for name in CONTACT_FIELDS})

    def theirs(self, contact: Contact) -> list[dict[str, str]]:
        """Return the same of a person as they are now."""
        return self._lines({name: getattr(contact, name) for name in CONTACT_FIELDS})

    def _lines(self, values: dict[str, Any]) -> list[dict[str, str]]:
        languages = dict(settings.LANGUAGES)
        named = values | {"level": dict(LEVELS)[values["level"]], "language": languages.get(values["language"])}
        return _lines(self.fields, named)


def _person(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in CONTACT_FIELDS} | {"seen": mark_of(contact)}


class LinkForm(RecordForm):
    """What a customer shares with others, so that a cause finds everybody it could hit."""

    button, look = "Add", "plain"
    kind = forms.ChoiceField(label="What", choices=Link.Kind.choices)
    name = line("Name", longest=120, missing="Name what they share with others.")

    def rows(self) -> list[Any]:
        """Side by side."""
        return [Row("kind", "name")]


class MarkForm(RecordForm):
    """What became of a customer on a day."""

    button, look = "Note it", "plain"
    kind = forms.ChoiceField(label="What", choices=CustomerMark.Kind.choices)
    on = DayField(label="On")
    value = forms.IntegerField(label="Mark, 0 to 10", required=False, min_value=0, max_value=10)

    def rows(self) -> list[Any]:
        """Side by side."""
        return [Row("kind", "on", "value")]
