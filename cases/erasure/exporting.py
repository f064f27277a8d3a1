"""Everything we hold about a person, as plain values they can be given."""

from datetime import datetime

from accounts.models import User
from cases import access
from cases.erasure.holders import cases_of, files_of, holders, words_of
from cases.models import Case, Contact, Entry, Words
from mail import erasing as letters


def export(*, contact: Contact, reader: User, now: datetime) -> dict:
    """Return what we hold about a person, in plain values. Cases the reader may not see are counted, not shown."""
    cases = cases_of(contact)
    seen = cases.filter(pk__in=access.visible_to(reader).order_by().values("pk")).order_by("pk")
    return {
        "made_at": now.isoformat(timespec="seconds"),
        "person": {
            "name": contact.name,
            "function": contact.title,
            "email": contact.email,
            "telephone": contact.phone,
            "language": contact.language,
            "customer": contact.customer.name,
            "no_surveys_since": _iso(contact.opted_out_at),
        },
        "cases": [_case(case, contact) for case in seen],
        "texts": _texts(contact, seen),
        "letters": letters.to(contact.email, [case.thread_id for case in seen]),
        "files": list(files_of(contact).filter(case__in=seen).values_list("name", flat=True)),
        "not_shown": cases.count() - len(seen),
        **{holder.name: holder.rows(contact, seen) for holder in holders()},
    }


def _case(case: Case, contact: Contact) -> dict:
    entries = Entry.objects.filter(case=case, contact=contact).order_by("at").values("kind", "side", "at")
    return {
        "number": case.number,
        "title": case.title,
        "received_at": _iso(case.received_at),
        "state": case.get_state_display(),
        "reported": case.reporter_id == contact.pk,
        "confirms": case.confirmer_id == contact.pk,
        "talks": [{**entry, "at": _iso(entry["at"])} for entry in entries],
    }


def _texts(contact: Contact, seen) -> list[dict]:
    rows = Words.objects.filter(pk__in=words_of(contact), case__in=seen).select_related("case").order_by("written_at")
    return [{"case": row.case.number, "written_at": _iso(row.written_at), "text": row.text} for row in rows]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
