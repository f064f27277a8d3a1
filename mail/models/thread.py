"""A conversation by letter. Mail knows no case: the key is opaque."""

from django.db import models


class Thread(models.Model):
    """Letters that belong together in the reader's mailbox."""

    key = models.CharField(max_length=80, unique=True, help_text="given by the app that owns the conversation")
    reply_token = models.CharField(max_length=40, unique=True)
