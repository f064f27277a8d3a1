"""What one tab of the case page shows: each list in one statement."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from cases.enums import DueKind, EntryKind, Side, StepNumber
from cases.models import Action, Case, CaseFile, Discovery, Due, Entry, Event, Fact, Promise
from cases.queries.pulse import moment, parsed
from cases.queries.sums import BY_WORD
from cases.timeline import Kind

PAGE = 50
NAMES_ONE = (
    Kind.ASSIGNED, Kind.READER_NAMED, Kind.READER_REMOVED, Kind.COUNSEL_NAMED, Kind.CONFIDENTIAL_SET,
    Kind.ENTRY_ADDED,
)  # fmt: skip
SHOWN = ("case", "seq", "round", "kind", "at", "facts", "actor__name", "contact__name", "words__text")


@dataclass
class Happened:
    """One event as the timeline shows it. `names` maps user ids, `contacts` contact ids to names."""

    event: Event
    after_s: int
    entry: dict[str, Any] = field(default_factory=dict)
    unconfirmed: bool = False
    names: dict[int, str] = field(default_factory=dict)
    contacts: dict[int, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Name of the block that words it."""
        return self.event.kind

    @property
    def facts(self) -> dict[str, Any]:
        """What the event says."""
        return self.event.facts

    @property
    def who(self) -> str:
        """The colleague who did it; empty for the clock and for the customer."""
        return self.event.actor.name if self.event.actor else ""

    @property
    def them(self) -> str:
        """The customer's person it concerns."""
        return self.event.contact.name if self.event.contact else ""

    @property
    def voice(self) -> str:
        """Whose mark stands beside it: `customer`, `us` or `clock`."""
        said_by_them = self.kind == Kind.ENTRY_ADDED and self.facts.get("side") == Side.THEIRS
        if self.event.contact_id and (said_by_them or not self.event.actor_id):
            return "customer"
        return "us" if self.event.actor_id else "clock"

    @property
    def step(self) -> str:
        """The name of the step it concerns."""
        number = self.facts.get("step") or (self.facts.get("ref") if self.facts.get("due") == "step" else None)
        return StepNumber(number).label if number in StepNumber.values else ""

    @property
    def steps(self) -> list[str]:
        """The names of the steps it concerns, where it concerns several."""
        return [StepNumber(number).label for number in self.facts.get("steps", ())]

    @property
    def to(self) -> str:
        """The colleague it went to."""
        return self.names.get(self.facts.get("to"), "")

    @property
    def new_confirmer(self) -> str:
        """The customer's person who confirms from then on."""
        return self.contacts.get(self.facts.get("to"), "")

    @property
    def told(self) -> list[str]:
        """The colleagues who heard of it."""
        return [self.names[pk] for pk in self.facts.get("told", ()) if pk in self.names]

    @property
    def at(self) -> datetime:
        """When it happened: for an entry the moment it tells of, else when it was written."""
        return self.entry.get("said_at") or self.event.at

    @property
    def fact_at(self) -> datetime | None:
        """The moment among its facts: a due time or when something was carried out."""
        return moment(next(filter(None, map(self.facts.get, ("due_at", "until_at", "at"))), None))

    def user_ids(self) -> Iterator[int]:
        """The colleagues it names by id."""
        yield from self.facts.get("told", ())
        if self.kind in NAMES_ONE and self.facts.get("to"):
            yield self.facts["to"]


def happened(
    case: Case, *, before: int | None, last_letter_at: datetime, most: int = PAGE
) -> tuple[list[Happened], int | None]:
    """Return at most `most` events, newest first, and the number the next page starts before (None at the end)."""
    rows = Event.objects.filter(case=case).select_related("actor", "contact", "words").only(*SHOWN)
    rows = rows.filter(seq__lt=before) if before else rows
    events = list(rows.annotate(entry_row=_entry()).order_by("-seq")[: most + 1])
    shown = [_happened(event, case, last_letter_at) for event in events[:most]]
    return shown, shown[-1].event.seq if len(events) > most else None


def _entry() -> Subquery:
    """The entry whose words the event carries: how long it took, and what became of the letter."""
    row = JSONObject(
        pk="pk",
        kind="kind",
        side="side",
        said_at="at",
        minutes="minutes",
        state="message__state",
        sent_at="message__sent_at",
        inbound="inbound_id",
        to_mark=Exists(
            Due.objects.filter(case=OuterRef("case_id"), kind=DueKind.MARK, ref=OuterRef("pk"), closed_at=None)
        ),
    )
    return Subquery(Entry.objects.filter(words=OuterRef("words_id")).order_by().annotate(row=row).values("row")[:1])


def _happened(event: Event, case: Case, last_letter_at: datetime) -> Happened:
    entry = parsed(event.entry_row if event.kind == Kind.ENTRY_ADDED else None)
    said = entry.get("kind") in BY_WORD and entry["said_at"] > last_letter_at
    return Happened(event, int((event.at - case.received_at).total_seconds()), entry, said)


def discoveries(case: Case) -> dict[int, Discovery]:
    """Return the answers given, by question."""
    rows = Discovery.objects.filter(case=case).select_related("note", "by")
    return {row.question: row for row in rows}


def facts(case: Case) -> QuerySet[Fact]:
    """Return the facts of both sides, oldest first."""
    return Fact.objects.filter(case=case).select_related("words", "by")


def promises(case: Case) -> QuerySet[Promise]:
    """Return all promises by due time."""
    return Promise.objects.filter(case=case).select_related("words", "owner", "settled_by", "consent", "dispute")


def actions(case: Case) -> QuerySet[Action]:
    """Return all actions by due time."""
    return Action.objects.filter(case=case).select_related("words", "owner", "done_by", "checked_by")


def files(case: Case) -> QuerySet[CaseFile]:
    """Return the files, newest first."""
    return CaseFile.objects.filter(case=case).select_related("blob", "added_by")


def said(case: Case, entry: int) -> Entry | None:
    """Return one entry of ours that reached them, whose words may hold a promise."""
    ours = Entry.objects.filter(case=case, pk=entry, side=Side.OURS).exclude(kind=EntryKind.NOTE)
    return ours.select_related("words").first()


def only_said(case: Case, *, since: datetime) -> QuerySet[Entry]:
    """Return calls and meetings that no letter of ours has confirmed yet, oldest first."""
    return Entry.objects.filter(case=case, kind__in=BY_WORD, at__gt=since).select_related("words").order_by("at")
