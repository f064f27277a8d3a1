"""A question goes to one address, and so does everything that follows it: a link wanders to nobody else.

Who changes where a customer is reached, or who of them confirms, once letters went there or something was offered, does
so in the open: it is told of on the case, to the lead, and at the former address, so that nobody puts themselves in the
customer's place unseen.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from cases import letters, presence, timeline
from cases.enums import CaseState, Verdict
from cases.locking import hold
from cases.models import Case, Confirmation, Contact, Offer
from mail import outbox
from mail.models import Recipient

TEMPLATE = "address_changed"
REACHED = (Recipient.State.PENDING, Recipient.State.ACCEPTED)


@dataclass(frozen=True)
class Former:
    """Where a person was reached before; `works` tells whether letters still arrive there."""

    name: str
    email: str
    works: bool


def former_of(contact: Contact) -> Former:
    """Return where a person is reached now, before that changes."""
    return Former(contact.name, contact.email, bool(contact.email) and contact.bounced_at is None)


def asked_cases(contact: Contact) -> list[Case]:
    """Lock and return the cases on which this person has something to answer, in the order of locking.

    Those were asked and have not answered; or confirm an open case on which they were written to or offered something.
    """
    asked = Confirmation.objects.filter(contact=contact, verdict=Verdict.PENDING).values("case")
    theirs = Q(confirmer=contact, state=CaseState.OPEN, historical=False)
    rows = Case.objects.filter(Q(pk__in=asked) | theirs & (_offered() | _written_to(contact)))
    return [hold(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]


def _offered() -> Q:
    return Q(Exists(Offer.objects.filter(case=OuterRef("pk"), round=OuterRef("round"))))


def _written_to(contact: Contact) -> Q:
    there = Recipient.objects.filter(address__iexact=contact.email, state__in=REACHED) if contact.email else None
    if there is None:
        return Q(pk__in=())
    return Q(Exists(there.filter(message__thread=OuterRef("thread"), message__to_staff=False)))


def changed_after_asking(
    *, contact: Contact, cases: list[Case], actor: User, now: datetime, former: Former | None = None
) -> None:
    """Write down on the locked cases that the address was changed, tell each lead and whoever is at the former one."""
    for case in cases:
        facts = {"contact": contact.pk}
        kind = timeline.Kind.ADDRESS_CHANGED
        timeline.record(case=case, kind=kind, now=now, actor=actor, contact=contact, facts=facts)
        told = former is not None and _tell_former(case, contact, former, now, somebody_else="")
        _tell_lead(case, contact, actor, "address_changed", now, told=told)


def other_confirms(*, case: Case, former: Contact | None, contact: Contact, actor: User, now: datetime) -> None:
    """Tell the lead, and who confirmed until now, that somebody else does, once that person had something to answer."""
    if former is None or former.pk == contact.pk or not _had_a_say(case, former):
        return
    told = _tell_former(case, former, former_of(former), now, somebody_else=contact.name)
    _tell_lead(case, contact, actor, "confirmer_changed", now, told=told)


def _had_a_say(case: Case, former: Contact) -> bool:
    return Case.objects.filter(_offered() | _written_to(former), pk=case.pk).exists()


def _tell_lead(case: Case, contact: Contact, actor: User, kind: str, now: datetime, *, told: bool) -> None:
    key = f"address-{case.pk}-{contact.pk}-{now.isoformat()}"
    facts = {"who": actor.name, "contact": contact.name, "told": told}
    letters.bell(user=presence.lead_of(case), case=case, key=key, kind=kind, now=now, facts=facts)


def _tell_former(case: Case, contact: Contact, former: Former, now: datetime, *, somebody_else: str) -> bool:
    """Write to whoever is at the former address; False where no letter arrives there."""
    if not former.works or presence.is_ours(former.email):
        return False
    lead = presence.lead_of(case)
    facts = {
        **letters.about_to(case, contact),
        "name": former.name,
        "elsewhere": contact.email.rpartition("@")[2],
        "somebody_else": somebody_else,
        "lead": lead.name if lead else "",
        "lead_phone": lead.phone if lead else "",
    }
    outbox.queue(
        key=f"address-{case.pk}-{contact.pk}-{now.isoformat()}",
        template=TEMPLATE,
        to=[(former.name, former.email)],
        facts=facts,
        now=now,
        thread=case.thread,
        language=contact.language,
        confidential=case.confidential,
    )
    return True
