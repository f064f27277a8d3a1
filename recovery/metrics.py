"""Figures for Prometheus, read from the database when asked, so that every process answers the same."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from accounts.models import Heartbeat

CONTENT_TYPE = CONTENT_TYPE_LATEST


def page(*, now: datetime) -> bytes:
    """Return all figures at `now` in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(now))
    return generate_latest(registry)


class _Figures:
    """One reading of the installation."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def describe(self) -> list:
        """Name nothing in advance: registration must not read the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure."""
        yield self.signs_of_life()

    def signs_of_life(self) -> GaugeMetricFamily:
        """Age of the last sign of life that came through the queue."""
        ages = GaugeMetricFamily(
            "goldseam_heartbeat_age_seconds",
            "Seconds since a task last came through the queue",
            labels=["name"],
        )
        for name, at in Heartbeat.objects.values_list("name", "at"):
            ages.add_metric([name], (self.now - at).total_seconds())
        return ages
