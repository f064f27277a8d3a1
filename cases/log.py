"""A complaint typed in by one of us: customer and contact are made in place, and one form opens one case.

Also what the page can say before anything is saved: which clocks would start, and what the case would be called.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from accounts.text import clean
from cases import facts as record
from cases import intake, intake_items, opening, plan, relating
from cases.enums import Severity, StepNumber, Tier
from cases.folding import name_key
from cases.models import Case, Category, Contact, Customer, IntakeItem
from cases.policy import calendar_of
from mail import blobs
from mail.models import Blob

TITLE_LENGTH = 90
SHOWN_CLOCKS = (StepNumber.ACKNOWLEDGE, StepNumber.CONTAIN, StepNumber.RESOLVE)
_QUOTES = "\"'“”„«»‘’ \t\n"


@dataclass(frozen=True)
class NewCustomer:
    """A customer nobody has written down yet."""

    name: str
    place: str = ""
    tier: Tier = Tier.STANDARD


@dataclass(frozen=True)
class NewContact:
    """A person at a customer nobody has written down yet."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Clock:
    """One clock that would start: which step, until when, and the policy's time for it."""

    step: StepNumber
    due_at: datetime
    allowed: str


def log_complaint(
    *,
    customer: Customer | NewCustomer,
    reporter: Contact | NewContact | None,
    facts: dict[str, Any],
    files: Sequence[tuple[str, Blob]],
    token: str,
    actor: User,
    owner: User,
    now: datetime,
    gap: dict[str, Any] | None = None,
    split_from: Case | None = None,
    item: IntakeItem | None = None,
) -> Case:
    """Open the case of one form. The same `token` always gives the same case, however often it is sent.

    `facts` are the other fields of `intake.Complaint`, `gap` those of `facts.write_gap`; `split_from` is the case it
    is a part of, `item` the message it came by. Raise `Refused` as `intake.open_case` does, or where somebody has
    decided on the message already; then neither customer nor contact is kept.
    """
    if (known := logged(token)) is not None:
        return known
    origin = (split_from, item)
    try:
        return _open(customer, reporter, {**facts, "files": tuple(files)}, token, actor, owner, now, gap, origin)
    except IntegrityError:
        if (known := logged(token)) is not None:
            return known
        raise


@transaction.atomic
def _open(
    customer, reporter, facts: dict[str, Any], token: str, actor: User, owner: User, now: datetime, gap, origin
) -> Case:
    if isinstance(customer, NewCustomer):
        customer = _add_customer(customer, actor)
    if isinstance(reporter, NewContact):
        reporter = Contact.objects.create(customer=customer, **vars(reporter))
    complaint = intake.Complaint(customer=customer, reporter=reporter, form_token=token, **facts)
    case = intake.open_case(complaint=complaint, actor=actor, owner=owner, now=now)
    if gap is not None:
        record.write_gap(case=case, actor=actor, now=now, **gap)
    split_from, item = origin
    if item is not None:
        intake_items.accepted(item=item, case=case, actor=actor, now=now)
    if split_from is not None:
        relating.split(case=split_from, new=case, actor=actor, now=now)
    return case


def logged(token: str) -> Case | None:
    """Return the case the form of this token has opened, if it has."""
    return Case.objects.filter(form_token=token).first()


def _add_customer(new: NewCustomer, actor: User) -> Customer:
    return Customer.objects.create(
        name=new.name,
        folded=name_key(new.name),
        place=new.place,
        tier=new.tier,
        currency=settings.HOME_CURRENCY,
        account_manager=actor if actor.has_role(Role.MANAGER) else None,
        team=actor.team,
    )


def keep_files(uploads: Sequence[UploadedFile], now: datetime) -> list[tuple[str, Blob]]:
    """Store what can be taken of `uploads` and return name and row of each; the others are passed over."""
    kept = []
    for upload in uploads:
        try:
            kept.append((blobs.shown_name(upload.name), blobs.store(upload=upload, now=now)))
        except blobs.FileRefused:
            continue
    return kept


def clocks(
    *,
    severity: Severity,
    received_at: datetime,
    now: datetime,
    customer: Customer | None = None,
    category: Category | None = None,
    owner: User | None = None,
) -> tuple[list[Clock], str]:
    """Return the first three clocks such a case would start, and the zone they are counted in.

    Nothing is saved. Raise `Refused` where no policy or calendar is set up.
    """
    policy = opening.policy_version(category=category, tier=customer.tier if customer else "")
    theirs = customer.team_id if customer else None
    team_id = owner.team_id if owner and owner.team_id else theirs
    calendar = opening.calendar_version(customer=customer, team_id=team_id)
    case = Case(severity=severity, policy_version=policy, calendar_version=calendar, logged_at=now)
    _, dues = plan.compose_steps(case, SHOWN_CLOCKS, started_at=received_at, now=now)
    started = [Clock(StepNumber(due.ref), due.due_at, due.allowed) for due in dues]
    return started, calendar_of(calendar.pk).zone


def title_of(text: str) -> str:
    """Return a title from the first sentence of a complaint, at most 90 characters; empty for no words."""
    words = " ".join(clean(text).strip(_QUOTES).split())
    sentence = re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0].rstrip(".").strip(_QUOTES)
    if len(sentence) <= TITLE_LENGTH:
        return sentence
    cut = sentence[: TITLE_LENGTH - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(",;:") + "…"
