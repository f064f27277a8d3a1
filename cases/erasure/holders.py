"""Who holds something of a person's: this app's own rows, and what the apps above register."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Pass
from cases.letters import status_target
from cases.models import Case, CaseFile, Confirmation, Contact, Entry, Event, Offer, Words
from cases.timeline import Kind

THEIR_PARTS = ("complaint", "remedy", "expected")


@dataclass(frozen=True)
class Holder:
    """One app's share: ids of words it keeps of a person and of links it gave them, its rows on given cases."""

    name: str
    words: Callable[[Contact], Iterable[int]]
    links: Callable[[Contact], Iterable[int]]
    rows: Callable[[Contact, QuerySet[Case]], list[dict]]


_HOLDERS: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Add an app's share. Called once when the app starts."""
    _HOLDERS[holder.name] = holder


def holders() -> Iterator[Holder]:
    """Yield every share there is."""
    yield from _HOLDERS.values()


def words_of(contact: Contact) -> set[int]:
    """Return the ids of all words by or about a person: what they said, and what we noted of talks with them."""
    cases = Q(case__reporter=contact)
    found = {
        *Event.objects.filter(contact=contact, words__isnull=False).values_list("words", flat=True),
        *Words.objects.filter(cases, part__in=THEIR_PARTS).values_list("pk", flat=True),
        *Entry.objects.filter(contact=contact).values_list("words", flat=True),
        *Offer.objects.filter(Q(case__confirmer=contact) | cases).values_list("answer_words", flat=True),
    }
    for pair in Confirmation.objects.filter(contact=contact).values_list("words", "spoken"):
        found.update(pair)
    for holder in holders():
        found.update(holder.words(contact))
    return found - {None}


def links_of(contact: Contact) -> set[int]:
    """Return the ids of the customer links a person was given."""
    found = set(Confirmation.objects.filter(contact=contact).values_list("link", flat=True))
    targets = [status_target(case, contact) for case in cases_of(contact)]
    status = Pass.objects.filter(purpose=Pass.Purpose.STATUS, target__in=targets)
    found.update(status.values_list("pk", flat=True))
    for holder in holders():
        found.update(holder.links(contact))
    return found - {None}


def cases_of(contact: Contact) -> QuerySet[Case]:
    """Return the cases a person has a part in: reported, confirms, or is named in an event."""
    named = Event.objects.filter(contact=contact).order_by().values("case")
    return Case.objects.filter(Q(reporter=contact) | Q(confirmer=contact) | Q(pk__in=named))


def files_of(contact: Contact) -> QuerySet[CaseFile]:
    """Return the files a person handed in themselves."""
    given = Event.objects.filter(contact=contact, kind=Kind.FILE_ADDED, actor=None).values_list("case", "at")
    chosen = Q(pk__in=[])
    for case, at in given:
        chosen |= Q(case=case, added_at=at, added_by=None)
    written = Confirmation.objects.filter(contact=contact, file__isnull=False).values("file")
    return CaseFile.objects.filter(chosen | Q(pk__in=written))
