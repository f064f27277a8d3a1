"""What somebody has typed and not yet sent: nothing typed is lost."""

from django.db import models


class Draft(models.Model):
    """One half-written form of one person, kept on input pause, on blur and when the session ends."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120, help_text="which form on which case, such as case-2041-entry")
    body = models.JSONField(default=dict)
    rev = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once_per_form")]
