"""Answers given before Goldseam, and tags set by hand on what customers wrote."""

from django.db import models
from django.db.models import Q


class PastAnswer(models.Model):
    """One row of an imported survey. `others` holds marks on scales that are not ours, by the name of their column.

    `contact` is who answered, as far as we know them: what a person said is theirs to have, and to have erased.
    """

    source = models.CharField(max_length=40)
    external_ref = models.CharField(max_length=80)
    answered_on = models.DateField(null=True, blank=True)
    customer = models.ForeignKey("cases.Customer", models.PROTECT, null=True, related_name="past_answers")
    contact = models.ForeignKey("cases.Contact", models.PROTECT, null=True, related_name="past_answers")
    customer_ref = models.CharField(max_length=200, blank=True)
    satisfied = models.PositiveSmallIntegerField(null=True, blank=True)
    recommend = models.PositiveSmallIntegerField(null=True, blank=True)
    others = models.JSONField(default=dict)
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_ref"], name="past_answer_once"),
            models.CheckConstraint(
                condition=Q(satisfied__isnull=True) | Q(satisfied__range=(1, 5)), name="past_satisfied_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(recommend__isnull=True) | Q(recommend__range=(0, 10)), name="past_recommend_0_to_10"
            ),
        ]


class AnswerTag(models.Model):
    """A tag somebody of ours set on an answer."""

    answer = models.ForeignKey("surveys.Answer", models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["answer", "name"], name="answer_tag_once")]
        indexes = [models.Index(fields=["name"], name="answer_tag_name")]
