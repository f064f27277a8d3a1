"""Who may see a case: confidential or not, named readers, and complaints about a person here (product: The case)."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases import access, chase_letters, editing, letters, timeline, words
from cases.locking import hold, hold_unclosed
from cases.models import Case, CaseReader
from cases.refusals import Refused
from mail import notices, outbox


@transaction.atomic
def set_confidential(*, case: Case, actor: User, confidential: bool, reason: str, now: datetime) -> None:
    """Make a case confidential (whoever works it), or open to all colleagues (lead or council, with a reason)."""
    held = hold(case)
    if held.confidential == confidential:
        raise Refused("It is so already.")
    if not confidential:
        _check_opening(held, actor, reason)
    held.confidential = confidential
    held.save(update_fields=["confidential"])
    outbox.keep_close(thread=held.thread_id, number=held.number, is_close=held.confidential)
    row = words.write(text=reason, now=now, case=held) if reason.strip() else None
    _record(held, actor, now, row, why="")


@transaction.atomic
def name_reader(*, case: Case, actor: User, reader: User, now: datetime) -> CaseReader:
    """Let one more colleague read a confidential case."""
    held = hold(case)
    if not reader.is_active or reader.left_at:
        raise Refused("This person does not work here any more. Choose somebody else.", field="reader")
    if reader.pk == held.about_user_id:
        raise Refused(f"The complaint is about {reader.name}, who never reads it.", field="reader")
    row, new = CaseReader.objects.get_or_create(case=held, user=reader, defaults={"named_by": actor, "named_at": now})
    if not new:
        raise Refused(f"{reader.name} reads this case already.", field="reader")
    timeline.record(case=held, kind=timeline.Kind.READER_NAMED, now=now, actor=actor, facts={"to": reader.pk})
    key = f"reader-{held.pk}-{reader.pk}-{now.isoformat()}"
    letters.bell(user=reader, case=held, key=key, kind="reader_named", now=now, facts={"who": actor.name})
    return row


@transaction.atomic
def remove_reader(*, case: Case, actor: User, reader: User, now: datetime) -> None:
    """Take somebody off the readers."""
    held = hold(case)
    if not CaseReader.objects.filter(case=held, user=reader).delete()[0]:
        raise Refused("This person was taken off the readers already.")
    timeline.record(case=held, kind=timeline.Kind.READER_REMOVED, now=now, actor=actor, facts={"to": reader.pk})


@transaction.atomic
def set_about(*, case: Case, actor: User, person: User | None, owner: User | None, now: datetime) -> None:
    """Say that the complaint is about a person here: confidential, owned by somebody else, answers to the lead.

    `owner` takes it over where that person owns it. `person` None takes the mark off; only lead or council may.
    """
    held = hold_unclosed(case)
    if person is None:
        _check_lead(held, actor)
    elif held.owner_id == person.pk and (owner is None or owner.pk == person.pk):
        raise Refused(f"{person.name} owns this case. Choose who takes it over.", field="owner")
    held.about_person, held.about_user = person is not None, person
    held.confidential = held.confidential or person is not None
    held.save(update_fields=["about_person", "about_user", "confidential"])
    outbox.keep_close(thread=held.thread_id, number=held.number, is_close=held.confidential)
    _clear_away(held, person)
    _record(held, actor, now, None, why="about_person", on=person is not None, to=person.pk if person else None)
    if person is not None and held.owner_id == person.pk:
        editing.assign(case=held, actor=actor, owner=owner, now=now)


def _clear_away(case: Case, person: User | None) -> None:
    """Take steps, their clocks and what was said of it from whom the complaint is about.

    Steps fall back to the owner of the case; lines under the bell go, and letters that still wait name it no more.
    """
    if person is None:
        return
    CaseReader.objects.filter(case=case, user=person).delete()
    notices.withdraw(user=person, url=case.get_absolute_url())
    chase_letters.leave_out(person=person, case=case)
    case.steps.filter(owner=person, state="planned").update(owner=None)
    if case.owner_id != person.pk:
        case.dues.filter(owner=person, closed_at=None).update(owner=case.owner_id)


def _check_opening(case: Case, actor: User, reason: str) -> None:
    if case.sensitive:
        raise Refused("It is marked as legal, safety or irregular, and so confidential. Take that mark off first.")
    if case.about_person:
        raise Refused("It is about a person here, and so confidential.")
    _check_lead(case, actor)
    if not reason.strip():
        raise Refused("Say why everybody here may read it.", field="reason")


def _check_lead(case: Case, actor: User) -> None:
    if not (access.may_lead(actor, case) or actor.on_council):
        raise Refused("Only the team lead or the council opens a confidential case again.")


def _record(case: Case, actor: User, now: datetime, row, *, why: str, **more) -> None:
    facts = {"confidential": case.confidential, "why": why, **more}
    timeline.record(case=case, kind=timeline.Kind.CONFIDENTIAL_SET, now=now, actor=actor, words=row, facts=facts)
