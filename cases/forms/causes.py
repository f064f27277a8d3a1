"""Forms on the page of a cause: the result of a check, one more check, one more change."""

from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.layout import HTML, Div, Row, Submit
from django import forms

from accounts.models import User
from cases.enums import CheckResult, WhyChain
from cases.forms.fields import DayField, MomentField, choice, line, listening, words
from cases.forms.record import PickField, RecordForm
from cases.models import Case
from cases.steps.institutionalize import Adoption

RESULTS = ((CheckResult.PASSED, "It works"), (CheckResult.FAILED, "It does not work"))
LEAST, MORE, MOST = 3, 2, 15


class ResultForm(RecordForm):
    """How a check ended."""

    button = "Enter the result"
    result = choice("What did you find?", RESULTS, missing="Say whether it works.")
    note = words("What you saw", rows=2, tone=True, missing="Say what you saw.")

    def __init__(self, *args, cases: Iterable[Case] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.cases = {str(case.pk): case for case in cases}
        if self.cases:
            self.fields["hit"] = forms.MultipleChoiceField(
                label="Which customers were hit again?",
                choices=[(key, f"{case.customer.name} · {case.number}") for key, case in self.cases.items()],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text="Only if it does not work: their case is opened again.",
            )

    def hit(self) -> list[Case]:
        """Return the cases whose customer was hit again."""
        return [self.cases[key] for key in self.cleaned_data.get("hit", ())]


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
    what = words("What is different now", rows=2, tone=True, missing="Say what is different now.")
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


class ChainForm(RecordForm):
    """One chain of whys, from the failure down. An emptied line is taken out; `more` asks for further lines."""

    button, look = "Keep this chain", "plain"

    def __init__(self, *args, chain: str, answers: Sequence[str] = (), **kwargs) -> None:
        super().__init__(*args, auto_id=f"{chain}_%s", **kwargs)
        self.chain = chain
        given = [name for name in self.data if name.startswith("why_") and name[4:].isdecimal()]
        count = min(MOST, max(len(answers) + 1, len(given) + (MORE if "more" in self.data else 0), LEAST))
        for number in range(1, count + 1):
            label = "Why did it happen?" if chain == WhyChain.OCCURRENCE else "Why did we not catch it?"
            ask = label if number == 1 else f"Why? ({number})"
            self.fields[f"why_{number}"] = listening(line(ask, required=False, longest=500))
            if number <= len(answers):
                self.initial[f"why_{number}"] = answers[number - 1]

    def answers(self) -> list[str]:
        """Return the answers in their order."""
        return [self.cleaned_data[name] for name in self.fields]

    def foot(self) -> Div:
        """Keep the chain, or add lines first."""
        more = HTML('<button class="btn" type="submit" name="more" value="1">Add two lines</button>')
        hint = HTML('<span class="quiet">Empty a line to take it out.</span>')
        return Div(Submit("save", self.button, data_look=self.look), more, hint, css_class="actions")


class ActionForm(RecordForm):
    """One more corrective action."""

    button, look = "Plan the action", "plain"
    text = words("What will be different", rows=2, tone=True, missing="Say what is to be done.")
    due_at = MomentField(label="By when")

    def __init__(self, *args, staff: Iterable[User] = (), **kwargs) -> None:
        super().__init__(*args, auto_id="action_%s", **kwargs)
        self.fields["owner"] = PickField(label="Who does it", rows=staff, empty="Choose a colleague")

    def rows(self) -> list[Any]:
        """Who and when side by side."""
        return ["text", Row("owner", "due_at")]


class ProofForm(RecordForm):
    """How we know, after a check had failed."""

    button = "This is the cause"
    proof = words(
        "How do we know this time?",
        rows=3,
        tone=True,
        missing="Say how we know this time.",
        help_text="What we measured, tried or switched off, and what happened then.",
    )
