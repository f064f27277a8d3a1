"""Sentences and marks of the case page. Nothing here reads the database."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Choices
from django.urls import reverse
from django.utils.safestring import SafeString

from cases import access, enums, holiday_places
from cases.discovery import Proposal
from cases.letter_kinds import LetterAct
from cases.principles import Verdict
from cases.queries.record import Happened
from cases.queries.standing import Stop
from cases.wording import sentence

register = template.Library()

LIGHT_NAMES = {"not_due": "not_yet"}
ACTS = {
    "ask_remedy": ("change", "remedy"),
    "set_fault": ("change", "fault"),
    "admit": ("entry", "call"),
    "tell_first": ("step", 1),
    "break_silence": ("entry", "call"),
    "add_facts": ("tab", "facts"),
    "settle_promise": ("tab", "promises"),
    "check_in": ("place", "trust"),
    "make_promise": ("tab", "promises"),
    "finish_action": ("tab", "actions"),
    "plan_action": ("tab", "actions"),
    "ask_confirm": ("step", 3),
}
UNITS = {"h": ("working hour", "working hours"), "d": ("working day", "working days"), "m": ("minute", "minutes")}
STROKES = 10


@register.filter
def logs(user) -> bool:
    """Tell whether this person may log a complaint."""
    return access.may_log(user)


@register.filter
def works(user, case) -> bool:
    """Tell whether this person may write on a case shown as a row; a deputy finds that out on its page."""
    return access.works_near(user, case)


@register.simple_tag(takes_context=True)
def event(context: template.Context, happened: Happened) -> SafeString:
    """Return the sentence of one event: the block of its kind in `cases/events.html`."""
    with context.push(e=happened):
        return sentence("cases/events.html", happened.kind, context)


@register.simple_tag(takes_context=True)
def proposal(context: template.Context, proposed: Proposal) -> SafeString:
    """Return why the record answers a discovery question as it does."""
    with context.push(**proposed.facts):
        return sentence("cases/proposals.html", proposed.why, context)


@register.simple_tag(takes_context=True)
def worded(context: template.Context, name: str, block: str) -> SafeString:
    """Return block `block` of `cases/<name>.html`, such as the text of a discovery question."""
    return sentence(f"cases/{name}.html", block, context)


@register.simple_tag(takes_context=True)
def level(context: template.Context, number: int) -> SafeString:
    """Return the name of a management level from 1 to 4."""
    return sentence("cases/questions.html", f"level_{number}", context)


@register.simple_tag(takes_context=True)
def rail_stops(context: template.Context, stops: Iterable[Stop]) -> list[dict[str, Any]]:
    """Return the steps as the rail shows them, each with its note in words and its address."""
    base = context["case"].get_absolute_url()
    return [_stop(context, stop, base) for stop in stops]


def _stop(context: template.Context, stop: Stop, base: str) -> dict[str, Any]:
    with context.push(stop=stop, **stop.facts):
        note = sentence("cases/notes.html", stop.note, context).strip()
    shown = {"number": stop.number, "name": stop.name, "shown": stop.shown, "due_at": stop.due_at}
    why = f"{base}why/{stop.clock}/" if stop.clock else ""
    return {**shown, "note": SafeString(note), "url": f"{base}?step={stop.number}", "why": why}


@register.simple_tag(takes_context=True)
def shown_lights(context: template.Context, verdicts: Iterable[Verdict], acts: bool = True) -> list[dict[str, Any]]:
    """Return the seven lights with name, reason and, for whoever may act, the next act."""
    acts = acts and context["page"].rights.work
    return [_light(context, verdict, acts) for verdict in verdicts]


def _light(context: template.Context, verdict: Verdict, acts: bool) -> dict[str, Any]:
    value = str(verdict.light)
    with context.push(**verdict.facts):
        reason = sentence("cases/lights.html", verdict.why, context).strip()
        name = sentence("cases/lights.html", f"principle_{verdict.number}", context)
    light = {"name": name, "value": LIGHT_NAMES.get(value, value), "reason": SafeString(reason)}
    if not verdict.act or not acts:
        return light
    act = sentence("cases/lights.html", f"act_{verdict.act}", context)
    return {**light, "url": _act_url(context["case"], *ACTS[verdict.act]), "act": act}


def _act_url(case, kind: str, what: str | int) -> str:
    if kind == "place":
        return f"{case.get_absolute_url()}#{what}"
    if kind in ("step", "tab"):
        return f"{case.get_absolute_url()}?{kind}={what}" + ("#tab" if kind == "tab" else "")
    argument = "what" if kind == "change" else "kind"
    return reverse(f"cases:{kind}", kwargs={"pk": case.pk, argument: what})


@register.simple_tag
def strokes(promises: dict[str, int]) -> list[str]:
    """Return one mark for each recovery promise, at most ten: kept, broken, then those still to come."""
    marks = ["kept"] * promises.get("kept", 0) + ["broken"] * promises.get("broken", 0)
    return (marks + [""] * promises.get("open", 0))[:STROKES]


@register.simple_tag
def promise_strokes(trust: Any) -> list[str]:
    """Return the same for a customer, from how many promises were kept, broken and are open."""
    return strokes({"kept": trust.kept, "broken": trust.broken, "open": trust.open})


@register.filter
def label(value: Any, name: str) -> str:
    """Return what people read for a value of the list `name` in `cases.enums`, or of acts of letters; others as is."""
    choices = LetterAct if name == LetterAct.__name__ else getattr(enums, name, None)
    if not isinstance(choices, type) or not issubclass(choices, Choices):
        raise ValueError(f"no such list: {name}")
    return dict(choices.choices).get(value, value)


@register.filter
def country(letters: str) -> str:
    """Return the name of a country by its two letters."""
    return holiday_places.name_of(letters)


@register.filter
def allowed(text: str | None) -> str:
    """Write a policy's time in words: `4h` makes "4 working hours"."""
    if not text:
        return ""
    amount, (one, many) = int(text[:-1]), UNITS[text[-1]]
    return f"{amount} {one if amount == 1 else many}"


@register.filter
def worked(seconds: float | None) -> str:
    """Write a length of working time, which has no days of 24 hours: 20400 makes "5 h 40 m", 131400 "36 h 30 m"."""
    if seconds is None or seconds == "":
        return ""
    hours, minutes = divmod(round(int(seconds) / 60), 60)
    if not hours:
        return f"{minutes}\u00a0min"
    return f"{hours}\u00a0h\u00a0{minutes}\u00a0m" if minutes else f"{hours}\u00a0h"


@register.filter
def short_name(name: object) -> str:
    """Write a name for narrow places: "Marta Keller" makes "M. Keller"."""
    parts = str(name or "").split()
    return f"{parts[0][0]}. {parts[-1]}" if len(parts) > 1 else str(name or "")


@register.filter
def nth(number: int) -> str:
    """Write a place in a row: 3 makes "3rd"."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
