"""A small world that has been asked: a case put right, its question sent, its answer given."""

from datetime import timedelta

from cases.models import Case, Confirmation
from cases.steps import resolve
from mail import delivery
from surveys import inviting
from surveys.models import Invitation
from tests import builders
from tests.builders import NOON

ASKED = NOON + timedelta(hours=3)
CONFIRMED = NOON + timedelta(hours=4)
LEAVES = CONFIRMED + timedelta(days=3)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def team_of_two():
    """Return an owner and the lead of their team."""
    team = builders.team()
    lead = builders.user("lead", name="Lena Lead", of=team)
    team.lead = lead
    team.save()
    return builders.user(name="Marta Keller", of=team), lead


def offered(*, now=ASKED, opened=NOON, **fields) -> Case:
    """Return a new case with an offer they have not answered."""
    owner = fields.pop("owner", None) or team_of_two()[0]
    case = builders.acknowledged(builders.case(owner=owner, now=opened, **fields), now=opened + 38 * MINUTE)
    builders.ready_to_offer(case, now=now)
    resolve.offer(case=case, actor=owner, text="Forty housings by courier", now=now)
    return case


def asked(*, now=ASKED, opened=NOON, **fields) -> Confirmation:
    """Return the question "is it put right?" of a new case, its letter queued."""
    case = offered(now=now, opened=opened, **fields)
    owner = case.owner
    resolve.carry_out(case=case, actor=owner, text="Forty housings arrived 09:30.", by="Sven", at=now, now=now)
    return resolve.ask(case=case, actor=owner, now=now)


def resolved(*, now=CONFIRMED, **fields) -> Case:
    """Return a case its customer has confirmed."""
    confirmation = asked(**fields)
    resolve.confirm(confirmation=confirmation, yes=True, text="", now=now)
    return Case.objects.get(pk=confirmation.case_id)


def invited(*, now=LEAVES, **fields) -> Invitation:
    """Return an invitation whose letter has been delivered."""
    case = resolved(**fields)
    inviting.invite_due(now)
    delivery.deliver_due(now)
    return Invitation.objects.select_related("contact", "link", "case").get(case=case)
