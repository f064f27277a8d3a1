"""Letters of a survey. The text is in templates/letters; each leaves once, whatever its key names."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import Pass, User
from cases import letters
from cases.models import Case, Contact
from mail import outbox
from mail.models import Message
from surveys import readers
from surveys.models import Invitation

LETTERS = range(3)


def key_of(invitation: Invitation, contact_id: int, number: int) -> str:
    """Name one letter of an invitation: 0 is the question, 1 and 2 are the reminders."""
    return f"survey-{invitation.pk}-{contact_id}-{number}"


def survey(*, invitation: Invitation, case: Case, now: datetime) -> Message:
    """Queue the question with its page of five; numbers in it only preselect."""
    return _ask(invitation, case, "survey", invitation.reminders, now)


def survey_reminder(*, invitation: Invitation, case: Case, now: datetime) -> Message:
    """Queue a reminder with the same link."""
    return _ask(invitation, case, "survey_reminder", invitation.reminders, now)


def was_this_you(*, invitation: Invitation, case: Case, now: datetime) -> Message:
    """Ask whether a low answer that came too fast was theirs."""
    return letters.to_customer(
        case=case,
        contact=invitation.contact,
        key=f"survey-{invitation.pk}-was-this-you-{now.isoformat()}",
        template="survey_was_this_you",
        now=now,
        follows=invitation.message,
        facts={"survey_url": letters.pass_url("survey", invitation.link)},
    )


def fresh_link(
    *, case: Case, contact: Contact, link: Pass, page: str, now: datetime, follows: Message | None
) -> Message:
    """Queue a fresh link to a page whose old one has expired; `page` is confirm, survey or status.

    It goes where the letter with the old one went.
    """
    return letters.to_customer(
        case=case,
        contact=contact,
        key=f"fresh-{link.pk}",
        template="fresh_link",
        now=now,
        follows=follows,
        facts={"page": page, "page_url": letters.pass_url(page, link)},
    )


def test_survey(*, user: User, language: str, now: datetime) -> Message:
    """Queue the survey's letter to a colleague who tries the questions; its numbers lead to the preview."""
    with transaction.atomic():
        return outbox.queue(
            key=f"survey-test-{user.pk}-{now.isoformat()}",
            template="survey",
            to=[(user.name, user.email)],
            facts={
                "number": "RC-2041",
                "title": "An example: a delivery that came late",
                "name": user.name,
                "owner": user.name,
                "owner_phone": user.phone,
                "reader": user.first_name,
                "by_word": True,
                "closes_at": (now + timedelta(days=14)).isoformat(),
                "survey_url": f"{settings.PUBLIC_URL}{reverse('surveys:preview', args=[language])}",
                "zone": user.zone,
            },
            now=now,
            language=language,
            to_staff=True,
        )


def _ask(invitation: Invitation, case: Case, template: str, number: int, now: datetime) -> Message:
    url = letters.pass_url("survey", invitation.link)
    return letters.to_customer(
        case=case,
        contact=invitation.contact,
        key=key_of(invitation, invitation.contact_id, number),
        template=template,
        now=now,
        follows=invitation.message if number else None,
        facts={
            "reader": readers.reader_name(case),
            "by_word": case.confirmations.filter(verdict="yes", offer__round=case.round).exists(),
            "closes_at": invitation.closes_at.isoformat(),
            "survey_url": url,
            "list_unsubscribe_url": f"{url}stop/",
        },
    )
