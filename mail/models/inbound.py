"""Mail in: where it comes from, each message with its raw bytes, and what hangs on it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Mailbox(models.Model):
    """An IMAP mailbox that is read by itself. The password is kept encrypted and never shown again."""

    class Safety(models.TextChoices):
        """How the connection is kept from listeners."""

        TLS = "tls", "TLS from the start (port 993)"
        STARTTLS = "starttls", "STARTTLS (port 143)"
        NONE = "none", "Not encrypted, for a server on this machine"

    name = models.CharField(max_length=80)
    host = models.CharField("server", max_length=253)
    port = models.PositiveIntegerField(default=993)
    safety = models.CharField("connection", max_length=10, choices=Safety, default=Safety.TLS)
    username = models.CharField("user name", max_length=254)
    secret = models.TextField(blank=True, editable=False, help_text="the password, encrypted")
    folder = models.CharField(max_length=120, default="INBOX")
    takes_old = models.BooleanField("takes in what lies there already", default=False)
    is_active = models.BooleanField("is read every minute", default=True)
    uidvalidity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "mailboxes"
        constraints = [
            models.UniqueConstraint(Lower("host"), "username", "folder", name="mailbox_once"),
        ]

    def __str__(self) -> str:
        return self.name


class InboundState(models.TextChoices):
    """Where a message stands on its way in."""

    STORED = "stored", "stored, not read yet"
    READ = "read", "read, not sorted yet"
    TAKEN = "taken", "taken in"
    DOUBLE = "double", "came before"
    QUARANTINED = "quarantined", "could not be read"


class InboundQuerySet(models.QuerySet):
    """Many messages."""

    def unread(self) -> "InboundQuerySet":
        """Keep those that are stored and have not been read."""
        return self.filter(state=InboundState.STORED)

    def waiting(self) -> "InboundQuerySet":
        """Keep those that are read and wait to be taken in."""
        return self.filter(state=InboundState.READ)


class Inbound(models.Model):
    """One message that reached us. `raw` are its bytes as they came, stored before anything looked into them.

    `kind` is one of `mail.inbound.kinds.Kind`; `reply` is `text` without quotation and signature. `note` says why a
    message is not acted on as a person's word although it looks like one: `flood`, `our_own`.
    """

    class Source(models.TextChoices):
        """By which door it came."""

        COMMAND = "command", "handed in by the mail server"
        IMAP = "imap", "read from a mailbox"
        WEBHOOK = "webhook", "handed in by the mail provider"
        FORM = "form", "written on our page"
        NOTICE = "notice", "reported by the mail provider"

    raw = models.ForeignKey("mail.Blob", models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    mailbox = models.ForeignKey(Mailbox, models.SET_NULL, null=True, blank=True, related_name="messages")
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    uid = models.BigIntegerField(null=True, blank=True)
    received_at = models.DateTimeField(help_text="when we stored it")
    written_at = models.DateTimeField(null=True, blank=True, help_text="what its Date header says")
    state = models.CharField(max_length=12, choices=InboundState, default=InboundState.STORED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    kind = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=12, blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    answers = models.JSONField(default=list, blank=True)
    receivers = models.JSONField(default=list, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_proved = models.BooleanField(default=False, help_text="a mail server of ours vouches for the sender")
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    html = models.TextField(blank=True)
    is_forwarded = models.BooleanField(default=False)
    bounce = models.JSONField(default=dict, blank=True)
    left_out = models.PositiveIntegerField(default=0, help_text="parts beyond the limits")
    thread = models.ForeignKey("mail.Thread", models.PROTECT, null=True, blank=True, related_name="inbound")

    objects = InboundQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="inbound_stored", condition=Q(state="stored")),
            models.Index(fields=["id"], name="inbound_read", condition=Q(state="read")),
            models.Index(fields=["message_id"], name="inbound_by_message_id", condition=~Q(message_id="")),
            models.Index(fields=["sender", "received_at"], name="inbound_by_sender"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uidvalidity", "uid"], condition=Q(uid__isnull=False), name="inbound_once_a_uid"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["stored", "quarantined"]) | ~Q(kind=""), name="inbound_read_has_its_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"message {self.pk}"

    @property
    def at(self):
        """When it was written, as far as that can be believed: never later than it reached us."""
        return min(self.written_at, self.received_at) if self.written_at else self.received_at

    @property
    def words(self) -> str:
        """What they wrote now; the whole text where nothing stands above a quotation."""
        return self.reply.strip() or self.text.strip()


class Attachment(models.Model):
    """A file that hangs on a message. One we do not take has no `blob`, but a reason; the raw message has it."""

    class Refusal(models.TextChoices):
        """Why a file is not offered by itself."""

        KIND = "kind", "of a kind we do not take"
        SIZE = "size", "larger than 25 MB"
        EMPTY = "empty", "empty"

    inbound = models.ForeignKey(Inbound, models.CASCADE, related_name="attachments")
    place = models.PositiveSmallIntegerField()
    blob = models.ForeignKey("mail.Blob", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=250)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    cid = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)
    refusal = models.CharField(max_length=8, choices=Refusal, blank=True)

    class Meta:
        ordering = ["inbound", "place"]
        constraints = [
            models.UniqueConstraint(fields=["inbound", "place"], name="attachment_once"),
            models.CheckConstraint(
                condition=Q(blob__isnull=False, refusal="") | Q(blob__isnull=True) & ~Q(refusal=""),
                name="attachment_kept_or_refused",
            ),
        ]
