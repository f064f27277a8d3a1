"""The plan of a case: its nine steps, and the short picture of them that lists show.

`refresh` is the only writer of a case's seam and next due time; a test recomputes both.
"""

from datetime import UTC, datetime

from accounts.models import User
from cases import deadlines, setwise, standstill, timeline
from cases.enums import CaseState, DueKind, StepNumber, StepState
from cases.models import Case, Due, Step, Words
from cases.policy import rules_of
from cases.refusals import Refused

LAST_TOLD = {DueKind.STEP: 0, DueKind.SILENCE: 2}  # of several things due at one moment, which names the case's next
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
PLANNED_ANEW = (StepNumber.ACKNOWLEDGE, StepNumber.RESOLVE, StepNumber.SURVEY, StepNumber.COUNCIL)
BY_FAST_LANE = (
    StepNumber.CONTAIN,
    StepNumber.GO_BEYOND,
    StepNumber.ROOT_CAUSE,
    StepNumber.LEARNINGS,
    StepNumber.INSTITUTIONALIZE,
)
LEFT_OUT_IF_LOW = (
    StepNumber.ROOT_CAUSE,
    StepNumber.LEARNINGS,
    StepNumber.COUNCIL,
    StepNumber.INSTITUTIONALIZE,
)
NEVER_WAIVED = (StepNumber.ACKNOWLEDGE, StepNumber.RESOLVE, StepNumber.SURVEY)


def compose_steps(case: Case, numbers, *, started_at: datetime, now: datetime) -> tuple[list[Step], list[Due]]:
    """Build step rows and their clocks without saving. Steps 7 and 9 have no clock until something starts it."""
    rules = rules_of(case.policy_version_id)
    steps = [Step(case=case, round=case.round, number=number, planned_at=now) for number in numbers]
    dues = []
    for number in numbers:
        allowed = rules.step_time(number, case.severity) if number != StepNumber.INSTITUTIONALIZE else ""
        if allowed:
            dues.append(
                deadlines.compose(
                    case=case,
                    kind=DueKind.STEP,
                    ref=int(number),
                    allowed=allowed,
                    started_at=started_at,
                    always=rules.runs_always(number, case.severity),
                )
            )
    return steps, dues


def compose_silence(case: Case, *, started_at: datetime) -> Due:
    """Build the clock of silence: it runs from our last case-specific word until confirmation, without pause."""
    allowed = rules_of(case.policy_version_id).time("silence", case.severity)
    return deadlines.compose(case=case, kind=DueKind.SILENCE, allowed=allowed, started_at=started_at)


def plan(case: Case, numbers, *, now: datetime) -> None:
    """Plan `numbers` anew in the case's present round; clocks of an earlier round still running for them stop."""
    for number in numbers:
        deadlines.stop(case=case, kind=DueKind.STEP, ref=int(number), now=now)
    steps, dues = compose_steps(case, numbers, started_at=now, now=now)
    Step.objects.bulk_create(steps)
    for due in Due.objects.bulk_create(dues):
        if stood := standstill.pauses_of(due):
            deadlines.count_anew(due, stood, not_before=case.logged_at)


def current_steps(case: Case) -> dict[int, Step]:
    """Return the step that counts for each number: the one of the highest round. One statement."""
    rows = Step.objects.filter(case=case).order_by("round")
    return {step.number: step for step in rows}


def step_of(case: Case, number: int) -> Step:
    """Return the step that counts, locked. Raise `Refused` where the case has no such step."""
    step = Step.objects.select_for_update(no_key=True).filter(case=case, number=number).order_by("-round").first()
    if step is None:
        raise Refused("This case came in as history. Take it up first; then its steps can be worked.")
    return step


def finish(*, case: Case, number: int, now: datetime, actor: User | None, note: str = "", silent: bool = False) -> Step:
    """Mark a planned step done, stop its clock, tell the timeline. Raise `Refused` if it is not planned."""
    step = step_of(case, number)
    if not step.is_open:
        raise Refused(f"{step.name} is already finished. Reload the page to see what was done.")
    step.state, step.done_at, step.done_by, step.silent, step.note = StepState.DONE, now, actor, silent, note
    step.save(update_fields=["state", "done_at", "done_by", "silent", "note"])
    _stop(case, step, now)
    timeline.record(
        case=case,
        kind=timeline.Kind.STEP_DONE,
        now=now,
        actor=actor,
        facts={"step": int(number), "how": note},
    )
    refresh(case)
    return step


def waive(*, case: Case, step: Step, now: datetime, actor: User, reason: Words | None, note: str = "") -> None:
    """Put a planned step into the state waived, with its reason. Steps 1, 3 and 7 are never waived.

    By a rule there is no reason in words, but a `note` that names the rule.
    """
    step.state, step.done_at, step.done_by, step.reason, step.note = StepState.WAIVED, now, actor, reason, note
    step.save(update_fields=["state", "done_at", "done_by", "reason", "note"])
    _stop(case, step, now)
    timeline.record(
        case=case,
        kind=timeline.Kind.STEP_WAIVED,
        now=now,
        actor=actor,
        facts={"step": step.number},
        words=reason,
    )
    refresh(case)


def take_back(*, case: Case, number: int, now: datetime, why: str) -> None:
    """Put a done step back to planned, because what completed it did not hold; its clock goes on as before."""
    step = step_of(case, number)
    step.state, step.done_at, step.done_by, step.note = StepState.PLANNED, None, None, ""
    step.save(update_fields=["state", "done_at", "done_by", "note"])
    due = Due.objects.filter(case=case, kind=DueKind.STEP, ref=number).order_by("-round").first()
    if due is not None:
        deadlines.go_on(due, not_before=now)
    timeline.record(case=case, kind=timeline.Kind.STEP_TAKEN_BACK, now=now, facts={"step": int(number), "why": why})
    refresh(case)


def plan_again(*, case: Case, step: Step, now: datetime, actor: User, why: str) -> None:
    """Put a waived step back to planned, because what allowed leaving it out holds no more. Its clock starts now."""
    step.state, step.done_at, step.done_by, step.note = StepState.PLANNED, None, None, ""
    step.proposed_at, step.proposed_by, step.reason, step.planned_at = None, None, None, now
    step.save()
    rules = rules_of(case.policy_version_id)
    allowed = rules.step_time(step.number, case.severity) if step.number != StepNumber.INSTITUTIONALIZE else ""
    if allowed:
        about = {"kind": DueKind.STEP, "ref": int(step.number), "allowed": allowed, "started_at": now}
        deadlines.start(case=case, always=rules.runs_always(step.number, case.severity), **about)
    facts = {"step": int(step.number), "why": why}
    timeline.record(case=case, kind=timeline.Kind.STEP_TAKEN_BACK, now=now, actor=actor, facts=facts)


def _stop(case: Case, step: Step, now: datetime) -> None:
    """Stop the clock of a step that is finished, and that of a waiver nobody has decided yet."""
    deadlines.stop(case=case, kind=DueKind.STEP, ref=int(step.number), now=now)
    if step.proposed_at is not None:
        deadlines.stop(case=case, kind=DueKind.WAIVER, ref=int(step.number), now=now)


def refresh(case: Case) -> None:
    """Recompute and save seam, next due time and its kind. Two reads, one write; one more where silence moves."""
    steps = current_steps(case)
    dues = list(Due.objects.filter(case=case, closed_at=None).order_by("due_at", "id"))
    _hear_in_time(case, dues)
    case.seam = seam(steps, dues)
    case.next_due_at, case.next_kind = next_due(case, dues)
    case.save(update_fields=["seam", "next_due_at", "next_kind"])


def fall_due(dues: list[Due]) -> None:
    """Let the new clocks of several cases count for what falls due next there, in one statement."""
    earlier = [due for due in dues if next_due(due.case, [due]) < (due.case.next_due_at, "")]
    for due in earlier:
        due.case.next_due_at, due.case.next_kind = next_due(due.case, [due])
    cases = {due.case_id: due.case for due in earlier}
    rows = [(pk, case.next_due_at, case.next_kind) for pk, case in cases.items()]
    setwise.update(Case, ("next_due_at", "next_kind"), rows)


def seam(steps: dict[int, Step], dues: list[Due]) -> list[list]:
    """Return state and due time (epoch seconds or None) of the nine steps, in their order."""
    due_at = {due.ref: int(due.due_at.timestamp()) for due in dues if due.kind == DueKind.STEP}
    return [[_shown(steps.get(number)), due_at.get(number)] for number in range(1, 10)]


def next_due(case: Case, dues: list[Due]) -> tuple[datetime, str]:
    """Return the earliest open due time and what it is for, such as `step-1` or `promise`.

    Of a closed case only steps count: those its end left due.
    """
    if case.state == CaseState.CLOSED:
        dues = [due for due in dues if due.kind == DueKind.STEP]
    if not dues:
        return NEVER, ""
    first = min(dues, key=lambda due: (due.due_at, LAST_TOLD.get(due.kind, 1), due.ref))
    return first.due_at, f"step-{first.ref}" if first.kind == DueKind.STEP else first.kind


def _hear_in_time(case: Case, dues: list[Due]) -> None:
    """Let silence end with the limit, or with the next promised date if that comes sooner (product: Deadlines)."""
    for silence in (due for due in dues if due.kind == DueKind.SILENCE):
        promised = (due.due_at for due in dues if due.kind == DueKind.PROMISE and due.due_at > silence.started_at)
        due_at = min([deadlines.recounted(silence), *promised])
        if due_at != silence.due_at:
            silence.case = case
            deadlines.move(silence, due_at, not_before=case.logged_at)


def _shown(step: Step | None) -> str:
    if step is None:
        return "before"
    return "silent" if step.silent else step.state
