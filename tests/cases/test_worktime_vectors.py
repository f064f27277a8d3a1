"""Working time against vectors: our own, and those other projects state in their tests.

`GOLDSEAM_VECTORS` names another file of the same form. Every vector must be met exactly, unless it
carries a convention we decided against (docs/decisions/0003-working-time-conventions.md). For each
of those, `AGAINST` says what that convention makes of the same question, and that must be what the
vector expects: we differ from it only in the way we chose.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases import worktime
from cases.worktime import Calendar

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).with_name("worktime_vectors.json")
PEERS = Path(os.environ.get("GOLDSEAM_VECTORS") or ROOT.parent / "shared" / "data" / "business_time_vectors.json")
Vector = dict[str, Any]
SIGNED = {"add": 1, "subtract": -1}


def read(path: Path) -> list[Vector]:
    return json.loads(path.read_text(encoding="utf-8"))["vectors"]


def peers() -> list[Any]:
    if PEERS.exists() or "GOLDSEAM_VECTORS" in os.environ:
        return [pytest.param(vector, id=vector["id"]) for vector in read(PEERS)]
    reason = "the vectors of other projects are not on this machine; GOLDSEAM_VECTORS may name them"
    return [pytest.param(None, id="peers", marks=pytest.mark.skip(reason=reason))]


def pauses(vector: Vector) -> list[tuple[datetime, datetime]]:
    return [tuple(map(datetime.fromisoformat, pause)) for pause in vector.get("pauses", ())]


def ask(cal: Calendar, vector: Vector) -> Any:
    op, start = vector["op"], datetime.fromisoformat(vector["start"])
    if op in SIGNED:
        return getattr(worktime, op)(cal, start, vector["seconds"], pauses(vector))
    if op == "between":
        return worktime.between(cal, start, datetime.fromisoformat(vector["end"]), pauses(vector))
    if op == "add_days":
        return worktime.add_days(cal, start, vector["days"])
    return {"is_open": worktime.is_open, "next_open": worktime.next_open, "prev_open": worktime.prev_open}[op](
        cal, start
    )


def expected(vector: Vector) -> Any:
    return datetime.fromisoformat(vector["expect"]) if isinstance(vector["expect"], str) else vector["expect"]


def onward(cal: Calendar, vector: Vector) -> Callable[[Calendar, datetime], datetime]:
    amount = vector.get("days", SIGNED.get(vector["op"], 1))
    return worktime.prev_open if amount < 0 else worktime.next_open


def end_moves_on(cal: Calendar, vector: Vector) -> datetime:
    return onward(cal, vector)(cal, ask(cal, vector))


def start_moves_on(cal: Calendar, vector: Vector) -> datetime:
    return onward(cal, vector)(cal, datetime.fromisoformat(vector["start"]))


def never_negative(cal: Calendar, vector: Vector) -> int:
    return max(0, ask(cal, vector))


def wall(cal: Calendar, text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(cal.tz).replace(tzinfo=UTC)


def by_the_wall_clock(cal: Calendar, vector: Vector) -> Any:
    flat = Calendar("UTC", cal.hours, cal.holidays, cal.special)
    local = {key: wall(cal, vector[key]).isoformat() for key in ("start", "end") if key in vector}
    paused = [[wall(cal, text).isoformat() for text in pause] for pause in vector.get("pauses", ())]
    answer = ask(flat, vector | local | {"pauses": paused})
    return answer.replace(tzinfo=cal.tz) if isinstance(answer, datetime) else answer


def working_day(cal: Calendar, on: date, days: int) -> date:
    while days:
        on += timedelta(days=1 if days > 0 else -1)
        days -= bool(cal.stretches(on)) * (1 if days > 0 else -1)
    return on


def day_keeps_time(cal: Calendar, vector: Vector) -> datetime:
    local = datetime.fromisoformat(vector["start"]).astimezone(cal.tz)
    return datetime.combine(working_day(cal, local.date(), vector["days"]), local.time(), cal.tz)


def day_keeps_time_then_moves_on(cal: Calendar, vector: Vector) -> datetime:
    then = day_keeps_time(cal, vector)
    return then if worktime.is_open(cal, then) else onward(cal, vector)(cal, then)


AGAINST: dict[str, Callable[[Calendar, Vector], Any]] = {
    "due_at_next_open": end_moves_on,
    "zero_moves_to_open": start_moves_on,
    "zero_when_reversed": never_negative,
    "wall_clock_on_dst_day": by_the_wall_clock,
    "day_keeps_time_then_next_open": day_keeps_time_then_moves_on,
    "day_keeps_time_of_day_even_if_closed": day_keeps_time,
}


def check(vector: Vector) -> None:
    if vector["expect"] == "error":
        with pytest.raises(ValueError):  # a calendar or a question refused, with its reason
            ask(Calendar.from_facts(vector["calendar"]), vector)
        return
    cal, convention = Calendar.from_facts(vector["calendar"]), vector.get("convention", "")
    answer = ask(cal, vector)
    if answer != expected(vector) and convention in AGAINST:
        answer = AGAINST[convention](cal, vector)
    assert answer == expected(vector)


@pytest.mark.parametrize("vector", peers())
def test_worktime_vectors_of_other_projects_are_met(vector: Vector) -> None:
    check(vector)


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["id"]) for vector in read(OWN)])
def test_worktime_vectors_of_our_own_are_met(vector: Vector) -> None:
    check(vector)


@pytest.mark.parametrize("convention", AGAINST)
def test_worktime_vectors_show_how_we_differ_from_a_convention(convention: str) -> None:
    against = [vector for vector in read(OWN) if vector.get("convention") == convention]
    ours = [ask(Calendar.from_facts(vector["calendar"]), vector) for vector in against]
    assert ours == [datetime.fromisoformat(v["ours"]) if isinstance(v["ours"], str) else v["ours"] for v in against]
    assert all(answer != expected(vector) for answer, vector in zip(ours, against, strict=True)) and against


def test_worktime_vectors_calendars_survive_being_written_down() -> None:
    readable = [vector["calendar"] for vector in read(OWN) if vector["expect"] != "error"]
    assert [Calendar.from_facts(facts).to_facts() for facts in readable] == readable
