"""The container files say what the README says: the same programs, and no variable that does not exist."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
OURS = {name: one for name, one in SERVICES.items() if one.get("image") == "goldseam"}


def command(name: str) -> str:
    """Return what a service runs; the image's own command where it says nothing."""
    image = re.search(r"^CMD \[(.*)\]$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    words = OURS[name].get("command") or re.findall(r'"([^"]*)"', image[1])
    return " ".join(words)


def test_containers_run_the_programs_of_the_readme():
    told = [line.replace(".venv/bin/", "") for line in README.splitlines() if line.startswith(".venv/bin/")]
    run = {name: command(name).replace("0.0.0.0", "127.0.0.1") for name in OURS}
    assert set(run) == {"prepare", "web", "worker", "beat"}
    assert [name for name, line in run.items() if line not in told] == []


def test_only_one_timetable_runs_and_everything_waits_until_the_database_is_ready():
    waits = {name: set(one["depends_on"]) for name, one in OURS.items()}
    after = {"prepare", "redis"}
    assert waits == {"prepare": {"db"}, "web": after, "worker": after, "beat": after}
    assert [name for name in OURS if "beat" in command(name)] == ["beat"]


def test_variables_of_the_containers_are_those_of_the_readme():
    known = set(re.findall(r"`([A-Z][A-Z_]+)`", README))
    named = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", COMPOSE))
    assert named - known == {"DB_PASSWORD", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}
