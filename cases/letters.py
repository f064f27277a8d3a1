"""Our letters about cases: which template, to whom, with which facts. The text itself is in templates/letters.

Each function queues one row in the caller's transaction (promise R1); `key` keeps the same letter from being
queued twice. Facts are JSON values, rendered when the letter leaves.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts import passes
from accounts.models import Pass, User
from cases import access, discretion
from cases.enums import StepNumber
from cases.models import Case, CheckIn, Confirmation, Contact, Entry
from mail import notices, outbox
from mail.models import Blob, Message, Recipient

CONFIRM_LIFETIME = timedelta(days=90)
STATUS_LIFETIME = timedelta(days=365)
STATUS_RENEWED = timedelta(days=180)
# Never gestures under way, sweeps or the council's votes (product: Status page).
SHOWN_TO_THEM = (
    StepNumber.ACKNOWLEDGE,
    StepNumber.CONTAIN,
    StepNumber.RESOLVE,
    StepNumber.ROOT_CAUSE,
    StepNumber.SURVEY,
    StepNumber.INSTITUTIONALIZE,
)


def case_url(case: Case) -> str:
    """Return the full address of the case page, for colleagues."""
    return f"{settings.PUBLIC_URL}{case.get_absolute_url()}"


def pass_url(page: str, link: Pass) -> str:
    """Return a customer page's address with the place where the token goes at the last moment."""
    return f"{settings.PUBLIC_URL}/{page}/{{{{pass:{link.pk}}}}}/"


def status_target(case: Case, contact: Contact) -> str:
    """Return what a contact's status link opens, as a pass names it."""
    return f"status-{case.pk}-{contact.pk}"


def status_pass(*, case: Case, contact: Contact, now: datetime) -> Pass:
    """Return the link by which a contact follows a case: the one they have, a new one where it would soon expire."""
    target = status_target(case, contact)
    known = Pass.objects.filter(purpose=Pass.Purpose.STATUS, target=target, revoked_at=None)
    found = known.filter(expires_at__gt=now + STATUS_RENEWED).order_by("-id").first()
    return found or passes.issue(purpose=Pass.Purpose.STATUS, target=target, now=now, lifetime=STATUS_LIFETIME)


def _standing(case: Case, contact: Contact, now: datetime) -> dict[str, Any]:
    """Return the foot of a letter: how far it is, in the steps a customer follows, and their status page."""
    link = status_pass(case=case, contact=contact, now=now)
    return {"seam": seam_of(case), "status_url": pass_url("status", link)}


def unmade_status_url() -> str:
    """Return what stands for the address of a status page in a letter that is only looked at."""
    return f"{settings.PUBLIC_URL}/status/{{{{pass:0}}}}/"


def seam_of(case: Case) -> list[str]:
    """Return the states of the steps a customer follows, in their order."""
    return [state for number, (state, _) in enumerate(case.seam, 1) if number in SHOWN_TO_THEM]


def company() -> str:
    """Return the name letters are written under."""
    return settings.COMPANY_NAME


def signature_of(user: User | None) -> str:
    """Return what stands under a letter of this person: their own lines, else name, function and telephone."""
    if user is None:
        return ""
    return user.signature or "\n".join(filter(None, (user.name, user.title, user.phone)))


def _about(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "received_at": case.received_at.isoformat(),
        "owner": case.owner.name if case.owner else settings.COMPANY_NAME,
        "owner_title": case.owner.title if case.owner else "",
        "owner_phone": case.owner.phone if case.owner else "",
    }


def about_to(case: Case, contact: Contact) -> dict[str, Any]:
    """Return what every letter to a customer knows."""
    return {
        **_about(case),
        "first_name": contact.first_name,
        "name": contact.name,
        "zone": zone_of(case, contact),
    }


def zone_of(case: Case, contact: Contact) -> str:
    """Return the time zone this contact lives in, as far as we know."""
    return contact.zone or (case.owner.zone if case.owner else settings.HOME_ZONE)


def to_customer(
    *,
    case: Case,
    contact: Contact,
    key: str,
    template: str,
    now: datetime,
    facts: dict[str, Any],
    follows: Message | None = None,
    **kwargs,
) -> Message:
    """Queue a letter to one contact in the case's conversation; `facts` are added to what every letter knows.

    One that `follows` another goes where that one went. Apps above word letters of their own with it.
    """
    return outbox.queue(
        key=key,
        template=template,
        to=[(contact.name, where_asked(follows, contact))],
        facts={**about_to(case, contact), **facts},
        now=now,
        thread=case.thread,
        language=contact.language,
        confidential=case.confidential,
        **kwargs,
    )


def where_asked(message: Message | None, contact: Contact) -> str:
    """Return the address a letter went to; the contact's present one where there was none, or it did not arrive."""
    came = Recipient.objects.filter(message=message, state__in=(Recipient.State.PENDING, Recipient.State.ACCEPTED))
    return (came.values_list("address", flat=True).first() if message else None) or contact.email


def receipt(*, case: Case, now: datetime) -> Message | None:
    """Queue the automatic receipt that leaves at once and completes no step; None without an address."""
    if case.reporter is None or not case.reporter.email or case.reporter.bounced_at:
        return None
    about = {"case": case, "contact": case.reporter, "key": f"receipt-{case.pk}", "template": "receipt"}
    return to_customer(**about, now=now, facts={"automatic": True})


def personal(
    *,
    case: Case,
    contact: Contact,
    entry: Entry,
    subject: str,
    now: datetime,
    promise: dict[str, Any] | None = None,
    quoted: dict[str, Any] | None = None,
    copies: Sequence[tuple[str, str]] = (),
    files: Sequence[tuple[str, Blob]] = (),
) -> Message:
    """Queue a letter a person wrote; `promise` names what was promised and until when, `quoted` what they had said.

    Those in `copies` read along without the link to the customer's page; `files` travel with it.
    """
    written = written_facts(
        writer=entry.author or case.owner, subject=subject, body=entry.words.text, promise=promise, quoted=quoted
    )
    return to_customer(
        case=case,
        contact=contact,
        key=f"entry-{entry.pk}",
        template="personal",
        now=now,
        facts={**written, **_standing(case, contact, now)},
        copies=copies,
        files=files,
    )


def written_facts(
    *,
    writer: User | None,
    subject: str,
    body: str,
    promise: dict[str, Any] | None = None,
    quoted: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a person wrote as facts of a letter, for sending and for looking at it before."""
    return {
        "writer": writer.name if writer else "",
        "signature": signature_of(writer),
        "subject": subject,
        "body": body,
        "promise": promise,
        "quoted": quoted,
    }


def confirm(*, confirmation: Confirmation, asked: str, done: str, now: datetime) -> tuple[Message, Pass]:
    """Queue the question "is it put right?" with a page of their own; return letter and link."""
    target = f"confirmation-{confirmation.pk}"
    link = passes.issue(purpose=Pass.Purpose.CONFIRM, target=target, now=now, lifetime=CONFIRM_LIFETIME)
    letter = to_customer(
        case=confirmation.case,
        contact=confirmation.contact,
        key=f"confirm-{link.pk}",
        template="confirm",
        now=now,
        facts={
            "asked": asked,
            "done": done,
            "spoken": confirmation.spoken.text if confirmation.spoken else "",
            "confirm_url": pass_url("confirm", link),
            **_standing(confirmation.case, confirmation.contact, now),
        },
    )
    return letter, link


def confirm_reminder(*, confirmation: Confirmation, asked: str, done: str, now: datetime) -> Message:
    """Queue a reminder with the same link."""
    return to_customer(
        case=confirmation.case,
        contact=confirmation.contact,
        key=f"confirm-{confirmation.link_id}-reminder-{confirmation.reminders}",
        template="confirm_reminder",
        now=now,
        follows=confirmation.message,
        facts={
            "asked": asked,
            "done": done,
            "confirm_url": pass_url("confirm", confirmation.link),
            **_standing(confirmation.case, confirmation.contact, now),
        },
    )


def check_in(*, check: CheckIn, case: Case, contact: Contact, actor: User, now: datetime) -> Message:
    """Queue the question "does it still hold?", answered on the page where they follow the case."""
    return to_customer(
        case=case,
        contact=contact,
        key=f"check-in-{check.pk}",
        template="check_in",
        now=now,
        facts={"day": check.day, "writer": actor.name, **_standing(case, contact, now)},
    )


def changed(*, case: Case, contact: Contact, key: str, facts: dict[str, Any], now: datetime) -> Message:
    """Queue "you said, we changed": the cause we found, what changed, where, since when."""
    told = {**facts, **_standing(case, contact, now)}
    return to_customer(case=case, contact=contact, key=key, template="changed", now=now, facts=told)


def to_colleague(
    *, user: User, case: Case, key: str, template: str, now: datetime, facts: dict[str, Any], send_at=None
) -> Message | None:
    """Queue a letter to a colleague and put the same under their bell; None for whom the complaint is about.

    Who may not see the case hears only that something waits.
    """
    if user.pk == case.about_user_id:
        return None
    if not access.sees(user, case):
        return discretion.write(user=user, key=key, now=now, send_at=send_at)
    told = {**_about(case), "customer": case.customer.name, "url": case_url(case), **facts}
    notices.tell(user=user, key=key, kind=template, facts=told, url=case.get_absolute_url(), now=now)
    return outbox.queue(
        key=key,
        template=template,
        to=[(user.name, user.email)],
        facts={**told, "first_name": user.first_name, "zone": user.zone},
        now=now,
        send_at=send_at,
        language=user.language,
        confidential=case.confidential,
        to_staff=True,
    )


def bell(*, user: User | None, case: Case, key: str, kind: str, now: datetime, facts: dict[str, Any]) -> None:
    """Put a line under a colleague's bell without writing a letter; never for whom the complaint is about."""
    if user is None or user.pk == case.about_user_id:
        return
    if access.sees(user, case):
        told = {"number": case.number, "title": case.title, "customer": case.customer.name, **facts}
        notices.tell(user=user, key=key, kind=kind, facts=told, url=case.get_absolute_url(), now=now)
    else:
        discretion.ring(user=user, key=key, now=now)
