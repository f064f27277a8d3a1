"""Figures for Prometheus, read from the database when asked, so that every process answers the same."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from accounts.models import Heartbeat
from cases.models import Delivery, Due, IntakeItem, SetAside, Sweep
from mail.models import Inbound, Mailbox, Message, MessageState

CONTENT_TYPE = CONTENT_TYPE_LATEST
_WAITING = (MessageState.QUEUED, MessageState.SENDING, MessageState.DEAD)


def page(*, now: datetime) -> bytes:
    """Return all figures at `now` in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(now))
    return generate_latest(registry)


class _Figures:
    """One reading of the installation; everything is an indexed count of what waits, never of what exists."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def describe(self) -> list:
        """Name nothing in advance: registration must not read the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure."""
        yield self.signs_of_life()
        yield self.letters()
        yield self.oldest_letter()
        yield from self.messages()
        yield _gauge("overdue", "Open due things past their time", self.overdue())
        waiting = Delivery.objects.filter(state=Delivery.State.WAITING, webhook__stopped_at=None).count()
        yield _gauge("webhooks_waiting", "News that addresses elsewhere have not been told yet", waiting)
        yield from self.sweeps()
        yield _gauge("set_aside", "Rows that broke a sweep and wait for a person", SetAside.objects.count())

    def signs_of_life(self) -> GaugeMetricFamily:
        """Age of the last sign of life that came through the queue."""
        ages = _family("heartbeat_age_seconds", "Seconds since a task last came through the queue", "name")
        for name, at in Heartbeat.objects.values_list("name", "at"):
            ages.add_metric([name], (self.now - at).total_seconds())
        return ages

    def letters(self) -> GaugeMetricFamily:
        """Letters that have not left, by state."""
        found = Message.objects.filter(state__in=_WAITING).order_by().values_list("state")
        counts = dict(found.annotate(count=Count("id")))
        letters = _family("letters_unsent", "Letters that have not left", "state")
        for state in _WAITING:
            letters.add_metric([state.value], counts.get(state.value, 0))
        return letters

    def oldest_letter(self) -> GaugeMetricFamily:
        """How long the oldest letter whose moment has come waits."""
        oldest = Message.objects.ready(self.now).aggregate(at=Min("send_at"))["at"]
        wait = (self.now - oldest).total_seconds() if oldest else 0
        return _gauge("letter_wait_seconds", "How long the oldest letter that may leave has waited", wait)

    def messages(self) -> Iterator[GaugeMetricFamily]:
        """Messages that reached us and wait: to be read, to be put where they belong, for somebody to decide."""
        unread = Inbound.objects.unread().count() + Inbound.objects.waiting().count()
        yield _gauge("messages_unread", "Messages stored and not taken in yet", unread)
        late = IntakeItem.objects.filter(state="waiting", due_at__lt=self.now).count()
        yield _gauge("intake_overdue", "Messages that belong to no case and wait longer than two working hours", late)
        failing = Mailbox.objects.filter(is_active=True).exclude(error="").count()
        yield _gauge("mailboxes_failing", "Mailboxes that cannot be read", failing)

    def overdue(self) -> int:
        """Open due things past their time."""
        return Due.objects.filter(closed_at=None, due_at__lt=self.now).count()

    def sweeps(self) -> Iterator[GaugeMetricFamily]:
        """When each sweep ran last, and how long it took."""
        ages = _family("sweep_age_seconds", "Seconds since the sweep last began", "name")
        took = _family("sweep_seconds", "How long the sweep's last run took", "name")
        for name, at, ms in Sweep.objects.exclude(ran_at=None).values_list("name", "ran_at", "took_ms"):
            ages.add_metric([name], (self.now - at).total_seconds())
            took.add_metric([name], ms / 1000)
        yield from (ages, took)


def _family(name: str, help_text: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"goldseam_{name}", help_text, labels=[label])


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"goldseam_{name}", help_text, value=value)
