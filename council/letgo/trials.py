"""What was tried before (product: Letting a customer go).

Five steps done or waived, and two carried-out results refused in the customer's own words.
"""

from dataclasses import dataclass

from cases import ending, plan
from cases.enums import StepNumber, StepState, Verdict
from cases.models import Case, Confirmation, Step

TRIED = (
    StepNumber.ACKNOWLEDGE,
    StepNumber.CONTAIN,
    StepNumber.GO_BEYOND,
    StepNumber.ROOT_CAUSE,
    StepNumber.LEARNINGS,
)
BEHIND = (StepState.DONE, StepState.WAIVED)


@dataclass(frozen=True)
class Trials:
    """The five steps as they stand, and the results the customer refused, oldest first."""

    steps: tuple[tuple[StepNumber, Step | None], ...]
    refusals: tuple[Confirmation, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What still has to be tried, each in a sentence; empty when everything was."""
        open_ones = [number for number, step in self.steps if step is None or step.state not in BEHIND]
        said = [f"{int(number)} · {number.label} is neither done nor waived." for number in open_ones]
        lacking = ending.REFUSALS_NEEDED - len(self.refusals)
        if lacking > 0:
            so_far = ("no carried-out result", "one carried-out result")[len(self.refusals)]
            said.append(f"They have refused {so_far} in their own words; it takes two.")
        return tuple(said)


def trials_of(case: Case) -> Trials:
    """Return what was tried on a case. Two statements."""
    steps = plan.current_steps(case)
    refused = Confirmation.objects.filter(case=case, verdict=Verdict.NOT_YET, words__isnull=False)
    refused = refused.select_related("words", "contact").order_by("asked_at", "id")
    return Trials(tuple((number, steps.get(number)) for number in TRIED), tuple(refused))
