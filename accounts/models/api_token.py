"""What lets a program act as one person."""

from django.db import models


class ApiToken(models.Model):
    """One personal token of the API. The token itself is never stored, only its hash: see `accounts.tokens`.

    `by_company` tells that whoever made it had shown the second factor of the company's own sign-in.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    reads_only = models.BooleanField(default=True)
    by_company = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def works_at(self, now) -> bool:
        """Tell whether it opens anything at `now`, as far as the token itself goes."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class SentOnce(models.Model):
    """One request that a program named by a key of its own: sent again, it does nothing a second time.

    `mark` is a hash of person, what was asked and key; `made` the id of the row it made.
    """

    mark = models.CharField(max_length=64, unique=True)
    made = models.BigIntegerField()
    at = models.DateTimeField()
