"""What lies under the step panel: the open tab's rows and forms, read for this page only."""

from collections.abc import Iterable
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from cases import discovery
from cases.enums import DiscoveryAnswer, EntryKind, Side
from cases.forms.record import ActionForm, CommitmentForm, EntryForm, FactForm, FilesForm, GapForm
from cases.models import Case
from cases.queries import record, standing
from cases.queries.case_page import Page, draft_key, people_of
from cases.wording import plain_sentence

Forms = dict[str, Form]


def context(request: HttpRequest, page: Page, tab: str, bound: Forms) -> dict[str, Any]:
    """Return what the template of a tab needs; forms in `bound` are shown instead of fresh ones. Two statements."""
    return {"tab": tab, "tab_template": f"cases/_{tab}.html", **READERS[tab](request, page, bound)}


def everything(page: Page) -> dict[str, Any]:
    """Return the rows of all tabs, for paper."""
    case = page.case
    return {
        **_events(page, before=None),
        "facts_by_side": _by_side(case),
        "promises": record.promises(case),
        "actions": record.actions(case),
        "files": record.files(case),
        "questions": _questions(page),
    }


def _timeline(request: HttpRequest, page: Page, bound: Forms) -> dict[str, Any]:
    before = request.GET.get("before", "")
    found = _events(page, before=int(before) if before.isdecimal() and len(before) < 10 else None)
    kind = request.GET.get("write") or page.sums["draft"].get("kind", "")
    form = bound.get("entry")
    if form is None and page.rights.work and kind in EntryKind.values:
        said = [one for one in reversed(found["events"]) if one.unconfirmed] if "confirm" in request.GET else []
        form = entry_form(page, EntryKind(kind), confirming=said)
    return {**found, "entry_form": form}


def _events(page: Page, *, before: int | None) -> dict[str, Any]:
    last_letter_at = page.sums["last_letter_at"]
    events, older = record.happened(page.case, before=before, last_letter_at=last_letter_at)
    named = {pk for one in events for pk in one.user_ids()}
    page.people = people_of(page.case, user_ids=named)
    names = {person.pk: person.name for person in page.staff}
    contacts = {person.pk: person.name for person in page.contacts}
    for one in events:
        one.names, one.contacts = names, contacts
    return {"events": events, "older": older, "before": before}


def entry_form(page: Page, kind: EntryKind, *, confirming: Iterable[record.Happened] = ()) -> EntryForm:
    """Return the composer for one kind of entry, with what was typed before, or what was said to be confirmed."""
    initial = {"contact": page.case.confirmer_id, "subject": page.case.title}
    if confirming:
        initial["text"] = render_to_string("cases/confirming.txt", {"said": confirming, "now": page.now}).strip()
    return EntryForm(
        kind=kind,
        contacts=page.contacts,
        action=entry_url(page.case, kind),
        draft=draft_key(page.case),
        initial={**initial, **page.sums["draft"], "kind": kind},
    )


def entry_url(case: Case, kind: str) -> str:
    """Return the address an entry is posted to."""
    return reverse("cases:entry", kwargs={"pk": case.pk, "kind": str(kind)})


def url(name: str, case: Case) -> str:
    """Return the address of a form of this case."""
    return reverse(f"cases:{name}", kwargs={"pk": case.pk})


def _discovery(request: HttpRequest, page: Page, bound: Forms) -> dict[str, Any]:
    page.people = people_of(page.case, user_ids=_ours(page.case))
    questions = _questions(page)
    return {
        "questions": questions,
        "open_proposals": sum(1 for one in questions if one["proposed"] and not one["given"]),
        "answers": DiscoveryAnswer.choices,
        "asked_level": discovery.LEVEL_ASKED[page.case.severity],
        "refused": _refused(*bound.get("discovery", ())),
    }


def _refused(number: int = 0, form: Form | None = None) -> dict[str, Any]:
    """The question sent and not taken: what was typed, and why it was not taken."""
    if form is None:
        return {}
    why = [error for errors in form.errors.values() for error in errors]
    return {"number": number, "answer": form["answer"].value(), "note": form["note"].value() or "", "why": why}


def _ours(case: Case) -> set[int]:
    """The colleagues a discovery answer is about: owner, lead, who logged it."""
    lead = case.team.lead_id if case.team else None
    return {pk for pk in (case.owner_id, lead, case.logged_by_id) if pk}


def _questions(page: Page) -> list[dict[str, Any]]:
    answers = record.discoveries(page.case)
    proposed = discovery.proposals(standing.record(page))
    return [_question(number, answers.get(number), proposed.get(number)) for number in discovery.QUESTIONS]


def _question(number: int, given, proposed) -> dict[str, Any]:
    """One question, its answer, and what the record proposes where that is something else."""
    differs = proposed is not None and (given is None or given.answer != proposed.answer)
    text = plain_sentence("cases/questions.html", f"question_{number}", {})
    return {"number": number, "text": text, "given": given, "proposed": proposed, "differs": differs}


def _facts(request: HttpRequest, page: Page, bound: Forms) -> dict[str, Any]:
    case = page.case
    gap = getattr(case, "gap", None)
    marks = {"promised_where": gap.promised_where, "in_writing": gap.in_writing, "valid": gap.valid} if gap else {}
    return {
        "facts_by_side": _by_side(case),
        "fact_form": bound.get("fact") or FactForm(action=url("facts", case), draft=f"case-{case.pk}-fact"),
        "gap_form": bound.get("gap") or GapForm(action=url("gap", case), initial={**page.words, **marks}),
        "gap": gap,
    }


def _by_side(case: Case) -> list[tuple[Side, list]]:
    rows = list(record.facts(case))
    return [(side, [fact for fact in rows if fact.side == side]) for side in (Side.THEIRS, Side.OURS)]


def _promises(request: HttpRequest, page: Page, bound: Forms) -> dict[str, Any]:
    case = page.case
    page.people = people_of(case, everybody=True)
    fresh = CommitmentForm(staff=page.staff, action=url("promises", case), draft=f"case-{case.pk}-promise")
    return {"promises": record.promises(case), "promise_form": bound.get("promise") or fresh}


def _actions(request: HttpRequest, page: Page, bound: Forms) -> dict[str, Any]:
    case = page.case
    page.people = people_of(case, everybody=True)
    initial = {"owner": case.owner_id}
    fresh = ActionForm(staff=page.staff, action=url("actions", case), draft=f"case-{case.pk}-action", initial=initial)
    return {"actions": record.actions(case), "action_form": bound.get("action") or fresh}


def _files(request: HttpRequest, page: Page, bound: Forms) -> dict[str, Any]:
    case = page.case
    return {
        "files": record.files(case),
        "files_form": bound.get("files") or FilesForm(action=url("files", case)),
    }


READERS = {
    "timeline": _timeline,
    "discovery": _discovery,
    "facts": _facts,
    "promises": _promises,
    "actions": _actions,
    "files": _files,
}
