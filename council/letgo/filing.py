"""Asking the council whether to let a customer go: the form is checked, the seats are fixed, the vote is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases import access, deadlines, entries, escalation, letters, timeline, words
from cases.enums import CaseState, EscalationReason
from cases.locking import hold, hold_open
from cases.models import Case, Escalation
from cases.policy import calendar_of
from cases.refusals import Refused
from council import bench, rights
from council.letgo.counting import LEAST
from council.letgo.trials import trials_of
from council.models import Ballot, BallotState, LetGoForm, LetGoReason, OtherCase, Seat

VOTING = "5d"
ENDS, WORKED_ON = "ends", "worked_on"


@dataclass(frozen=True)
class Filing:
    """What the form says. Hours and money are yearly, money in minor units of `currency`.

    `others` says of each other case of the customer, by its number, whether it ends with this one.
    """

    reason: str
    why: str
    hours: int
    cash: int
    morale: str
    contribution: int
    currency: str
    ends_on: date
    letter: str
    others: Mapping[int, bool] = field(default_factory=dict)


@transaction.atomic
def file(*, case: Case, actor: User, filing: Filing, now: datetime) -> Ballot:
    """Open the vote on letting the customer of `case` go; it lasts five working days.

    Raise `Refused` for others than the council and on a case of one's own, while the trials are missing (but for a
    legal matter, which then needs every vote), without one of the parts of the form, and where fewer than two may vote.
    """
    others = _hold_with_others(case, actor)
    held = hold_open(case)
    seats = _check(held, actor, filing, others, now)
    form = _write(held, actor, filing, others, now)
    entry = escalation.escalate(
        case=held, reason=EscalationReason.LET_GO, ref=form.pk, asked_by=actor, words=form.words, now=now,
        allowed=VOTING,
    )  # fmt: skip
    ballot = Ballot.objects.create(
        form=form,
        escalation=entry,
        opened_at=now,
        closes_at=deadlines.due_moment(calendar_of(held.calendar_version_id), VOTING, now),
        unanimous=bool(trials_of(held).missing),
    )
    Seat.objects.bulk_create(Seat(ballot=ballot, user=member) for member in seats)
    facts = {"ballot": ballot.pk, "seats": len(seats), "unanimous": ballot.unanimous}
    timeline.record(case=held, kind=timeline.Kind.BALLOT_OPENED, now=now, actor=actor, words=form.words, facts=facts)
    _call(ballot, held, actor, seats, now)
    return ballot


def why_not(case: Case, actor: User) -> str:
    """Return why this person does not bring the question before the council; empty where they may."""
    if not actor.on_council:
        return "Only a member of the council brings this question up. Ask the council for help on the case page."
    if actor.pk == case.about_user_id:
        return "This complaint is about you. Another member brings the question up."
    if actor.pk in _owners(case):
        return "This is or was your own case. Another member brings the question up."
    if case.historical:
        return "This case came in as history. Take it up first."
    return ""


def other_cases(case: Case, actor: User) -> list[Case]:
    """Return the customer's other cases that are not closed, which the member has to say something about."""
    rows = access.visible_to(actor).filter(customer=case.customer_id, historical=False)
    return list(rows.exclude(state=CaseState.CLOSED).exclude(pk=case.pk).select_related("owner").order_by("pk"))


def _hold_with_others(case: Case, actor: User) -> list[Case]:
    """Lock the case and the customer's others by rising number; return the others."""
    numbers = sorted({case.pk, *(other.pk for other in other_cases(case, actor))})
    held = {number: hold(number) for number in numbers}
    return [one for number, one in held.items() if number != case.pk and one.state != CaseState.CLOSED]


def _check(case: Case, actor: User, filing: Filing, others: list[Case], now: datetime) -> list[User]:
    """Raise `Refused` with the first thing that stands against it; return who may vote."""
    refusal = why_not(case, actor)
    if refusal:
        raise Refused(refusal)
    if Ballot.objects.filter(form__case__customer=case.customer_id, state=BallotState.OPEN).exists():
        raise Refused("The council votes on this customer already. Wait for the result.")
    missing = trials_of(case).missing
    if missing and not case.sensitive:
        raise Refused("Not everything was tried. " + " ".join(missing))
    _check_words(filing, now)
    if not entries.reachable(case.confirmer):
        raise Refused(
            "Nobody there has a working e-mail address for the farewell letter. Add one on the customer page."
        )
    ending = _ending(others, filing)
    seats = _may_vote([case, *ending])
    if len(seats) < LEAST:
        raise Refused("Fewer than two members without a conflict could vote. An administrator seats another one first.")
    return seats


def _check_words(filing: Filing, now: datetime) -> None:
    missing = {
        "why": "Say why going on does more harm than parting.",
        "morale": "Say what it costs the people who work for them.",
        "letter": "Write the farewell letter.",
    }
    for name, says in missing.items():
        if not getattr(filing, name).strip():
            raise Refused(says, field=name)
    if filing.reason not in LetGoReason.values:
        raise Refused("Choose the reason.", field="reason")
    for name in ("hours", "cash", "contribution"):
        if getattr(filing, name) < 0:
            raise Refused("This cannot be below zero.", field=name)
    if filing.ends_on <= timezone.localdate(now):
        raise Refused("This day has passed. Give them time to find somebody else.", field="ends_on")


def _ending(others: list[Case], filing: Filing) -> list[Case]:
    """Return the other cases that end with this one. Raise `Refused` at the one nothing, or too much, is said about."""
    for other in others:
        if other.pk not in filing.others:
            raise Refused("Say what becomes of this case.", field=f"other_{other.pk}")
        if filing.others[other.pk] and other.sensitive:
            says = "A legal matter does not end with another case. Work it to its end, or bring it up by itself."
            raise Refused(says, field=f"other_{other.pk}")
    return [other for other in others if filing.others[other.pk]]


def _may_vote(cases: list[Case]) -> list[User]:
    """Return the members without a conflict; the sponsors with them where these are fewer than two."""
    barred = {case.about_user_id for case in cases}.union(*(_owners(case) for case in cases))
    sitting = bench.sitting()
    members = list(sitting.others(barred))
    if len(members) < LEAST:
        members += [one for one in sitting.sponsors if one.pk not in barred and one not in members]
    return members


def _owners(case: Case) -> set[int]:
    """Return who owns or owned the case in its present round."""
    probe = Escalation(pk=0, case=case, opened_at=case.received_at)
    return rights.owned([probe])[0]


def _write(case: Case, actor: User, filing: Filing, others: list[Case], now: datetime) -> LetGoForm:
    form = LetGoForm.objects.create(
        case=case,
        reason=filing.reason,
        words=words.write(text=filing.why, now=now, case=case),
        drain_hours=filing.hours,
        drain_cash=filing.cash,
        drain_morale=words.write(text=filing.morale, now=now, case=case),
        contribution=filing.contribution,
        currency=filing.currency,
        ends_on=filing.ends_on,
        letter=words.write(text=filing.letter, now=now, case=case),
        filed_by=actor,
        filed_at=now,
    )
    OtherCase.objects.bulk_create(OtherCase(form=form, case=one, ends=filing.others[one.pk]) for one in others)
    return form


def _call(ballot: Ballot, case: Case, actor: User, seats: list[User], now: datetime) -> None:
    """Ask each member for their vote, by letter."""
    facts = {"who": actor.name, "closes_at": ballot.closes_at.isoformat(), "unanimous": ballot.unanimous}
    facts["vote_url"] = f"{settings.PUBLIC_URL}{reverse('council:ballot', args=[ballot.pk])}"
    for member in seats:
        key = f"ballot-{ballot.pk}-{member.pk}"
        letters.to_colleague(user=member, case=case, key=key, template="ballot", now=now, facts=facts)
