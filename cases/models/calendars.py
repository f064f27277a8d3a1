"""Which calendar counts for whom, and the days nobody works."""

from django.db import models
from django.db.models import Q


class CalendarUse(models.Model):
    """A team's or a customer's own calendar; without one the default counts."""

    calendar = models.ForeignKey("cases.Calendar", models.CASCADE, related_name="uses")
    team = models.OneToOneField("accounts.Team", models.CASCADE, null=True, blank=True, related_name="calendar_use")
    customer = models.OneToOneField(
        "cases.Customer", models.CASCADE, null=True, blank=True, related_name="calendar_use"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False, customer__isnull=True) | Q(team__isnull=True, customer__isnull=False),
                name="calendar_used_by_one",
            )
        ]


class Holiday(models.Model):
    """A day with other hours than its weekday: none at all, or the windows in `hours` (half days)."""

    calendar = models.ForeignKey("cases.Calendar", models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=120)
    hours = models.JSONField(default=list, blank=True)
    own = models.BooleanField(default=True, help_text="entered here; otherwise copied for country and region")

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["calendar", "on"], name="holiday_once_a_day")]
