"""What surveys hold of a person: their answers. Marks stay as figures, words go (promise S9)."""

from django.db.models import QuerySet

from cases.erasure import Holder
from cases.models import Case, Contact
from surveys.models import Answer, ExtraAnswer, Invitation, PastAnswer


def words_of(contact: Contact) -> list[int]:
    """Return the ids of what a person wrote in answers."""
    answers = Answer.objects.filter(invitation__contact=contact)
    extras = ExtraAnswer.objects.filter(answer__in=answers)
    past = PastAnswer.objects.filter(contact=contact)
    return [pk for rows in (answers, extras, past) for pk in rows.values_list("words", flat=True)]


def links_of(contact: Contact) -> list[int]:
    """Return the ids of the survey links a person was given."""
    return list(Invitation.objects.filter(contact=contact, link__isnull=False).values_list("link", flat=True))


def rows_of(contact: Contact, cases: QuerySet[Case]) -> list[dict]:
    """Return a person's answers on these cases, and those from before Goldseam, as plain values."""
    answers = Answer.objects.filter(invitation__contact=contact, invitation__case__in=cases)
    answers = answers.select_related("words", "invitation__case")
    return [
        {
            "case": answer.invitation.case.number,
            "sent_at": answer.sent_at.isoformat(timespec="seconds") if answer.sent_at else None,
            "marks": answer.marks,
            "text": answer.words.text if answer.words else "",
        }
        for answer in answers.order_by("pk")
    ] + [_past(row) for row in PastAnswer.objects.filter(contact=contact).select_related("words").order_by("pk")]


def _past(row: PastAnswer) -> dict:
    marks = {"satisfied": row.satisfied, "recommend": row.recommend, **row.others}
    return {
        "survey": row.source,
        "number": row.external_ref,
        "answered_on": row.answered_on.isoformat() if row.answered_on else None,
        "marks": {name: mark for name, mark in marks.items() if mark is not None},
        "text": row.words.text if row.words else "",
    }


SURVEYS = Holder("answers", words_of, links_of, rows_of)
