"""Addresses letters came back from for good: nothing is sent there until somebody writes from one, or it is changed."""

from django.db import models


class Suppression(models.Model):
    """One address that does not exist, known by its hash, so that nobody's address is kept here."""

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
