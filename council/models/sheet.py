"""Figures of a standard period as they were a moment ago: a page costs the same however many cases there are."""

from datetime import datetime, timedelta

from django.db import models

FIRST, OTHERS = 10, 60  # this quarter is what pages open with


class Sheet(models.Model):
    """One page's numbers for one audience: `all` cases, or only the `open` ones that are not confidential.

    `name` says which page and period, `first` on which day the period began, `body` is what `figures.sheets` packs.
    Made anew each minute by a sweep, less often where it takes more than five seconds; a page that finds none that is
    still good counts for itself.
    """

    name = models.CharField(max_length=40)
    audience = models.CharField(max_length=4)
    first = models.DateField()
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0, help_text="a costly sheet is made less often, and kept longer")
    body = models.JSONField()

    @property
    def due_at(self) -> datetime:
        """When it is worth making anew: after 50 seconds, or many times what it took, so that others get their turn."""
        times = FIRST if self.name.endswith("-quarter") else OTHERS
        return self.at + max(timedelta(seconds=50), timedelta(milliseconds=times * self.took_ms))

    @property
    def good_until(self) -> datetime:
        """Until when pages use it: twice as long."""
        return self.at + 2 * (self.due_at - self.at)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "audience"], name="sheet_once_an_audience")]
