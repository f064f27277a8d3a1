"""Figures of a standard period as they were a moment ago: a page costs the same however many cases there are."""

from django.db import models


class Sheet(models.Model):
    """One page's numbers for one audience: `all` cases, or only the `open` ones that are not confidential.

    `name` says which page and period, `first` on which day the period began. Made anew each minute by a sweep; a page
    that finds none fresh counts for itself. `body` is what `figures.sheets` packs.
    """

    name = models.CharField(max_length=40)
    audience = models.CharField(max_length=4)
    first = models.DateField()
    at = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "audience"], name="sheet_once_an_audience")]
