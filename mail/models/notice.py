"""A line for a colleague, shown under the bell."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """Something one colleague should know. `kind` and `facts`; the sentence is written by a template."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [models.Index(fields=["user"], name="notice_unread", condition=Q(read_at=None))]

    @property
    def sentences(self) -> list[str]:
        """The templates that may word this notice, best first: apps above add `notices/<kind>.txt`."""
        return [f"notices/{self.kind}.txt", "mail/_notice.txt"]

    @property
    def leads_inside(self) -> bool:
        """Tell whether `url` is a path of ours, the only kind a click may follow."""
        return self.url.startswith("/") and not self.url.startswith(("//", "/\\"))
