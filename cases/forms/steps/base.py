"""What the forms of the nine steps have in common: one act each, its button, and the draft it keeps."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.text import clean
from cases.enums import StepNumber
from cases.forms.fields import RowField
from cases.models import Case
from cases.queries.step_needs import Needs

OWN = ("act", "row")


class Button:
    """The end of a form: its button, a quiet word beside it, and whether the draft is kept."""

    def render(self, form, context, template_pack="house", **kwargs) -> str:
        """Return the markup; the words are escaped like any other."""
        return render_to_string(form.foot, {"form": form})


class StepForm(forms.Form):
    """One act of a step. Its fields carry the names the verb gives its parameters.

    `row` is the key of the action, exposure or the like it is about, 0 for the step itself. A form knows its
    choices and its draft only where it is shown; sent, it checks against the database.
    """

    name = ""
    button = ""
    look = "primary"
    beside = ""
    drafted = True
    inline = False
    marks_optional = True
    foot = "cases/steps/_button.html"
    refuses_as = "Not saved yet. Please look at this:"

    def __init__(
        self,
        data=None,
        files=None,
        *,
        case: Case,
        number: int,
        row: int = 0,
        needs: Needs | None = None,
        initial: dict[str, Any] | None = None,
        look: str = "",
    ):
        self.case, self.number, self.row = case, StepNumber(number), row
        self.look = look or self.look
        self.key = f"{self.name}-{row}" if row else self.name
        needs = needs or Needs()
        super().__init__(data, files, auto_id=f"{self.key}-%s", initial=initial or {})
        self.fields["act"] = forms.CharField(widget=forms.HiddenInput, initial=self.name, required=False)
        self.fields["row"] = forms.IntegerField(widget=forms.HiddenInput, initial=row, required=False)
        self.arrange(needs)
        self.restore(needs.drafts.get(self.draft_key, {}))
        self.fill(needs)

    def arrange(self, needs: Needs) -> None:
        """Leave out or add fields, as the case asks for. Nothing unless a form says otherwise."""

    def restore(self, draft: dict[str, Any]) -> None:
        """Show what was typed before and not sent."""
        self.initial.update({name: value for name, value in draft.items() if name in self.fields and name not in OWN})

    def fill(self, needs: Needs) -> None:
        """Give each choice among rows its case and what to show."""
        for field in self.fields.values():
            if isinstance(field, RowField):
                field.case = self.case
                field.fill(needs.choices.get(field.among, []))

    @property
    def draft_key(self) -> str:
        """Under which what is typed is kept, such as `case-2041-resolve-offer`."""
        return f"case-{self.case.pk}-{self.number.slug}-{self.key}"

    @property
    def given(self) -> dict[str, Any]:
        """The cleaned values under the names of the verb's parameters."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in OWN}
        return {name: clean(value) if isinstance(value, str) else value for name, value in kept.items()}

    def parts(self) -> list:
        """Return the fields in the order and arrangement they are shown in."""
        return [name for name in self.fields if name not in OWN]

    @property
    def helper(self) -> FormHelper:
        """How crispy lays the form out."""
        helper = FormHelper()
        helper.form_action = reverse("cases:step", kwargs={"pk": self.case.pk, "step": self.number.slug})
        helper.attrs = {"data-draft": self.draft_key} if self.drafted else {}
        if self.inline:
            helper.attrs["data-look"] = "inline"
        helper.show_optional = self.marks_optional
        helper.form_error_title = self.refuses_as
        helper.layout = Layout(*OWN, *self.parts(), Button())
        return helper


class BareForm(StepForm):
    """An act that asks for nothing but its button."""

    drafted = False
    inline = True
