"""Teams, and the days somebody is away."""

from django.db import models


class Team(models.Model):
    """Account managers who stand in for one another, and their lead."""

    name = models.CharField(max_length=120, unique=True)
    lead = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="leading")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days on which somebody is away: both ends included, in their own time zone."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="absences")
    from_on = models.DateField("first day away")
    to_on = models.DateField("last day away")

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")), name="absence_ends_after_it_begins"
            )
        ]
