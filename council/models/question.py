"""A question of the council to the owner; the entry stays on the docket."""

from django.db import models
from django.db.models import Q


class Question(models.Model):
    """A question sent back with a decision. The first one stops the entry's clock until it is answered or
    `until_at` has come; a later one stops nothing and has no `until_at`.
    """

    escalation = models.ForeignKey("cases.Escalation", models.CASCADE, related_name="questions")
    decision = models.OneToOneField("council.Decision", models.CASCADE, related_name="question")
    asked_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation"], condition=Q(until_at__isnull=False), name="clock_paused_once"
            ),
            models.UniqueConstraint(fields=["escalation"], condition=Q(answered_at=None), name="one_open_question"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer__isnull=True)
                | Q(answered_at__isnull=False, answer__isnull=False),
                name="answer_has_its_moment",
            ),
        ]
