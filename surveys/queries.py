"""What customer pages and the surveys list show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Prefetch, Q, QuerySet

from accounts.models import User
from cases import access as case_access
from cases.enums import CaseState, DueKind, Side, StepNumber, Verdict
from cases.models import Case, Confirmation, Contact, Customer, Due, Entry
from cases.steps import resolve
from mail.models import MessageState
from surveys import access, answering, helping, inviting, narrowing, questions, readers, returning
from surveys.models import Answer, ExtraAnswer, Invitation, SurveyVerdict
from surveys.verdicts import FIRST_PROMOTER, LAST_DETRACTOR

SUMMED_OVER = timedelta(days=90)
LATEST = 5
_EXTRAS = Prefetch("extras", queryset=ExtraAnswer.objects.select_related("words"))
_ROW = tuple(f"invitation__{name}" for name in ("contact", "form", "case__customer", "case__owner", "case__category"))


# Pages of customers


def confirm_page(confirmation: Confirmation, now: datetime) -> dict[str, Any]:
    """Return what the confirm page shows: what was asked and done, their answer, and what happens next and when."""
    case = confirmation.case
    return {
        **_page(case, confirmation.contact, now),
        "confirmation": confirmation,
        "contact": confirmation.contact,
        "asked": resolve.asked_for(case),
        "stage": _stage(confirmation),
        "may_change": _is_current(confirmation),
        "reply": _reply(case, confirmation.pk),
        "survey_at": _survey_at(case, now),
        "reopened": case.round > confirmation.offer.round,
        "back_until": _back_until(case, now),
        "late_word": _late_word(case, confirmation),
    }


def survey_page(invitation: Invitation, now: datetime) -> dict[str, Any]:
    """Return what the survey page shows: whether it is open, what was answered, who reads it, and what comes next."""
    case = invitation.case
    answer = getattr(invitation, "answer", None)
    return {
        **_page(case, invitation.contact, now),
        "invitation": invitation,
        "contact": invitation.contact,
        "answer": answer,
        "is_open": answering.is_open(invitation, now),
        "reopened": case.round > invitation.round,
        "sent_back": answer is not None and answer.verdict == SurveyVerdict.REOPEN and case.is_open,
        "hear_by": _open_due(case, StepNumber.ACKNOWLEDGE, now),
    }


def _page(case: Case, contact: Contact, now: datetime) -> dict[str, Any]:
    living = case.merged_into or case
    return {
        "case": case,
        "living": living,
        "reader": readers.reader_name(living),
        "reader_name": readers.reader_full_name(living),
        "wishes": helping.wishes(living, contact),
        "change_by": _change_by(case, now),
        "now": now,
    }


def _stage(confirmation: Confirmation) -> str:
    """Return asked, yes, not_yet, silent, moved_on, ended or merged."""
    if confirmation.case.merged_into_id:
        return "merged"
    if confirmation.verdict != Verdict.PENDING:
        return confirmation.verdict
    if confirmation.case.state == CaseState.CLOSED:
        return "ended"
    return "asked" if _is_current(confirmation) else "moved_on"


def _back_until(case: Case, now: datetime) -> datetime | None:
    """Return until when they may open a closed case again themselves."""
    return returning.open_until(case) if case.state == CaseState.CLOSED and returning.may_come_back(case, now) else None


def _late_word(case: Case, confirmation: Confirmation) -> Entry | None:
    """Return what they said last since the case was merged into another one, or since we stopped asking."""
    silent = confirmation.verdict == Verdict.SILENT
    if not case.merged_into_id and not silent:
        return None
    since = case.closed_at if case.merged_into_id else confirmation.answered_at
    living = case.merged_into_id or case.pk
    said = Entry.objects.filter(case=living, contact=confirmation.contact, side=Side.THEIRS)
    return said.filter(at__gte=since).select_related("words").order_by("-at", "-id").first()


def _is_current(confirmation: Confirmation) -> bool:
    case, offer = confirmation.case, confirmation.offer
    return case.state != CaseState.CLOSED and (offer.round, offer.attempt) == (case.round, case.attempt)


def _reply(case: Case, ref: int) -> Due | None:
    return Due.objects.filter(case=case, kind=DueKind.REPLY, ref=ref).order_by("-id").first()


def _survey_at(case: Case, now: datetime) -> datetime | None:
    """Return when the survey leaves, or None where none will or it has left."""
    if case.state != CaseState.RESOLVED or not inviting.step_is_open(case):
        return None
    leaves_at = case.resolved_at + inviting.delay_of(case)
    return leaves_at if leaves_at > now else None


def _open_due(case: Case, number: StepNumber, now: datetime) -> datetime | None:
    """Return when an open step of the case is due, unless that has passed: no promise is made of a missed date."""
    open_ones = Due.objects.filter(case=case, kind=DueKind.STEP, ref=number, closed_at=None, due_at__gt=now)
    return open_ones.order_by("-round").values_list("due_at", flat=True).first()


def _change_by(case: Case, now: datetime) -> datetime | None:
    """Return by when they hear of cause and change: the change's own date, else that of the cause."""
    return _open_due(case, StepNumber.INSTITUTIONALIZE, now) or _open_due(case, StepNumber.ROOT_CAUSE, now)


# Pages of ours


@dataclass(frozen=True)
class Summary:
    """Figures of the last 90 days. Means are None without an answer."""

    sent: int
    delivered: int
    answered: int
    satisfied: float | None
    satisfied_n: int
    promoters: int
    detractors: int
    recommend_n: int

    @property
    def response(self) -> int | None:
        """Answered of delivered, in percent."""
        return round(100 * self.answered / self.delivered) if self.delivered else None

    @property
    def nps(self) -> int | None:
        """Percent of 9–10 minus percent of 0–6, of those who answered."""
        return round(100 * (self.promoters - self.detractors) / self.recommend_n) if self.recommend_n else None


def answers(user: User, verdict: str, asked: Mapping[str, Any], now: datetime) -> QuerySet[Answer]:
    """Return the answers this person may read, with everything a row shows; `verdict` and `asked` narrow them."""
    rows = narrowing.answers(user, asked, now) if asked else access.answers_for(user)
    rows = rows.select_related("words", *_ROW).prefetch_related("tags", _EXTRAS)
    if verdict == SurveyVerdict.HELD:
        return rows.filter(verdict=SurveyVerdict.HELD, judged_at=None)
    return rows.filter(verdict=verdict) if verdict in SurveyVerdict.values else rows


def may_decide(user: User, answer: Answer) -> bool:
    """Tell whether this person says if a held answer counts: the lead, never the owner of the case."""
    case = answer.invitation.case
    waits = answer.verdict == SurveyVerdict.HELD and answer.judged_at is None
    return waits and case_access.may_lead(user, case) and user.pk != case.owner_id


def summary(user: User, now: datetime) -> Summary:
    """Return the figures over the cases this person may read, in one statement."""
    counted = ~Q(answer__verdict=SurveyVerdict.HELD)
    asked = Invitation.objects.filter(case__in=case_access.visible_to(user), sent_at__gt=now - SUMMED_OVER)
    found = asked.aggregate(
        sent=Count("pk"),
        delivered=Count("pk", filter=Q(message__state=MessageState.SENT)),
        answered=Count("answer", filter=counted),
        satisfied=Avg("answer__satisfied", filter=counted),
        satisfied_n=Count("answer__satisfied", filter=counted),
        promoters=Count("answer", filter=counted & Q(answer__recommend__gte=FIRST_PROMOTER)),
        detractors=Count("answer", filter=counted & Q(answer__recommend__lte=LAST_DETRACTOR)),
        recommend_n=Count("answer__recommend", filter=counted),
    )
    return Summary(**found)


def of_case(case: Case) -> Invitation | None:
    """Return the case's latest invitation with its answer, in one statement; None before the first is planned."""
    rows = Invitation.objects.select_related("contact", "answer__words", "message", "form")
    return rows.filter(case=case).order_by("-round").first()


def more_of(answer: Answer) -> list[tuple[str, str]]:
    """Return the optional questions of an answer in English, each with what was answered; from rows fetched already."""
    asked = questions.extras(answer.invitation.form, questions.FIRST_LANGUAGE)
    if not asked:
        return []
    given = {row.key: row.words.text if row.words else row.mark for row in answer.extras.all()}
    return [(one.label, f"{given[one.key]}") for one in asked if given.get(one.key)]


def latest_of_customer(user: User, customer: Customer) -> list[Answer]:
    """Return what people of a customer answered last, as far as this person may read it. Two statements."""
    rows = access.answers_for(user).filter(invitation__case__customer=customer)
    rows = rows.select_related("words", "invitation__contact", "invitation__case").prefetch_related("tags")
    return list(rows.order_by("-pk")[:LATEST])
