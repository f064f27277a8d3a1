"""Links for people without an account: random, for one purpose, expiring, revocable."""

from django.db import models


class Pass(models.Model):
    """One customer link. The token itself is never stored: see `accounts.passes`."""

    class Purpose(models.TextChoices):
        """What the bearer may do; a pass opens one kind of page and no other."""

        CONFIRM = "confirm", "Confirm or refuse a resolution"
        SURVEY = "survey", "Answer a survey"
        STATUS = "status", "Follow a case"
        WALL = "wall", "Show the wall display"

    purpose = models.CharField(max_length=12, choices=Purpose)
    target = models.CharField(max_length=80, help_text="what it opens, named by the app that issued it")
    nonce = models.BinaryField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "passes"
        indexes = [models.Index(fields=["purpose", "target"], name="pass_by_target")]
