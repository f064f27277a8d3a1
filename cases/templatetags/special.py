"""What the case page shows of rare things: a pending end, the fast lane, cases that belong together."""

from typing import Any

from django import template

from cases.models import Relation
from cases.queries.case_page import Page

register = template.Library()


@register.simple_tag
def bonds(page: Page) -> list[dict[str, Any]]:
    """Return number and kind of each case linked with, split off from or merged into the one shown."""
    split = Relation.Kind.SPLIT
    named = [{**row, "shown": "became" if row["kind"] == split else "related"} for row in page.sums["list_named"]]
    naming = [{**row, "shown": "from" if row["kind"] == split else "related"} for row in page.sums["list_naming"]]
    merged = [{**row, "shown": "absorbed"} for row in page.sums["list_absorbed"]]
    return [*named, *naming, *merged]
