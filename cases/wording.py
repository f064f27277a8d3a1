"""Sentences live in templates: one file a subject, one block a code.

`sentence` renders a block of a compiled template by its name, so that a row of a list costs no include.
"""

from functools import lru_cache
from html import unescape
from typing import Any

from django.template import Context, NodeList, Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils.html import strip_tags
from django.utils.safestring import SafeString


def sentence(name: str, block: str, context: Context) -> SafeString:
    """Return block `block` of template `name`, rendered in `context`; empty where there is no such block."""
    nodes = blocks_of(get_template(name).template).get(block)
    return nodes.render(context) if nodes is not None else SafeString("")


def plain_sentence(name: str, block: str, facts: dict[str, Any]) -> str:
    """Return the same outside a page, as one line of plain text without markup characters escaped."""
    template = get_template(name).template
    context = Context(facts, autoescape=False)
    with context.bind_template(template):
        return " ".join(sentence(name, block, context).split())


def as_text(name: str, block: str, facts: dict[str, Any]) -> str:
    """Return a sentence written for a page, outside any page, as one line of plain text without its markup."""
    template = get_template(name).template
    context = Context(facts)
    with context.bind_template(template):
        return " ".join(unescape(strip_tags(sentence(name, block, context))).split())


@lru_cache(maxsize=16)
def blocks_of(template: Template) -> dict[str, NodeList]:
    """Return the blocks of a compiled template by name."""
    return {node.name: node.nodelist for node in template.nodelist.get_nodes_by_type(BlockNode)}
