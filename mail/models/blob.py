"""Stored files, named by what is in them."""

from pathlib import Path

from django.conf import settings
from django.db import models


class Blob(models.Model):
    """One stored file; the same bytes are stored once. The path follows from the hash."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True, help_text="the bytes were taken away on request")

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        return settings.DATA_DIR / "files" / self.sha256[:2] / self.sha256[2:4] / self.sha256
