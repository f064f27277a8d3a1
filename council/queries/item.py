"""One entry of the docket with everything its row says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from cases import deadlines, escalation
from cases.enums import CaseState, EscalationReason, StepNumber, Verdict
from cases.models import Case, Due, Escalation, Gesture
from cases.policy import rules_of
from council import rights
from council.models import DecisionKind, Question

BUTTONS = 4
LATE, TO_SPONSOR = 100, 125


@dataclass(frozen=True)
class Item:
    """One entry with everything its row shows. `why_not` is empty where the reader may decide.

    `also` are entries of the same case, `kin` those of other cases of its cause, that one decision settles with it.
    """

    entry: Escalation
    due: Due | None
    sum: dict
    gesture: Gesture | None
    question: Question | None
    kinds: tuple[DecisionKind, ...]
    why_not: str
    now: datetime
    also: tuple["Item", ...] = ()
    kin: tuple["Item", ...] = ()

    @property
    def whys(self) -> list["Item"]:
        """The entries of this case that are shown as why it lies here: itself first."""
        return [self, *self.also]

    @property
    def settled(self) -> list[int]:
        """The ids of all entries one decision settles."""
        return [one.entry.pk for item in (self, *self.kin) for one in item.whys]

    @property
    def case(self) -> Case:
        """The case it is about."""
        return self.entry.case

    @property
    def due_at(self) -> datetime | None:
        """By when it is to be decided."""
        return self.due.due_at if self.due else None

    @property
    def told(self) -> str:
        """Who has been told that the decision is late: `chair`, `sponsor`, or nobody."""
        rung = self.due.rung if self.due else 0
        return "sponsor" if rung >= TO_SPONSOR else "chair" if rung >= LATE else ""

    @property
    def sponsor_at(self) -> datetime | None:
        """When it goes on to the executive sponsor, if nobody has decided by then."""
        if self.due is None or self.due.rung >= TO_SPONSOR:
            return None
        return deadlines.rung_moment(deadlines.calendar_for(self.due), self.due, TO_SPONSOR)

    @property
    def asked_on(self) -> date:
        """The day it came here, in the reader's zone."""
        return timezone.localdate(self.entry.opened_at)

    @property
    def first_kinds(self) -> tuple[DecisionKind, ...]:
        """The decisions shown as buttons."""
        return self.kinds[:BUTTONS]

    @property
    def more_kinds(self) -> tuple[DecisionKind, ...]:
        """The decisions behind "More"."""
        return self.kinds[BUTTONS:]

    @property
    def may_let_go(self) -> bool:
        """Tell whether the last option may be brought up from here, on the entries that are about the whole case."""
        return self.case.state == CaseState.OPEN and rights.is_about_the_whole(self.entry)

    @property
    def stake_known(self) -> bool:
        """Tell whether the case itself knows what is at stake."""
        return bool(self.case.home_stake)

    @property
    def step(self) -> str:
        """The step a missed deadline or a waiver is about; empty for other entries."""
        about_step = self.entry.reason in (EscalationReason.OVERDUE, EscalationReason.WAIVER)
        return StepNumber(self.entry.ref).label if about_step and 1 <= self.entry.ref <= 9 else ""

    @property
    def late_by(self) -> int | None:
        """For how many seconds the step that brought it here has been late, while it is still open."""
        if self.entry.reason != EscalationReason.OVERDUE or not self.step:
            return None
        state, due_at = self.case.seam[self.entry.ref - 1]
        late = int(self.now.timestamp()) - due_at if state == "planned" and due_at else 0
        return late if late > 0 else None

    @property
    def mended(self) -> bool:
        """Tell whether what brought it here has been put right since: then backing the owner is the usual answer."""
        if self.entry.reason in (EscalationReason.GESTURE, EscalationReason.WAIVER):
            return False
        if self.entry.reason == EscalationReason.OVERDUE:  # root cause, a check or a promise outlives the confirmation
            return bool(self.step) and self._step_state != "planned"
        if self.case.state != CaseState.OPEN:
            return True
        return self.entry.reason == EscalationReason.SILENT and self.entry.verdict not in (None, Verdict.PENDING)

    @property
    def _step_state(self) -> str:
        return self.case.seam[self.entry.ref - 1][0]

    @property
    def owner_limit(self) -> int:
        """What the proposer of the gesture may give alone, in minor units of the home currency."""
        roles = self.gesture.proposed_by.roles if self.gesture else ()
        return rules_of(self.case.policy_version_id).gesture_limit(roles)

    @property
    def renews_soon(self) -> bool:
        """Tell whether the customer's renewal lies within the next 90 days."""
        on = self.case.customer.renewal_on
        return on is not None and timedelta(0) <= on - self.now.date() <= escalation.RENEWAL_NEAR

    @property
    def cost_share(self) -> float | None:
        """What the gesture costs, in percent of what is at stake; None where one of the two is not known."""
        if self.gesture is None:
            return None
        stakes = {settings.HOME_CURRENCY: self.case.home_stake, self.case.stake_currency: self.case.stake}
        stake = stakes.get(self.gesture.currency)
        return round(100 * self.gesture.cost / stake, 1) if stake else None
