"""The queue and the whole timetable: everything that happens by itself is listed here."""

import logging
import os

from celery import Celery, Task
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")
log = logging.getLogger(__name__)


class Sweep(Task):
    """A task that pulls its own work, so that it may be started late, twice or never without loss."""

    def nudge(self) -> None:
        """Ask for a start right after the commit; a queue that is down or absent only means a later start."""
        transaction.on_commit(self._start, robust=True)

    def _start(self) -> None:
        if not self.app.conf.queue_is_read:
            return
        try:
            self.apply_async(expires=55, retry=False)
        except Exception as error:  # the timetable starts it within a minute
            log.warning("Could not start %s at once: %s", self.name, error)


app = Celery("recovery", task_cls=Sweep)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(task: str, seconds: int) -> dict:
    """Plan `task`; a start that nobody took within 55 seconds is void, for the next one does its work."""
    return {"task": task, "schedule": seconds, "options": {"expires": 55}}


app.conf.beat_schedule = {
    "letters set out": _every("cases.tasks.set_out", 5),
    "letters leave": _every("mail.tasks.deliver", 10),
    "what became of letters": _every("cases.tasks.heed_mail", 60),
    "mailboxes are read": _every("mail.tasks.read_mailboxes", 60),
    "messages are taken in": _every("cases.tasks.take_in", 20),
    "deadlines are chased": _every("cases.tasks.chase", 60),
    "promises nobody marked are broken": _every("cases.tasks.promises", 60),
    "the unanswered question is asked again": _every("cases.tasks.remind", 60),
    "addresses elsewhere are told": _every("cases.tasks.tell_webhooks", 30),
    "public holidays are copied": _every("cases.tasks.holidays", 3600),
    "words are found": _every("cases.tasks.index_search", 60),
    "customers are asked": _every("surveys.tasks.invite", 60),
    "answers are judged": _every("surveys.tasks.judge", 60),
    "customers are reminded": _every("surveys.tasks.remind", 60),
    "the docket is ranked": _every("council.tasks.rank", 60),
    "large files are written": _every("council.tasks.export", 10),
    "figures are counted": _every("council.tasks.tally", 60),
    "votes are counted": _every("council.tasks.votes", 60),
    "low cases are seen by rule": _every("council.tasks.see", 60),
    "the timelines are anchored": _every("cases.tasks.anchor", 600),
    "the council has its weekly letter": _every("council.tasks.weekly", 600),
    "a sign of life": _every("recovery.tasks.heartbeat", 30),
}
# A queue in memory is read only in the process that serves: there `recovery.embedded` says so.
app.conf.queue_is_read = bool(os.environ.get("REDIS_URL"))
