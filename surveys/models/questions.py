"""What is asked: versions of the survey's wording with optional questions, and the answers to these."""

from django.db import models
from django.db.models import Q


class FormVersion(models.Model):
    """One version of the questions; it never changes, and an invitation keeps the one it left with.

    `facts`: `wording` {question: {language: text}} instead of our own; `extra` a list of optional questions, each
    with `key`, `kind` (marks or words) and `wording` {language: text}.
    """

    number = models.PositiveSmallIntegerField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]


class ExtraAnswer(models.Model):
    """The answer to one optional question: a mark from 1 to 5, or words."""

    answer = models.ForeignKey("surveys.Answer", models.CASCADE, related_name="extras")
    key = models.CharField(max_length=12)
    mark = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "key"], name="extra_answer_once"),
            models.CheckConstraint(condition=Q(mark__isnull=True) | Q(mark__range=(1, 5)), name="extra_mark_1_to_5"),
        ]
