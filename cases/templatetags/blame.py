"""The hint under words that blame a person."""

from collections.abc import Iterable
from typing import Any

from django import template

from cases.blame import blaming

register = template.Library()


@register.inclusion_tag("cases/_blame.html")
def blame_hint(text: str | None, names: Iterable[str] = ()) -> dict[str, Any]:
    """Point out what blames somebody in a text; nothing where nothing does. No statements."""
    return {"blames": blaming(text or "", names)}


@register.simple_tag
def colleagues(panel: dict[str, Any]) -> list[str]:
    """Return the names of colleagues a step's panel has read anyway. No statements."""
    return [name for _, name in panel["needs"].choices.get("people", ())]
