"""What the panel of one step shows: the step, what was done so far, what its forms need. At most four statements.

`panel` returns plain rows; its forms are made from them above, by `cases.forms.steps.forms_for`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import User
from cases import access
from cases.actions import STRICT
from cases.deadlines import due_moment
from cases.enums import (
    ActionKind,
    DueKind,
    EscalationReason,
    PromiseKind,
    Side,
    StepNumber,
    StepState,
    Verdict,
)
from cases.models import (
    Action,
    Case,
    Discovery,
    Due,
    Entry,
    Escalation,
    Event,
    Fact,
    Gesture,
    Offer,
    Promise,
    Step,
    Words,
)
from cases.policy import calendar_of, rules_of
from cases.queries.cause_lines import lines
from cases.queries.step_needs import needs
from cases.timeline import Kind

QUESTIONS = 7


def panel(case: Case, number: int, user: User, now: datetime) -> dict[str, Any]:
    """Return everything the panel of a step shows, as the context of `cases/steps/_panel.html`.

    `case` comes with customer, owner, reporter and confirmer. `forms` is empty: put bound forms into it by their
    `key` to have them shown instead of fresh ones. `step` is None for imported history.
    """
    number = StepNumber(number)
    step = _step(case, number)
    return {
        "case": case,
        "step": step,
        "number": int(number),
        "slug": number.slug,
        "template": f"cases/steps/_{number.slug}.html",
        "user": user,
        "now": now,
        "may_work": access.may_work_step(user, case, step),
        "may_decide": access.may_lead(user, case) or user.on_council,
        "council_decides": access.council_decides(case),
        "open": step is not None and step.is_open,
        "due_at": _due_at(case, number),
        "needs": needs(case, user, AMONG[number]),
        "forms": {},
        **(RECORDS[number](case, step, user) if step else {}),
    }


def _step(case: Case, number: int) -> Step | None:
    rows = Step.objects.filter(case=case, number=number)
    return rows.select_related("owner", "done_by", "proposed_by", "reason").order_by("-round").first()


def _due_at(case: Case, number: int) -> datetime | None:
    """Return when the step is due, from the short picture the case keeps of its steps."""
    pair = case.seam[number - 1] if len(case.seam) >= number else (None, None)
    return datetime.fromtimestamp(pair[1], UTC) if pair[1] else None


def _acknowledge(case: Case, step: Step, user: User) -> dict[str, Any]:
    written = Event.objects.filter(case=case, round=step.round, kind=Kind.ACKNOWLEDGEMENT_WRITTEN)
    letters = written.values(key=Cast(KeyTextTransform("entry", "facts"), BigIntegerField()))
    said = Q(kind=step.note, at=step.done_at) if step.done_at else Q(pk=None)
    entries = _entries(case).filter(Q(pk__in=letters) | said)
    entry = entries.order_by("-id").first()
    promises = Promise.objects.filter(case=case, round=step.round, kind=PromiseKind.RECOVERY)
    promise = promises.select_related("words").order_by("id").first() if entry else None
    return {"entry": entry, "promise": promise}


def _contain(case: Case, step: Step, user: User) -> dict[str, Any]:
    actions = Action.objects.filter(case=case, kind=ActionKind.CONTAINMENT)
    told = _entries(case).filter(kind=step.note, at=step.done_at).first() if step.done_at else None
    return {
        "actions": list(actions.select_related("words", "owner", "done_by", "checked_by").order_by("id")),
        "entry": told,
        "strict": case.severity in STRICT,
    }


def _entries(case: Case) -> QuerySet[Entry]:
    ours = Entry.objects.filter(case=case, side=Side.OURS)
    return ours.select_related("words", "contact", "author", "message")


def _resolve(case: Case, step: Step, user: User) -> dict[str, Any]:
    related = ("words", "result", "answer_words", "offered_by", "confirmation")
    asked = ("confirmation__words", "confirmation__contact", "confirmation__message")
    offers = list(Offer.objects.filter(case=case).select_related(*related, *asked).order_by("round", "attempt"))
    latest = offers[-1] if offers and offers[-1].round == case.round else None
    waiting = getattr(latest, "confirmation", None)
    return {
        "offers": offers,
        "offer": latest,
        "confirmation": waiting,
        "silence_from": _silence_from(case, waiting),
        **_readiness(case),
    }


def _readiness(case: Case) -> dict[str, Any]:
    """Return what they asked for, which questions are open and whose facts are missing. One statement."""
    order, what, text = "pk", Value("remedy", CharField()), "text"
    remedy = Words.objects.filter(case=case, part="remedy").order_by().values_list(order, what, text)
    questions = Discovery.objects.filter(case=case).order_by()
    answered = questions.values_list("pk", Value("question"), Cast("question", CharField()))
    facts = Fact.objects.filter(case=case).order_by().values_list("pk", Value("side"), "side")
    rows = sorted(remedy.union(answered, facts, all=True))
    given = {int(text) for _, what, text in rows if what == "question"}
    sides = {text for _, what, text in rows if what == "side"}
    return {
        "remedy": next((text for _, what, text in reversed(rows) if what == "remedy"), ""),
        "unanswered": [number for number in range(1, QUESTIONS + 1) if number not in given],
        "sides_missing": [side for side in (Side.THEIRS, Side.OURS) if side.value not in sides],
    }


def _silence_from(case: Case, confirmation) -> datetime | None:
    """Return from when the council may accept the silence, or None while nothing was asked."""
    if confirmation is None or confirmation.verdict != Verdict.PENDING:
        return None
    allowed = rules_of(case.policy_version_id)["confirm"]["docket"]
    return due_moment(calendar_of(case.calendar_version_id), allowed, confirmation.asked_at)


def _go_beyond(case: Case, step: Step, user: User) -> dict[str, Any]:
    gestures = Gesture.objects.filter(case=case).select_related("words", "why", "proposed_by", "approved_by")
    shown = list(gestures.order_by("id"))
    latest = shown[-1] if shown and shown[-1].round == case.round else None
    limit = rules_of(case.policy_version_id).gesture_limit(user.roles)
    return {"gestures": shown, "gesture": latest, "limit": limit, "home": settings.HOME_CURRENCY}


def _root_cause(case: Case, step: Step, user: User) -> dict[str, Any]:
    found = lines(case, "why", "action", "check", reader=user)
    chains = {"occurrence": [], "escape": []}
    for why in found["why"]:
        chains[why.kind].append(why)
    return {
        "cause": _only(found),
        "occurrence": chains["occurrence"],
        "escape": chains["escape"],
        "actions": found["action"],
        "checks": found["check"],
        "recurred_at": max((check.checked_at for check in found["check"] if check.checked_at), default=None),
    }


def _learnings(case: Case, step: Step, user: User) -> dict[str, Any]:
    found = lines(case, "exposure", "link", reader=user)
    unmarked = [exposure for exposure in found["exposure"] if exposure.kind == "open"]
    looked_at = len(found["exposure"]) - len(unmarked)
    return {
        "cause": _only(found),
        "exposures": found["exposure"],
        "links": found["link"],
        "unmarked": unmarked,
        "looked_at": looked_at,
    }


def _institutionalize(case: Case, step: Step, user: User) -> dict[str, Any]:
    found = lines(case, "action", "change", "guard", reader=user)
    return {
        "cause": _only(found),
        "actions": found["action"],
        "open_actions": [action for action in found["action"] if action.done_at is None],
        "changes": found["change"],
        "guards": found["guard"],
    }


def _only(found: dict[str, list]):
    return found["cause"][-1] if found["cause"] else None


def _survey(case: Case, step: Step, user: User) -> dict[str, Any]:
    days = rules_of(case.policy_version_id)["survey"]["after_days"]
    after = settings.SURVEY_DELAY or timedelta(days=days)
    asked = Event.objects.filter(case=case, round=case.round, kind=Kind.SURVEY_SENT)
    return {
        "after": int(after.total_seconds()),
        "days": 0 if settings.SURVEY_DELAY else days,
        "leaves_at": case.resolved_at + after if case.resolved_at and step.state == StepState.PLANNED else None,
        "sent_at": asked.order_by("-id").values_list("at", flat=True).first(),
    }


def _council(case: Case, step: Step, user: User) -> dict[str, Any]:
    clock = Due.objects.filter(case=case, kind=DueKind.DECISION, ref=OuterRef("pk")).order_by("-id")
    entries = Escalation.objects.filter(case=case).select_related("words", "asked_by")
    listed = list(entries.annotate(due_at=Subquery(clock.values("due_at")[:1])).order_by("-id"))
    for entry in listed:
        entry.reason_label = EscalationReason(entry.reason).label
    return {"entries": listed, "waiting": [entry for entry in listed if entry.decided_at is None]}


AMONG: dict[int, tuple[str, ...]] = {
    StepNumber.ACKNOWLEDGE: ("people", "contacts"),
    StepNumber.CONTAIN: ("people", "contacts"),
    StepNumber.ROOT_CAUSE: ("people", "kinds", "causes"),
    **dict.fromkeys(
        (
            StepNumber.RESOLVE,
            StepNumber.GO_BEYOND,
            StepNumber.LEARNINGS,
            StepNumber.SURVEY,
            StepNumber.COUNCIL,
            StepNumber.INSTITUTIONALIZE,
        ),
        ("people",),
    ),
}
RECORDS: dict[int, Callable[[Case, Step, User], dict[str, Any]]] = {
    StepNumber.ACKNOWLEDGE: _acknowledge,
    StepNumber.CONTAIN: _contain,
    StepNumber.RESOLVE: _resolve,
    StepNumber.GO_BEYOND: _go_beyond,
    StepNumber.ROOT_CAUSE: _root_cause,
    StepNumber.LEARNINGS: _learnings,
    StepNumber.SURVEY: _survey,
    StepNumber.COUNCIL: _council,
    StepNumber.INSTITUTIONALIZE: _institutionalize,
}
