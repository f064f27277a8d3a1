"""The docket as it is shown: entries in their order, each with clock, sum, what is asked and what may be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Role, User
from cases import access, escalation
from cases.enums import CaseState, EscalationReason, StepNumber, Verdict
from cases.models import Case, Confirmation, Due, Escalation, Gesture, Promise
from cases.policy import rules_of
from council import ranking, rights
from council.bench import Bench
from council.models import Approval, DecisionKind, Question

SHOWN = 50
BUTTONS = 4
FEW = 2
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Item:
    """One entry with everything its row shows. `why_not` is empty where the reader may decide."""

    entry: Escalation
    due: Due | None
    sum: dict
    gesture: Gesture | None
    question: Question | None
    kinds: tuple[DecisionKind, ...]
    why_not: str
    now: datetime

    @property
    def case(self) -> Case:
        """The case it is about."""
        return self.entry.case

    @property
    def due_at(self) -> datetime | None:
        """By when it is to be decided."""
        return self.due.due_at if self.due else None

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


def waiting(user: User, bench: Bench, now: datetime, *, limit: int = SHOWN) -> tuple[list[Item], int]:
    """Return the entries this person may see, heaviest first, and how many wait in all.

    Four statements; one more where what is at stake with a customer is not known.
    """
    rows = _entries(Escalation.objects.filter(decided_at=None, case__in=access.visible_to(user)), user)
    found = list(rows.annotate(total=Window(Count("pk"))).order_by(F("rank").desc(), "id")[:limit])
    return items(found, user, bench, now), found[0].total if found else 0


def of_case(case: Case, user: User, bench: Bench, now: datetime) -> list[Item]:
    """Return the entries of one case that wait."""
    rows = _entries(Escalation.objects.filter(decided_at=None, case=case), user).order_by("id")
    return items(list(rows), user, bench, now)


def one(user: User, bench: Bench, pk: int, now: datetime) -> Item | None:
    """Return one entry that waits on a case this person may see, or None."""
    rows = _entries(Escalation.objects.filter(pk=pk, decided_at=None, case__in=access.visible_to(user)), user)
    return next(iter(items(list(rows), user, bench, now)), None)


def items(entries: Sequence[Escalation], user: User, bench: Bench, now: datetime) -> list[Item]:
    """Put together what the rows of some entries show."""
    clocks = ranking.clocks_of(entries)
    unknown = any(not entry.case.home_stake for entry in entries)
    medians = ranking.median_stakes() if unknown else {}
    gestures = _gestures(entries)
    questions = _questions(entries)
    owners = _owners(entries, user, bench)
    return [
        _item(
            entry, clocks.get(entry.pk), medians, gestures, questions.get(entry.pk), owners[entry.pk], user, bench, now
        )
        for entry in entries
    ]


def _item(entry, due, medians, gestures, question, owners, user, bench, now) -> Item:
    asked = question is not None and question.answered_at is None
    gesture = gestures.get(entry.pk)
    second, due_at = entry.approved_by is not None, due.due_at if due else None
    why_not = rights.refusal(user, entry, bench, owners=owners, due_at=due_at, now=now, second=second)
    if not why_not and second and entry.approved_by == user.pk:
        why_not = "You have approved this. It costs more than one member may grant, so a second one decides."
    summed = ranking.weigh(entry, due, medians, now)
    item = Item(entry, due, summed, gesture, question, rights.possible(entry, asked=asked), why_not, now)
    if item.mended and DecisionKind.BACK_OWNER in item.kinds:
        usual = (DecisionKind.BACK_OWNER, *(kind for kind in item.kinds if kind != DecisionKind.BACK_OWNER))
        return Item(**{**vars(item), "kinds": usual})
    return item


def _owners(entries: Sequence[Escalation], user: User, bench: Bench) -> dict[int, set[int]]:
    """Return of each entry the owners that matter to this reader.

    A sponsor comes in where every member is barred, so for them all of them count where members are few.
    """
    if not user.has_role(Role.COUNCIL, Role.CHAIR) and user.on_council and len(bench.members) <= FEW:
        return rights.owned(entries)
    mine = {entry.pk: {user.pk} if entry.was_mine else set() for entry in entries}
    return {entry.pk: {entry.case.owner_id} | mine[entry.pk] for entry in entries}


def _entries(rows: QuerySet[Escalation], user: User) -> QuerySet[Escalation]:
    """Add what one row says beside its own columns: which case of the customer's it is, what it is about."""
    siblings = Case.objects.live().filter(
        customer=OuterRef("case__customer"),
        received_at__lte=OuterRef("case__received_at"),
        received_at__gt=ExpressionWrapper(OuterRef("case__received_at") - YEAR, output_field=DateTimeField()),
    )
    nth = siblings.order_by().values("customer").annotate(n=Count("pk")).values("n")
    asked = Confirmation.objects.filter(pk=OuterRef("ref"))
    first = Approval.objects.filter(escalation=OuterRef("pk")).order_by("id")
    return rows.select_related("case__customer", "case__owner", "words", "asked_by").annotate(
        nth=Coalesce(Subquery(nth), 1),
        verdict=Subquery(asked.values("verdict")[:1]),
        confirm_asked_at=Subquery(asked.values("asked_at")[:1]),
        promised=Subquery(Promise.objects.filter(pk=OuterRef("ref")).values("words__text")[:1]),
        approved_by=Subquery(first.values("user")[:1]),
        approver=Subquery(first.values("user__name")[:1]),
        was_mine=Exists(rights.moves_of(user)),
    )


def _gestures(entries: Sequence[Escalation]) -> dict[int, Gesture]:
    refs = {entry.ref: entry.pk for entry in entries if entry.reason == EscalationReason.GESTURE}
    rows = Gesture.objects.filter(pk__in=refs).select_related("words", "why", "proposed_by")
    return {refs[gesture.pk]: gesture for gesture in rows}


def _questions(entries: Sequence[Escalation]) -> dict[int, Question]:
    """Return the latest question of each entry."""
    rows = Question.objects.filter(escalation__in=[entry.pk for entry in entries]).order_by("id")
    rows = rows.select_related("decision__words", "decision__author", "answer", "answered_by")
    return {question.escalation_id: question for question in rows}


def was_decided(user: User, pk: int) -> bool:
    """Tell whether an entry on a case this person may see has been decided already."""
    decided = Escalation.objects.filter(pk=pk, decided_at__isnull=False)
    return decided.filter(case__in=access.visible_to(user)).exists()
