"""Forms for what a case says of itself: owner, severity, fault, remedy, who confirms, plain fields, the docket."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Row
from django import forms
from django.db.models import Q

from accounts.models import User
from cases.enums import Fault, RemedyState, Severity
from cases.forms.fields import choice, line, words
from cases.forms.record import PickField, RecordForm
from cases.models import Case, Category, Contact


class AssignForm(RecordForm):
    """Who takes the case over."""

    button = "Give them the case"
    reason = words("Why, or what they should know", rows=2, required=False)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.taking_work().exclude(pk=case.owner_id)
        self.fields["owner"] = PickField(label="New owner", rows=staff, empty="Choose a colleague")

    def rows(self) -> list[Any]:
        """The person first."""
        return ["owner", "reason"]


class EscalateForm(RecordForm):
    """What the council is asked for."""

    button = "Ask the council"
    reason = words("What do you need, and why can you not decide it yourself?", rows=3)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)


class EditForm(RecordForm):
    """Plain fields, saved against the revision they were read at (promise R6)."""

    button = "Save"
    rev = forms.IntegerField(widget=forms.HiddenInput)
    title = line("Title")
    competitor = line("Competitor waiting", longest=120, required=False, help_text="A name, if one is at their door.")
    public_exposure = forms.BooleanField(label="It is public, or soon will be", required=False)
    external_ref = line("Their reference", longest=120, required=False)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        initial = {name: getattr(case, name) for name in EDITED} | {"category": case.category_id, "rev": case.rev}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["category"] = PickField(label="Category", rows=_categories(case), required=False)

    def rows(self) -> list[Any]:
        """Category and reference side by side."""
        return ["rev", "title", Row("category", "external_ref"), "competitor", "public_exposure"]

    def changes(self) -> dict[str, Any]:
        """Return what was typed by field."""
        return {name: self.cleaned_data[name] for name in (*EDITED, "category")}


EDITED = ("title", "competitor", "public_exposure", "external_ref")


def shown(case: Case) -> list[dict[str, Any]]:
    """Return the plain fields as the case has them now, by label."""
    fields = EditForm.base_fields
    lines = [{"name": fields[name].label, "value": _said(getattr(case, name))} for name in EDITED]
    return [*lines, {"name": "Category", "value": str(case.category or "—")}]


def shown_typed(form: EditForm) -> list[dict[str, Any]]:
    """Return the same fields as they were typed."""
    typed = [{"name": form.fields[name].label, "value": _said(form.cleaned_data[name])} for name in EDITED]
    return [*typed, {"name": "Category", "value": str(form.cleaned_data["category"] or "—")}]


def _said(value: Any) -> str:
    return ("Yes" if value else "No") if isinstance(value, bool) else value or "—"


def _categories(case: Case) -> Iterable[Category]:
    return Category.objects.filter(Q(retired=False) | Q(pk=case.category_id))


class SeverityForm(RecordForm):
    """How bad it is for the customer; lowering it needs a reason."""

    button = "Set the severity"
    severity = choice("How bad is it for them?", Severity.choices)
    reason = words("Why", rows=2, required=False, help_text="Needed to lower it.")

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, initial={"severity": case.severity}, **kwargs)


class FaultForm(RecordForm):
    """Whose fault it was."""

    button = "Save"
    fault = choice("Whose fault was it?", Fault.choices)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, initial={"fault": case.fault}, **kwargs)


class RemedyForm(RecordForm):
    """What would make it right, in their words."""

    button = "Save what they asked for"
    state = choice(
        "What did they say?",
        ((RemedyState.TOLD, "They told us"), (RemedyState.LEFT_TO_US, "They left it to us")),
        initial=RemedyState.TOLD,
    )
    remedy = words("What will make it right, in their words", rows=3, required=False)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)


class ConfirmerForm(RecordForm):
    """Who says whether it is put right."""

    button = "Let them confirm"
    reason = words("Why somebody else", rows=2)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(customer=case.customer_id, erased_at=None).exclude(pk=case.confirmer_id)
        self.fields["contact"] = PickField(label="Who confirms", rows=people, empty="Choose a person")

    def rows(self) -> list[Any]:
        """The person first."""
        return ["contact", "reason"]
