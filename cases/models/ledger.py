"""Words and events: what was said, and what happened, never altered."""

from django.db import models
from django.db.models import F, Q

# What customers said, as Today shows it (`queries.desk.HEARD`).
_HEARD = Q(kind__in=["confirmed", "refused", "survey_answered", "entry_added"])


class Words(models.Model):
    """One human text. Events carry only its commitment, so that erasing it leaves the chain whole.

    `part` names the single texts of a case (complaint, remedy, expected, promised, delivered); the newest row of
    a part counts, earlier ones stay readable. Other rows point here and leave `part` empty.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="words")
    part = models.CharField(max_length=12, blank=True)
    text = models.TextField()
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "words"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(part="complaint"), name="one_complaint_a_case")
        ]

    def __str__(self) -> str:
        return self.text


class Chain(models.Model):
    """Head of one case's chain of events.

    `tallied_seq` tells how far the figures have read, `indexed_seq` how far the search has.
    """

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="chain")
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    tallied_seq = models.PositiveIntegerField(default=0)
    indexed_seq = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="chain_stale", condition=Q(seq__gt=models.F("tallied_seq"))),
            models.Index(fields=["case"], name="chain_unread", condition=Q(seq__gt=models.F("indexed_seq"))),
        ]


class Event(models.Model):
    """One thing that happened. Append-only: the database refuses change and deletion.

    `kind` is one of `timeline.Kind`; `facts` hold strings without words, integers, booleans and null. The hash
    covers the event and the one before it.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="events", db_index=False)  # `event_once` has it
    seq = models.PositiveIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey("cases.Contact", models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    words = models.ForeignKey(Words, models.PROTECT, null=True, related_name="+")
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["case", "-seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="event_once")]
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="event_heard", condition=_HEARD),
            models.Index(F("case"), F("at").desc(), name="event_heard_on_case", condition=_HEARD),
        ]
