"""The outbox: a letter is a row first, then it leaves."""

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT


class MessageState(models.TextChoices):
    """Where a letter stands on its way out."""

    QUEUED = "queued", "waiting to leave"
    SENDING = "sending", "leaving now"
    SENT = "sent", "sent"
    DEAD = "dead", "could not be sent"
    WITHHELD = "withheld", "called back before it left"


class MessageQuerySet(models.QuerySet):
    """Many letters."""

    def ready(self, now) -> "MessageQuerySet":
        """Keep those whose moment to leave has come."""
        return self.filter(state=MessageState.QUEUED, send_at__lte=now)

    def lost(self, before) -> "MessageQuerySet":
        """Keep those claimed before `before` and never settled: whoever sent them has died."""
        return self.filter(state=MessageState.SENDING, claimed_at__lt=before)

    def unheeded(self) -> "MessageQuerySet":
        """Keep those that left or died and whose owner has not yet drawn the consequence."""
        return self.filter(state__in=[MessageState.SENT, MessageState.DEAD], heeded_at__isnull=True)


class Message(models.Model):
    """One letter.

    `facts` feed the template when the letter is delivered, so that opening a case costs no rendering; `text`
    and `html` are what was really sent. Customer links stand as `{{pass:ID}}` in both and become links only
    at the SMTP edge. `key` names what the letter is for: the same letter is never queued twice. `about` is the number
    among the facts, kept by the database, so that letters to colleagues about one matter are found by an index.
    """

    key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    thread = models.ForeignKey("mail.Thread", models.PROTECT, null=True, related_name="messages")
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=8, default="en")
    facts = models.JSONField(default=dict)
    about = models.GeneratedField(
        expression=KT("facts__number"), output_field=models.TextField(null=True), db_persist=True
    )
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    queued_at = models.DateTimeField()
    send_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    heeded_at = models.DateTimeField(null=True, blank=True)
    sensitive = models.BooleanField(default=False, help_text="the body is emptied once sent")
    confidential = models.BooleanField(default=False)
    to_staff = models.BooleanField(default=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["send_at"], name="message_ready", condition=Q(state="queued")),
            models.Index(fields=["claimed_at"], name="message_in_flight", condition=Q(state="sending")),
            models.Index(fields=["id"], name="message_dead", condition=Q(state="dead")),
            models.Index(fields=["about"], name="message_to_staff_about", condition=Q(to_staff=True)),
            models.Index(
                fields=["id"],
                name="message_unheeded",
                condition=Q(state__in=["sent", "dead"], heeded_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(send_at__gte=F("queued_at")), name="message_leaves_after_it_was_queued"),
        ]

    def __str__(self) -> str:
        return self.subject or self.key


class Recipient(models.Model):
    """One address of one letter; a retry goes only to addresses still pending."""

    class State(models.TextChoices):
        """What became of the letter at this address."""

        PENDING = "pending", "waiting"
        ACCEPTED = "accepted", "accepted by the mail server"
        REFUSED = "refused", "refused by the mail server"
        BOUNCED = "bounced", "came back"

    message = models.ForeignKey(Message, models.CASCADE, related_name="recipients")
    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    error = models.TextField(blank=True)
    is_copy = models.BooleanField(default=False, help_text="reads along: named under Cc, without customer links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "address"], name="recipient_once_per_letter")]


class Enclosure(models.Model):
    """A stored file that travels with a letter, under the name its reader sees."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="enclosures")
    blob = models.ForeignKey("mail.Blob", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["message", "blob"], name="enclosed_once_per_letter")]
