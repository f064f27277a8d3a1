"""How a chase is told: a line under the bell for each, and one letter for all that a person hears at one time.

A letter that still waits for its reader's working hours takes in what comes after it, and of one clock only the
latest rung: in the morning somebody finds what is right now, not a pile of the night. A letter about several cases is
kept close always: any of them may become confidential, and nobody finds a case among many in a letter that left.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from accounts.models import User
from cases import access, discretion, letters, setwise, worktime
from cases.enums import DueKind, StepNumber
from cases.models import Case, Due
from cases.presence import Roll
from mail import many, outbox
from mail.models import Message

ONE, SEVERAL = "chase", "chases"


@dataclass(frozen=True)
class Told:
    """One person who hears of one clock; `instead` is what may be named to who does not see its case."""

    person: User
    due: Due
    case: Case
    rung: int
    instead: dict | None = None

    @property
    def key(self) -> str:
        """What is told once: this rung, to this person, in this run of the clock."""
        return f"chase-{self.due.pk}-{self.rung}-{self.person.pk}-{int(self.due.started_at.timestamp())}"

    @property
    def facts(self) -> dict:
        """What letter and bell say."""
        step = self.due.kind == DueKind.STEP
        return {
            "due": self.due.pk,
            "what": StepNumber(self.due.ref).label if step else DueKind(self.due.kind).label,
            "due_at": self.due.due_at.isoformat(),
            "rung": self.rung,
            "number": self.case.number,
            "title": self.case.title,
            "customer": self.case.customer.name,
            "url": letters.case_url(self.case),
            **self._named_instead,
        }

    @property
    def path(self) -> str:
        """Where the line under the bell leads."""
        return self.instead["url"] if self.instead else self.case.get_absolute_url()

    @property
    def _named_instead(self) -> dict:
        return {**self.instead, "url": f"{settings.PUBLIC_URL}{self.path}"} if self.instead else {}


def tell(told: Iterable[Told], *, roll: Roll, now: datetime) -> None:
    """Ring every bell, and write to each person once, in their working hours unless a clock runs day and night."""
    everything = _discreet(told)
    many.tell_some(
        (many.Line(user_id=one.person.pk, key=one.key, kind=ONE, url=one.path, facts=one.facts) for one in everything),
        now=now,
    )
    if everything:
        _write(_by_reader(everything, roll, now), now)


def leave_out(*, person: User, case: Case) -> int:
    """Take a case out of the letters that still wait for somebody who may not know of it; return out of how many.

    A letter about nothing else is called back.
    """
    changed = 0
    for message in many.waiting_for(person.email):
        before = message.facts.get("items") or [message.facts]
        left = [item for item in before if item.get("number") != case.number]
        if len(left) == len(before):
            continue
        changed += 1
        if not left:
            outbox.withhold(message=message)
            continue
        message.facts = _facts(left, person)
        message.template = _template(message.facts)
        message.save(update_fields=["facts", "template"])
    return changed


def _discreet(told: Iterable[Told]) -> list[Told]:
    """Name to each only what they may see. It costs statements for those alone who hear of what they may not see."""
    everything = list(told)
    hidden = [one for one in everything if not access.sees(one.person, one.case)]
    causes = discretion.causes_behind({one.due.pk: one.due for one in hidden}.values())
    named = {id(one): discretion.named_to(one.person, causes.get(one.due.pk)) for one in hidden}
    return [replace(one, instead=named.get(id(one))) for one in everything]


def _write(heard: dict[tuple[int, bool], list[tuple[Told, datetime]]], now: datetime) -> None:
    """Write what each person hears: into a letter of theirs that still waits, else into a new one. Few statements."""
    letters_there = many.not_yet_leaving((ONE, SEVERAL), {reader for reader, _ in heard})
    waiting = {_place(message, now): message for message in letters_there}
    for place, some in heard.items():
        if place in waiting:
            _take_in(waiting[place], [one for one, _ in some])
    grown = [waiting[place] for place in heard if place in waiting]
    rows = [(one.pk, one.facts, one.template, one.confidential) for one in grown]
    setwise.update(Message, ("facts", "template", "confidential"), rows)
    many.queue_some([_letter(some) for place, some in heard.items() if place not in waiting], now=now)


def _by_reader(told: list[Told], roll: Roll, now: datetime) -> dict[tuple[int, bool], list[tuple[Told, datetime]]]:
    """Return who hears what at one time: at once, or when their day begins."""
    found: dict[tuple[int, bool], list[tuple[Told, datetime]]] = {}
    for one in told:
        at = now if one.due.always else worktime.next_open(roll.hours_of(one.person), now)
        found.setdefault((one.person.pk, at > now), []).append((one, at))
    return found


def _place(message: Message, now: datetime) -> tuple[int | None, bool]:
    return message.facts.get("reader"), message.send_at > now


def _letter(some: list[tuple[Told, datetime]]) -> many.Letter:
    first, at = some[0]
    person = first.person
    facts = _facts([one.facts for one, _ in some], person)
    return many.Letter(
        key=first.key,
        template=_template(facts),
        name=person.name,
        address=person.email,
        facts=facts,
        send_at=at,
        language=person.language,
        confidential=len(some) > 1 or first.case.confidential,
    )


def _take_in(message: Message, told: list[Told]) -> None:
    """Put more into a letter that has not left, without saving it; of one clock the latest word counts."""
    before = message.facts.get("items") or [{name: message.facts[name] for name in told[0].facts}]
    items = {item["due"]: item for item in [*before, *(one.facts for one in told)]}
    message.facts = _facts(list(items.values()), told[0].person)
    message.template = _template(message.facts)
    message.confidential = message.confidential or "items" in message.facts or told[0].case.confidential


def _facts(items: list[dict], person: User) -> dict:
    about = {"first_name": person.first_name, "zone": person.zone, "reader": person.pk}
    items = sorted(items, key=lambda item: (-item["rung"], item["due_at"]))
    late = sum(item["rung"] >= 100 for item in items)
    return {**items[0], **about} if len(items) == 1 else {"items": items, "late": late, **about}


def _template(facts: dict) -> str:
    return SEVERAL if "items" in facts else ONE
