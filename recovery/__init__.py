"""The project: settings, addresses, the timetable. It wires the apps together and decides nothing."""

from recovery.celery import app as celery_app

__all__ = ["celery_app"]
