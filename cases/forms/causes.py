"""Forms on the page of a cause: the result of a check, one more check, one more change."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Row

from accounts.models import User
from cases.enums import CheckResult
from cases.forms.fields import DayField, MomentField, choice, line, words
from cases.forms.record import PickField, RecordForm
from cases.steps.institutionalize import Adoption

RESULTS = ((CheckResult.PASSED, "It works"), (CheckResult.FAILED, "It does not work"))


class ResultForm(RecordForm):
    """How a check ended."""

    button = "Enter the result"
    result = choice("What did you find?", RESULTS, missing="Say whether it works.")
    note = words("What you saw", rows=2, missing="Say what you saw.")


class CheckForm(RecordForm):
    """One more check."""

    button, look = "Plan the check", "plain"
    criterion = words("By what you will see that it works", rows=2)
    due_at = MomentField(label="When somebody looks")

    def __init__(self, *args, staff: Iterable[User] = (), **kwargs) -> None:
        super().__init__(*args, auto_id="check_%s", **kwargs)
        self.fields["checker"] = PickField(label="Who looks", rows=staff, empty="Choose a colleague")

    def rows(self) -> list[Any]:
        """Time and person side by side."""
        return ["criterion", Row("due_at", "checker")]


class ChangeForm(RecordForm):
    """One more change."""

    button, look = "Enter the change", "plain"
    what = words("What is different now", rows=2, missing="Say what is different now.")
    where = line("Where it is written down or built in", help_text="A procedure, a system, a place.")
    since_on = DayField(label="In force since")

    def __init__(self, *args, staff: Iterable[User] = (), **kwargs) -> None:
        super().__init__(*args, auto_id="change_%s", **kwargs)
        self.fields["owner"] = PickField(label="Who keeps it so", rows=staff, empty="Choose a colleague")

    def rows(self) -> list[Any]:
        """Owner and day side by side."""
        return ["what", "where", Row("owner", "since_on")]

    def adoption(self) -> Adoption:
        """Return what was typed as the verb takes it."""
        typed = self.cleaned_data
        return Adoption(typed["what"], typed["where"], typed["owner"], typed["since_on"])
