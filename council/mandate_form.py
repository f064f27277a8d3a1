"""The form of the mandate: powers in the sponsor's words, and three limits."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.conf import settings

from accounts.text import clean
from cases import money
from council.mandate import Limits
from council.models import Mandate

POWERS = """It sees every case, and decides what is beyond the owner’s reach.

Any member decides any entry alone, at any time. Nobody decides on a case of their own, or on what they asked for themselves.

It may approve, change or decline a gesture; give a case to somebody else; name a sponsor; grant resources; order an action or a change; accept a silence; grant or refuse a waiver; send a final answer; back the owner; and send a case back with a question. Letting a customer go takes the vote of the members.

A decision acts on the case at once. It has a reason and an author, can be taken back for ten minutes, and stands in the decision log.

What is overdue goes to the chair, and in the end to the executive sponsor, who may decide it. Without a council the sponsor decides."""  # noqa: E501


def limit(label: str) -> forms.DecimalField:
    """Return one limit, in the home currency."""
    return forms.DecimalField(
        label=label, min_value=0, max_digits=12, decimal_places=3, help_text=settings.HOME_CURRENCY
    )


class MandateForm(forms.Form):
    """What the council may do, and what may be spent alone."""

    powers = forms.CharField(
        label="What the council may do",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "Say what the council may do."},
    )
    manager = limit("An account manager alone")
    lead = limit("A team lead alone")
    chair = limit("One member of the council")
    base = forms.IntegerField(widget=forms.HiddenInput)
    policy_base = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = {"data-draft": "council-mandate"}
        self.helper.layout = Layout(
            "powers", Row("manager", "lead", "chair"), "base", "policy_base", Submit("go", "Save the mandate")
        )

    def facts(self) -> dict:
        """Return what the verb takes, from checked fields."""
        given = self.cleaned_data
        home = settings.HOME_CURRENCY
        limits = Limits(*(money.to_minor(given[name], home) for name in ("manager", "lead", "chair")))
        return {
            "powers": clean(given["powers"]),
            "limits": limits,
            "base": given["base"],
            "policy_base": given["policy_base"],
        }


def initial_of(mandate: Mandate | None, limits: dict[str, int], policy_number: int) -> dict:
    """Return what the form begins with: the mandate in force, else the usual one."""
    amounts = {name: money.to_major(limits[name], settings.HOME_CURRENCY) for name in ("manager", "lead", "chair")}
    return {
        **amounts,
        "powers": mandate.words.text if mandate else POWERS,
        "base": mandate.number if mandate else 0,
        "policy_base": policy_number,
    }
