"""The place of surveys on the case page."""

from django import template

from cases.models import Case
from surveys import queries

register = template.Library()


@register.inclusion_tag("surveys/_slot.html", takes_context=True)
def survey_slot(context: template.Context, case: Case) -> dict:
    """Show where the survey of a case stands: invitation, marks, words and verdict. One statement."""
    invitation = queries.of_case(case)
    answer = getattr(invitation, "answer", None) if invitation else None
    return {"case": case, "invitation": invitation, "answer": answer, "now": context.get("now")}
