"""A sign of life that has travelled through the queue."""

from django.db import models


class Heartbeat(models.Model):
    """The last moment a named part of the running system was seen at work."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
