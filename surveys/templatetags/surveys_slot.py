"""The place of surveys on the case page."""

from django import template

from cases.models import Case, Customer
from surveys import queries

register = template.Library()


@register.inclusion_tag("surveys/_slot.html", takes_context=True)
def survey_slot(context: template.Context, case: Case) -> dict:
    """Show where the survey of a case stands: invitation, marks, words and verdict.

    One statement; one more where optional questions were asked.
    """
    invitation = queries.of_case(case)
    answer = getattr(invitation, "answer", None) if invitation else None
    more = queries.more_of(answer) if answer else []
    return {"case": case, "invitation": invitation, "answer": answer, "more": more, "now": context.get("now")}


@register.inclusion_tag("surveys/_of_customer.html", takes_context=True)
def customer_answers(context: template.Context, customer: Customer) -> dict:
    """Show what people of a customer answered last, where the reader may see it. Two statements."""
    answers = queries.latest_of_customer(context["request"].user, customer)
    return {"customer": customer, "answers": answers, "now": context.get("now")}
