"""What keeps the house running: sweeps, rows set aside, imports, and what remains to be indexed."""

from django.db import models


class Sweep(models.Model):
    """One recurring sweep. A second start while the lease holds returns at once; correctness never needs it.

    `next_at` is when one that runs daily or weekly has its next turn; empty for those that run whenever asked.
    """

    name = models.CharField(max_length=40, unique=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    took_ms = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)


class SetAside(models.Model):
    """A row that broke its sweep: kept out of the way, shown, retryable."""

    sweep = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    ref = models.BigIntegerField()
    error = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["sweep", "kind", "ref"], name="set_aside_once")]


class ImportRun(models.Model):
    """One reading of a file of complaints."""

    file_name = models.CharField(max_length=255)
    mapping = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]


class ImportRefusal(models.Model):
    """A row that was not taken in, and why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["run", "line"]
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="refusal_once_a_line")]
