"""What lies under the step panel: the open tab's rows and forms, read for this page only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms import Form
from django.template.loader import render_to_string
from django.urls import reverse

from cases import discovery, promise_moves
from cases.enums import DiscoveryAnswer, EntryKind, Side
from cases.forms.letter import LetterForm, kept
from cases.forms.record import ActionForm, CommitmentForm, EntryForm, FactForm, FilesForm, GapForm, RecordForm
from cases.models import Case, Promise
from cases.queries import composer, record, standing
from cases.queries.case_page import Page, draft_key, people_and, people_of
from cases.views import letter_desk
from cases.wording import plain_sentence

# What is written down by which address; an e-mail of ours is sent from its own.
KINDS = {kind.value: kind for kind in EntryKind if kind != EntryKind.EMAIL} | {"theirs": EntryKind.EMAIL}
WRITES = (EntryKind.EMAIL.value, *KINDS)


@dataclass(frozen=True)
class Given:
    """What a page was asked for, what its reader has half written, and forms that were sent and refused, by name."""

    asked: Mapping[str, str] = field(default_factory=dict)
    drafts: dict[str, dict] = field(default_factory=dict)
    bound: dict[str, Form] = field(default_factory=dict)


def context(page: Page, tab: str, given: Given) -> dict[str, Any]:
    """Return what the template of a tab needs; refused forms are shown instead of fresh ones. Two statements."""
    return {"tab": tab, "tab_template": f"cases/_{tab}.html", **READERS[tab](page, given)}


def everything(page: Page) -> dict[str, Any]:
    """Return the rows of all tabs, for paper."""
    case = page.case
    return {
        **_events(page, before=None, most=ON_PAPER),
        "facts_by_side": _by_side(case),
        "promises": record.promises(case),
        "actions": record.actions(case),
        "files": record.files(case),
        "questions": _questions(page, Given()),
    }


def url(name: str, case: Case) -> str:
    """Return the address of a form of this case."""
    return reverse(f"cases:{name}", kwargs={"pk": case.pk})


def _fresh(kind: type[RecordForm], page: Page, given: Given, *, name: str, initial=None, **needs) -> RecordForm:
    """Return the form as refused, else a fresh one with what was typed before and not sent."""
    key = draft_key(page.case, name)
    typed = {**(initial or {}), **given.drafts.get(key, {})}
    return given.bound.get(name) or kind(action=url(WHERE[name], page.case), draft=key, initial=typed, **needs)


ON_PAPER = 5_000  # events printed
WHERE = {"fact": "facts", "gap": "gap", "promise": "promises", "action": "actions", "files": "files"}


# Timeline


def _timeline(page: Page, given: Given) -> dict[str, Any]:
    draft = given.drafts.get(draft_key(page.case, "entry"), {})
    kind = given.asked.get("write") or str(draft.get("kind", ""))
    found = _events(page, before=_number(given.asked.get("before", "")), writes=kind == EntryKind.EMAIL)
    form = given.bound.get("entry")
    if form is None and page.rights.work and kind in WRITES:
        said = [one for one in reversed(found["events"]) if one.unconfirmed] if "confirm" in given.asked else []
        form = entry_form(page, kind, draft, confirming=said)
    return {**found, "entry_form": form}


def _number(asked: str) -> int | None:
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def _events(page: Page, *, before: int | None, writes: bool = False, most: int = record.PAGE) -> dict[str, Any]:
    last_letter_at = page.sums["last_letter_at"]
    events, older = record.happened(page.case, before=before, last_letter_at=last_letter_at, most=most)
    named = {pk for one in events for pk in one.user_ids()}
    beside = composer.parts(page.case, composer.language_of(page.case)) if writes else ()
    page.people, page.beside = people_and(page.case, beside, user_ids=named)
    names = {person.pk: person.name for person in page.staff}
    contacts = {person.pk: person.name for person in page.contacts}
    for one in events:
        one.names, one.contacts = names, contacts
    return {"events": events, "older": older, "before": before}


def entry_form(
    page: Page, kind: str, draft: dict[str, Any], *, confirming: Iterable[record.Happened] = ()
) -> EntryForm | LetterForm:
    """Return the composer for one kind of entry, with what was typed before, or what was said to be confirmed."""
    initial = kept(draft)
    if confirming:
        initial["text"] = render_to_string("cases/confirming.txt", {"said": confirming, "now": page.now}).strip()
    if kind == EntryKind.EMAIL:
        return _letter_form(page, initial)
    return EntryForm(
        kind=KINDS[kind],
        contacts=page.contacts,
        action=entry_url(page.case, kind),
        draft=draft_key(page.case, "entry"),
        initial={"contact": page.case.confirmer_id, **initial, "kind": kind},
    )


def _letter_form(page: Page, typed: dict[str, Any]) -> LetterForm:
    return letter_desk.letter_form(
        case=page.case,
        people=page.people,
        contact=page.case.confirmer,
        desk=composer.from_rows(page.beside, page.case),
        action=url("letter", page.case),
        now=page.now,
        typed=typed,
    )


def entry_url(case: Case, kind: str) -> str:
    """Return the address an entry is posted to."""
    return reverse("cases:entry", kwargs={"pk": case.pk, "kind": str(kind)})


# Discovery


def _discovery(page: Page, given: Given) -> dict[str, Any]:
    page.people = people_of(page.case, user_ids=_ours(page.case))
    questions = _questions(page, given)
    return {
        "questions": questions,
        "open_proposals": sum(1 for one in questions if one["proposed"] and not one["given"]),
        "answers": DiscoveryAnswer.choices,
        "asked_level": discovery.LEVEL_ASKED[page.case.severity],
    }


def _ours(case: Case) -> set[int]:
    """The colleagues a discovery answer is about: owner, lead, who logged it."""
    lead = case.team.lead_id if case.team else None
    return {pk for pk in (case.owner_id, lead, case.logged_by_id) if pk}


def _questions(page: Page, given: Given) -> list[dict[str, Any]]:
    answers = record.discoveries(page.case)
    proposed = discovery.proposals(standing.record(page))
    return [
        {**_question(number, answers.get(number), proposed.get(number)), "typed": _typed(page, number, given)}
        for number in discovery.QUESTIONS
    ]


def _question(number: int, answer, proposed) -> dict[str, Any]:
    """One question, its answer, and what the record proposes where that is something else."""
    differs = proposed is not None and (answer is None or answer.answer != proposed.answer)
    text = plain_sentence("cases/questions.html", f"question_{number}", {})
    return {"number": number, "text": text, "given": answer, "proposed": proposed, "differs": differs}


def _typed(page: Page, number: int, given: Given) -> dict[str, Any]:
    """What was typed for this question and not taken (with the reasons in `why`), or not sent."""
    asked, form = given.bound.get("discovery", (0, None))
    if asked != number:
        return given.drafts.get(draft_key(page.case, f"question-{number}"), {})
    why = [error for errors in form.errors.values() for error in errors]
    return {"why": why, **{name: form[name].value() or "" for name in ("answer", "note", "evidence")}}


# Facts, promises, actions, files


def _facts(page: Page, given: Given) -> dict[str, Any]:
    gap = getattr(page.case, "gap", None)
    marks = {name: getattr(gap, name) for name in ("promised_where", "in_writing", "valid")} if gap else {}
    return {
        "facts_by_side": _by_side(page.case),
        "fact_form": _fresh(FactForm, page, given, name="fact"),
        "gap_form": _fresh(GapForm, page, given, name="gap", initial={**page.words, **marks}),
        "gap": gap,
    }


def _by_side(case: Case) -> list[tuple[Side, list]]:
    rows = list(record.facts(case))
    return [(side, [fact for fact in rows if fact.side == side]) for side in (Side.THEIRS, Side.OURS)]


def _promises(page: Page, given: Given) -> dict[str, Any]:
    page.people = people_of(page.case, everybody=True)
    asked = given.asked.get("said", "")
    said = record.said(page.case, int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    initial = {"promise": said.words.text} if said else None
    form = _fresh(CommitmentForm, page, given, name="promise", initial=initial, staff=page.staff)
    return {"promises": _marked(page), "promise_form": form, "said": said}


def _marked(page: Page) -> list[Promise]:
    """The promises, each with what the reader may do with it."""
    rows = list(record.promises(page.case))
    for promise in rows:
        promise.case = page.case
        promise.may_mark = promise_moves.may_mark(user=page.user, promise=promise)
        promise.may_decide = promise_moves.may_decide(user=page.user, promise=promise)
    return rows


def _actions(page: Page, given: Given) -> dict[str, Any]:
    page.people = people_of(page.case, everybody=True)
    initial = {"owner": page.case.owner_id}
    form = _fresh(ActionForm, page, given, name="action", initial=initial, staff=page.staff)
    return {"actions": record.actions(page.case), "action_form": form}


def _files(page: Page, given: Given) -> dict[str, Any]:
    return {"files": record.files(page.case), "files_form": _fresh(FilesForm, page, given, name="files")}


READERS = {
    "timeline": _timeline,
    "discovery": _discovery,
    "facts": _facts,
    "promises": _promises,
    "actions": _actions,
    "files": _files,
}
