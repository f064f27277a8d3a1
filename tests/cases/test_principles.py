"""Hitt's seven lights: each value of each light, from a pulse alone; and the words each of them has."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from cases import principles
from cases.principles import Light, Pulse
from cases.wording import blocks_of

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CALM = Pulse(now=NOW, is_open=True, confirmed=False, silently=False, channel="phone", fault="unknown")

TABLE = [
    ("solution_before_fault", {}, Light.NOT_DUE, "not_asked"),
    ("solution_before_fault", {"cause_at": NOW}, Light.RED, "cause_before_remedy"),
    ("solution_before_fault", {"remedy_at": NOW, "cause_at": NOW - HOUR}, Light.REPAIRED, "asked_late"),
    ("solution_before_fault", {"remedy_at": NOW, "cause_at": NOW}, Light.GREEN, "asked_first"),
    ("solution_before_fault", {"remedy_at": NOW}, Light.GREEN, "asked_first"),
    ("admit_quickly", {}, Light.NOT_DUE, "fault_unknown"),
    ("admit_quickly", {"fault": "not_ours"}, Light.NOT_DUE, "not_ours"),
    ("admit_quickly", {"fault": "ours", "admit_by": NOW + HOUR}, Light.NOT_DUE, "not_admitted"),
    ("admit_quickly", {"fault": "shared", "admit_by": NOW - HOUR}, Light.RED, "not_admitted"),
    ("admit_quickly", {"fault": "ours", "admit_by": NOW, "admitted_at": NOW}, Light.GREEN, "admitted"),
    ("admit_quickly", {"fault": "ours", "admit_by": NOW - HOUR, "admitted_at": NOW}, Light.REPAIRED, "admitted"),
    ("it_wont_go_away", {"silence_due_at": NOW}, Light.GREEN, "in_touch"),
    ("it_wont_go_away", {"silence_due_at": NOW - HOUR}, Light.RED, "silent_now"),
    ("it_wont_go_away", {"silence_due_at": NOW + HOUR, "silences_missed": 1}, Light.REPAIRED, "was_silent"),
    ("it_wont_go_away", {"silence_due_at": NOW - HOUR, "is_open": False}, Light.GREEN, "in_touch"),
    ("it_wont_go_away", {"channel": "found"}, Light.NOT_DUE, "not_told"),
    ("it_wont_go_away", {"channel": "found", "told_first": True}, Light.GREEN, "in_touch"),
    ("start_with_the_facts", {}, Light.NOT_DUE, "no_facts"),
    ("start_with_the_facts", {"facts_ours": 2}, Light.NOT_DUE, "one_side"),
    ("start_with_the_facts", {"facts_ours": 1, "facts_theirs": 1}, Light.GREEN, "both_sides"),
    ("start_with_the_facts", {"facts_ours": 1, "offered_at": NOW}, Light.RED, "offered_without_facts"),
    ("trust_one_step_at_a_time", {}, Light.NOT_DUE, "no_promise"),
    ("trust_one_step_at_a_time", {"promises_open": 1}, Light.NOT_DUE, "promise_next"),
    ("trust_one_step_at_a_time", {"promises_open": 2, "promises_late": 1}, Light.RED, "promise_late"),
    ("trust_one_step_at_a_time", {"promises_kept": 2}, Light.GREEN, "promises_kept"),
    ("trust_one_step_at_a_time", {"promises_broken": 1, "promises_open": 1}, Light.RED, "promise_broken"),
    ("trust_one_step_at_a_time", {"promises_broken": 1, "confirmed": True}, Light.REPAIRED, "promise_broken"),
    ("do_something_now", {}, Light.RED, "no_action"),
    ("do_something_now", {"actions_open": 1, "next_action_at": NOW + HOUR}, Light.GREEN, "action_next"),
    ("do_something_now", {"promises_open": 1, "next_promise_at": NOW + HOUR}, Light.GREEN, "action_next"),
    ("do_something_now", {"actions_open": 2, "actions_late": 1}, Light.RED, "action_late"),
    ("do_something_now", {"is_open": False}, Light.GREEN, "nothing_open"),
    ("customer_first", {}, Light.NOT_DUE, "word_to_come"),
    ("customer_first", {"refused": 1}, Light.NOT_DUE, "refused"),
    ("customer_first", {"confirmed": True}, Light.GREEN, "confirmed"),
    ("customer_first", {"confirmed": True, "refused": 1}, Light.REPAIRED, "confirmed"),
    ("customer_first", {"silently": True}, Light.RED, "silent_only"),
    ("customer_first", {"confirmed": True, "waived_after_confirmation": 1}, Light.RED, "waived_after"),
]


@pytest.mark.parametrize(("principle", "pulse", "light", "why"), TABLE)
def test_principle_shows_its_light_and_says_why(principle, pulse, light, why):
    verdict = getattr(principles, principle)(replace(CALM, **pulse))
    assert (verdict.light, verdict.why) == (light, why)


def test_lights_come_in_hitts_order():
    assert [verdict.number for verdict in principles.lights(CALM)] == [1, 2, 3, 4, 5, 6, 7]


def test_lights_have_words_for_every_reason_and_act():
    source = (Path(settings.BASE_DIR) / "cases" / "principles.py").read_text()
    body = source[source.index("def solution_before_fault") :]
    codes = set(re.findall(r'"([a-z]+(?:_[a-z]+)+|refused|confirmed|admitted)"', body))
    codes -= {"kept", "broken", "all", "verified", "held", "watch_at"}
    acts = {code for code in codes if f"act_{code}" in blocks_of(get_template("cases/lights.html").template)}
    blocks = blocks_of(get_template("cases/lights.html").template)
    assert [code for code in codes - acts if code not in blocks] == []
    assert {verdict for *_, verdict in TABLE} <= set(blocks)
