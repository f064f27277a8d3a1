"""What the page of a cause asks for while the cause is suspected: whys, further actions, a proof."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from cases.enums import CauseState, WhyChain
from cases.forms.causes import ActionForm, ChainForm, ProofForm
from cases.models import Cause
from cases.queries.causes import CausePage


def forms_of(cause: Cause, about: CausePage, staff: list[User]) -> dict[str, Any]:
    """Return the fresh forms of a cause that is suspected; none of a proved one but the further action."""
    forms: dict[str, Any] = {"action_form": action_form(cause, staff)}
    if cause.state == CauseState.SUSPECTED:
        for chain, whys in ((WhyChain.OCCURRENCE, about.occurrence), (WhyChain.ESCAPE, about.escape)):
            answers = [why.words.text for why in whys]
            forms[f"{chain}_form"] = chain_form(cause, chain, answers=answers)
        if any(check.result == "failed" for check in about.checks):
            forms["proof_form"] = proof_form(cause)
    return forms


def chain_form(cause: Cause, chain: str, *args, **kwargs) -> ChainForm:
    """Return the form of one chain."""
    return ChainForm(*args, chain=chain, action=reverse("cases:cause_whys", args=[cause.pk, chain]), **kwargs)


def action_form(cause: Cause, staff: list[User], *args) -> ActionForm:
    """Return the form of one more corrective action."""
    return ActionForm(*args, staff=staff, action=reverse("cases:cause_actions", args=[cause.pk]))


def proof_form(cause: Cause, *args) -> ProofForm:
    """Return the form that proves a cause again."""
    return ProofForm(*args, action=reverse("cases:cause_proof", args=[cause.pk]))
