"""The timetable: whatever happens by itself has its place in it."""

from recovery.celery import app

OURS = ("accounts", "mail", "cases", "surveys", "council", "recovery")


def test_timetable_starts_every_task_of_ours():
    app.loader.import_default_modules()
    known = {name for name in app.tasks if name.split(".")[0] in OURS}
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == known
