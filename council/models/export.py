"""A large table somebody asked for as a file: made in the background, with progress."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q


class ExportState(models.TextChoices):
    """Where the file stands."""

    WAITING = "waiting", "Waiting"
    WRITING = "writing", "Being written"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be written"


class Export(models.Model):
    """One file for one person. `what` names the table and `query` is the question as it stood in the address."""

    asked_by = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    what = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    count = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["ready", "failed"], finished_at__isnull=False)
                | Q(state__in=["waiting", "writing"], finished_at__isnull=True),
                name="export_finished_has_its_moment",
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="export_waiting", condition=Q(state__in=["waiting", "writing"])),
        ]

    @property
    def path(self) -> Path:
        """Where the file is once it is ready."""
        return settings.DATA_DIR / "exports" / f"{self.pk}.xlsx"

    @property
    def file_name(self) -> str:
        """The name it is handed out with."""
        return f"{self.what}-{self.asked_at:%Y-%m-%d}.xlsx"
