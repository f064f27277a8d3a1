"""What administrators set: categories, causes to pick from, calendars and policies.

Versions are immutable snapshots. A case names the version it opened with, so that a due time can be recomputed
from history to the same value at any time.
"""

from django.db import models


class Category(models.Model):
    """What a complaint is about."""

    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    retired = models.BooleanField("no longer offered", default=False)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class CauseKind(models.Model):
    """One entry of the taxonomy of causes. It names processes, never people."""

    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    retired = models.BooleanField("no longer offered", default=False)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Calendar(models.Model):
    """When somebody works: a name over a row of versions."""

    name = models.CharField(max_length=120, unique=True)
    is_default = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True, help_text="whose public holidays are copied in")
    region = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_calendar"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """An immutable snapshot: `facts` as `worktime.Calendar.from_facts` reads them."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    facts = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["calendar", "-number"]
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_once")]


class Policy(models.Model):
    """How much time each step has and who hears when it runs out: a name over a row of versions."""

    name = models.CharField(max_length=120, unique=True)
    is_default = models.BooleanField(default=False)
    category = models.ForeignKey("cases.Category", models.PROTECT, null=True, blank=True, related_name="policies")
    tier = models.CharField(max_length=10, blank=True, help_text="counts for customers of this tier only")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_policy"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """An immutable snapshot: `facts` as `policy.Rules` reads them."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    facts = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["policy", "-number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]
