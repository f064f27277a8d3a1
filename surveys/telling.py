"""Who of us hears of an answer: its reader; of a low one the lead too, by letter and with the words."""

from datetime import datetime
from typing import Any

from cases import letters, presence
from cases.models import Case
from surveys import readers
from surveys.models import Answer, Invitation


def low(*, case: Case, invitation: Invitation, answer: Answer, reopened: bool, now: datetime) -> None:
    """Tell reader and lead at once that the customer marked us low."""
    for person in readers.reader_and_lead(case):
        letters.to_colleague(
            user=person,
            case=case,
            key=f"low-answer-{answer.pk}-{person.pk}-{now.isoformat()}",
            template="low_answer",
            now=now,
            facts={**_facts(invitation, answer), "reopened": reopened},
        )


def answered(*, case: Case, invitation: Invitation, answer: Answer, changed: bool, now: datetime) -> None:
    """Put the answer under the reader's bell; `changed` where they had answered before."""
    letters.bell(
        user=readers.reader_of(case),
        case=case,
        key=f"answer-{answer.pk}-{now.isoformat()}",
        kind="answered",
        now=now,
        facts={**_facts(invitation, answer), "verdict": answer.verdict, "changed": changed},
    )


def held(*, case: Case, invitation: Invitation, answer: Answer, now: datetime) -> None:
    """Ask the lead whether an answer is the customer's own."""
    letters.bell(
        user=presence.lead_of(case),
        case=case,
        key=f"answer-held-{answer.pk}-{now.isoformat()}",
        kind="answer_held",
        now=now,
        facts={**_facts(invitation, answer), "why": answer.held_why},
    )


def confirmed(*, case: Case, who: str, key: str, now: datetime) -> None:
    """Put the customer's yes under the owner's bell."""
    letters.bell(user=case.owner, case=case, key=key, kind="confirmed", now=now, facts={"who": who})


def _facts(invitation: Invitation, answer: Answer) -> dict[str, Any]:
    contact = invitation.contact
    text = answer.words.text if answer.words else ""
    return {"who": contact.name if contact else "", "words": text, "marks": answer.marks}
