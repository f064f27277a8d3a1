"""What the council may do, in the sponsor's words; shown to all staff."""

from django.db import models


class Mandate(models.Model):
    """One version of the powers. A new one never changes an earlier one; the newest counts."""

    number = models.PositiveIntegerField(unique=True)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
