"""The administration log: what was changed about people, rules and the installation."""

from django.db import models


class AdminEvent(models.Model):
    """One administrative act. Append-only; facts are identifiers and numbers, never sentences."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
