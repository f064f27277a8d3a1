"""A complaint becomes a case, in one transaction: words, steps, clocks, first events, receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from accounts.models import User
from cases import deadlines, escalation, files, letters, opening, plan, timeline, words
from cases.enums import Channel, DueKind, EscalationReason, Fault, RemedyState, Severity, Side, StepNumber
from cases.holders import check_holds
from cases.models import (
    Case,
    Category,
    Contact,
    Customer,
    Due,
    Escalation,
    Link,
    Round,
    Step,
    Words,
)
from cases.policy import rules_of
from cases.refusals import Refused
from cases.stake import at_home, at_stake
from mail import outbox
from mail.models import Blob


@dataclass(frozen=True)
class Complaint:
    """What is known when a complaint is logged. `remedy` None means not asked yet, "" that they left it to us."""

    customer: Customer
    reporter: Contact | None
    channel: Channel
    title: str
    text: str
    received_at: datetime
    severity: Severity = Severity.NORMAL
    category: Category | None = None
    remedy: str | None = None
    fault: Fault = Fault.UNKNOWN
    confirmer: Contact | None = None
    public_exposure: bool = False
    competitor: str = ""
    sensitive: bool = False
    about_person: bool = False
    about_user: User | None = None
    external_ref: str = ""
    form_token: str = ""
    source: str = ""
    links: Sequence[Link] = ()
    files: Sequence[tuple[str, Blob]] = field(default=())


@transaction.atomic
def open_case(*, complaint: Complaint, actor: User | None, owner: User | None, now: datetime) -> Case:
    """Open a case: all clocks start at `received_at`, chases at `now`. At most 14 statements without files.

    Raise `Refused` for a moment of receipt in the future, a reporter of another customer, no complaint at all, or an
    owner whom it is about.
    """
    _check(complaint, owner, now)
    case = _row(complaint, actor, owner, now)
    steps, dues = _plan(case, complaint, now)
    case.seam = plan.seam({step.number: step for step in steps}, dues)
    case.next_due_at, case.next_kind = plan.next_due(case, dues)
    case.save(force_insert=True)
    Round.objects.create(case=case, number=1, began_at=complaint.received_at)
    Step.objects.bulk_create(steps)
    Due.objects.bulk_create(dues)
    texts = words.write_some(_texts(case, complaint, now))
    timeline.begin(case=case, happenings=_first_events(complaint, texts, actor, now))
    files.attach(case=case, files=complaint.files, actor=actor, now=now)
    case.links.add(*complaint.links)
    _tell(case, complaint, now)
    return case


def _check(complaint: Complaint, owner: User | None, now: datetime) -> None:
    if complaint.received_at > now + timedelta(minutes=1):
        raise Refused("This moment lies in the future. Say when you heard of it.", field="received_at")
    if complaint.reporter is not None and complaint.reporter.customer_id != complaint.customer.pk:
        raise Refused("This person belongs to another customer.", field="reporter")
    if not complaint.text.strip():
        raise Refused("Write down what happened, in their words.", field="text")
    if owner is not None:
        check_holds(owner)
    if complaint.about_user is not None and complaint.about_user == owner:
        raise Refused(f"The complaint is about {owner.name}. Choose somebody else as owner.", field="owner")


def _row(complaint: Complaint, actor: User | None, owner: User | None, now: datetime) -> Case:
    taken = ("customer", "reporter", "title", "severity", "category", "channel", "fault", "public_exposure")
    taken += ("competitor", "sensitive", "about_user", "source", "external_ref", "form_token", "received_at")
    team = owner.team if owner and owner.team_id else complaint.customer.team
    case = Case(
        **{name: getattr(complaint, name) for name in taken},
        confirmer=complaint.confirmer or complaint.reporter,
        owner=owner,
        team=team,
        logged_by=actor,
        remedy_state=_remedy_state(complaint.remedy),
        about_person=complaint.about_person or complaint.about_user is not None,
        confidential=complaint.sensitive or complaint.about_person or complaint.about_user is not None,
        policy_version=opening.policy_version(category=complaint.category, tier=complaint.customer.tier),
        calendar_version=opening.calendar_version(customer=complaint.customer, team_id=team.pk if team else None),
        logged_at=now,
        last_word_at=complaint.received_at,
        last_word_by=Side.OURS if complaint.channel == Channel.FOUND else Side.THEIRS,
        thread=outbox.open_thread(key=f"case-{uuid4().hex}"),
    )
    _freeze_stake(case, complaint.customer, now)
    return case


def _remedy_state(remedy: str | None) -> RemedyState:
    if remedy is None:
        return RemedyState.NOT_ASKED
    return RemedyState.TOLD if remedy.strip() else RemedyState.LEFT_TO_US


def _freeze_stake(case: Case, customer: Customer, now: datetime) -> None:
    """Keep the figures of the day the case opened."""
    stake = at_stake(customer, now.date())
    if stake is None:
        return
    case.stake, case.stake_currency, case.stake_sum = stake.likely, stake.currency, stake.to_facts()
    case.home_stake = at_home(stake.likely, stake.currency, home=settings.HOME_CURRENCY, on=now.date())


def _plan(case: Case, complaint: Complaint, now: datetime) -> tuple[list[Step], list[Due]]:
    steps, dues = plan.compose_steps(case, StepNumber, started_at=complaint.received_at, now=now)
    dues.append(plan.compose_silence(case, started_at=complaint.received_at))
    if case.owner_id is None:
        allowed = rules_of(case.policy_version_id).time("unassigned")
        dues.append(deadlines.compose(case=case, kind=DueKind.UNASSIGNED, allowed=allowed, started_at=now))
    return steps, dues


def _texts(case: Case, complaint: Complaint, now: datetime) -> list[Words]:
    texts = [words.compose(text=complaint.text, now=now, case=case, part="complaint")]
    if complaint.remedy and complaint.remedy.strip():
        texts.append(words.compose(text=complaint.remedy, now=now, case=case, part="remedy"))
    return texts


def _first_events(
    complaint: Complaint, texts: list[Words], actor: User | None, now: datetime
) -> list[timeline.Happening]:
    facts = {
        "channel": str(complaint.channel),
        "severity": str(complaint.severity),
        "received_at": complaint.received_at.isoformat(),
    }
    happenings = [
        timeline.Happening(timeline.Kind.OPENED, now, actor, complaint.reporter, facts, texts[0]),
    ]
    if complaint.remedy is not None:
        remedy = texts[1] if len(texts) > 1 else None
        facts = {"state": _remedy_state(complaint.remedy).value}
        happenings.append(
            timeline.Happening(timeline.Kind.REMEDY_RECORDED, now, actor, complaint.reporter, facts, remedy)
        )
    return happenings


def _tell(case: Case, complaint: Complaint, now: datetime) -> None:
    """Send the receipt, tell the owner, and lay on the docket what belongs there at once."""
    if complaint.channel != Channel.FOUND:
        letters.receipt(case=case, now=now)
    if case.owner is not None and case.owner != case.logged_by:
        letters.bell(user=case.owner, case=case, key=f"yours-{case.pk}", kind="assigned", now=now, facts={})
    if case.sensitive:
        escalation.escalate(case=case, reason=EscalationReason.SENSITIVE, now=now)
    elif _is_repeat(case, now):
        escalation.escalate(case=case, reason=EscalationReason.REPEAT, now=now)


def _is_repeat(case: Case, now: datetime) -> bool:
    """Tell whether this is the customer's second case of normal or above in 90 days (key accounts: third).

    What we found ourselves is no complaint of theirs: it is none, and counts for none.
    """
    if case.severity == Severity.LOW or case.channel == Channel.FOUND:
        return False
    # One of two cases logged at once waits here, and then sees what the other laid on the docket.
    Customer.objects.select_for_update(no_key=True).get(pk=case.customer_id)
    rules = rules_of(case.policy_version_id)
    since = now - timedelta(days=rules["repeat_days"])
    recent = Case.objects.live().filter(customer=case.customer_id, received_at__gte=since)
    waiting = Escalation.objects.filter(
        case__customer=case.customer_id, reason=EscalationReason.REPEAT, decided_at=None
    )
    nth = recent.exclude(severity=Severity.LOW).exclude(channel=Channel.FOUND).count()
    return nth >= rules.repeats(case.customer.tier) and not waiting.exists()
