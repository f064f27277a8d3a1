"""The council's part of the case page: what waits there, the question to the owner, what was decided."""

from django import template

from accounts.models import User
from cases import access
from cases.models import Case, Escalation
from council import seeing
from council.forms import AnswerForm
from council.models import Decision, Question

register = template.Library()
SHOWN = 20


@register.inclusion_tag("council/_slot.html", takes_context=True)
def council_slot(context: template.Context, case: Case) -> dict:
    """Show the open docket entries of a case, an open question with its form, and the latest decisions.

    Two statements. The page gives `request` and `now`.
    """
    user: User = context["request"].user
    waiting = Escalation.objects.filter(case=case, decided_at=None).select_related("words", "asked_by").order_by("id")
    decisions = list(_decisions(case))
    question = next((decision.question for decision in decisions if _is_open(decision)), None)
    may_answer = question is not None and access.may_work(user, case)
    return {
        "case": case,
        "entries": list(waiting),
        "question": question,
        "form": AnswerForm(question=question) if may_answer else None,
        "decisions": decisions,
        "may_decide": user.on_council,
        "may_see": user.on_council and seeing.is_waiting(case) and case.owner_id != user.pk,
        "now": context.get("now"),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


def _decisions(case: Case):
    rows = Decision.objects.filter(case=case).order_by("-id")
    return rows.select_related("words", "author", "owner", "escalation", "question__answer", "question__answered_by")[
        :SHOWN
    ]


def _is_open(decision: Decision) -> bool:
    question: Question | None = getattr(decision, "question", None)
    return question is not None and question.answered_at is None and decision.escalation.decided_at is None
