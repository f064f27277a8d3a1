"""The mandate: what the council may do and spend, in the sponsor's words, shown to all staff (product: The council)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import admin_log
from accounts.models import Role, User
from cases import rulebook, words
from cases.models import PolicyVersion
from cases.policy import DEFAULT
from cases.refusals import Refused
from council.models import Mandate


@dataclass(frozen=True)
class Limits:
    """What may be given to a customer beyond the fix, alone: minor units of the home currency."""

    manager: int
    lead: int
    chair: int


def newest() -> Mandate | None:
    """Return the mandate in force, or None while nobody has written one."""
    return Mandate.objects.select_related("words", "made_by").order_by("-number").first()


def policy_in_force() -> PolicyVersion | None:
    """Return the newest version of the default policy, which holds the limits."""
    return PolicyVersion.objects.filter(policy__is_default=True).order_by("-number").first()


@transaction.atomic
def save(*, actor: User, powers: str, limits: Limits, base: int, policy_base: int, now: datetime) -> Mandate:
    """Write a new version of the mandate over version `base` (0 for none), and new limits over policy `policy_base`.

    Only the executive sponsor may. Raise `Refused` at the field for what makes no sense, and where somebody else saved
    in between: nothing is written then. Cases keep the limits they opened with.
    """
    if not actor.has_role(Role.SPONSOR):
        raise Refused("Only the executive sponsor writes the mandate.")
    if not powers.strip():
        raise Refused("Say what the council may do.", field="powers")
    policy = policy_in_force()
    before = Mandate.objects.select_for_update(no_key=True).order_by("-number").first()
    if (before.number if before else 0) != base or policy is None or policy.number != policy_base:
        raise Refused("The mandate or the limits were saved by somebody else meanwhile. Open the page anew to see how.")
    _save_limits(actor, policy, limits, now)
    row = words.write(text=powers, now=now)
    mandate = Mandate.objects.create(number=base + 1, words=row, made_by=actor, made_at=now)
    admin_log.record(actor=actor, kind="mandate_changed", facts={"version": mandate.number}, now=now)
    return mandate


def _save_limits(actor: User, policy: PolicyVersion, limits: Limits, now: datetime) -> None:
    facts = {**DEFAULT, **policy.facts}
    asked = {**facts["gesture_limits"], **vars(limits)}
    if asked == facts["gesture_limits"]:
        return
    try:
        rulebook.save_policy(actor=actor, facts={**facts, "gesture_limits": asked}, base=policy.number, now=now)
    except Refused as no:
        raise Refused(no.message, field=(no.field or "").removeprefix("gesture_")) from no
