"""Addresses elsewhere that are told what happens here, and what was told to each."""

from django.db import models
from django.db.models import Q


class Webhook(models.Model):
    """One address and the kinds of news it is told. `secret` is encrypted and shown once, when it is made.

    Events are pulled by id. Ids may be committed out of their order, so everything after `settled_id` is looked at
    again, and `settled_id` follows `seen_id` only once `seen_at` lies ten minutes back.
    """

    name = models.CharField(max_length=80)
    address = models.URLField(max_length=500)
    kinds = models.JSONField(default=list)
    secret = models.TextField(editable=False)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    settled_id = models.BigIntegerField(default=0)
    seen_id = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One piece of news for one address: a row first, told as often as it takes, always under the same id."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting"
        TOLD = "told", "Told"
        GIVEN_UP = "given_up", "Given up"
        WITHHELD = "withheld", "Withheld: the case became confidential"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField("what was answered", null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="news_told_once_an_address")]
        indexes = [models.Index(fields=["next_at", "id"], name="delivery_due", condition=Q(state="waiting"))]

    @property
    def message_id(self) -> str:
        """What receivers know it by, the same at every attempt."""
        return f"goldseam-{self.webhook_id}-{self.pk}"
