"""An answer: each part kept as it is given, judged once it is sent or has rested."""

from django.db import models
from django.db.models import Q


class SurveyVerdict(models.TextChoices):
    """What an answer asks of us."""

    PENDING = "pending", "Not judged yet"
    FINE = "fine", "Fine"
    LOOK = "look", "Worth a look"
    REOPEN = "reopen", "Reopened the case"
    HELD = "held", "Held as unverified"


def _mark(low: int, high: int, name: str) -> models.CheckConstraint:
    condition = Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (low, high)})
    return models.CheckConstraint(condition=condition, name=f"answer_{name}_{low}_to_{high}")


class Answer(models.Model):
    """Marks 1–5 for satisfied, heard and easy; 0–10 for recommend; and the customer's own words."""

    invitation = models.OneToOneField("surveys.Invitation", models.CASCADE, related_name="answer")
    satisfied = models.PositiveSmallIntegerField(null=True, blank=True)
    heard = models.PositiveSmallIntegerField(null=True, blank=True)
    easy = models.PositiveSmallIntegerField(null=True, blank=True)
    recommend = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField(help_text="the last part given")
    sent_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=8, choices=SurveyVerdict, default=SurveyVerdict.PENDING)
    judged_at = models.DateTimeField(null=True, blank=True)
    held_why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            _mark(1, 5, "satisfied"),
            _mark(1, 5, "heard"),
            _mark(1, 5, "easy"),
            _mark(0, 10, "recommend"),
        ]
        indexes = [models.Index(fields=["kept_at"], name="answer_unjudged", condition=Q(judged_at=None))]

    @property
    def marks(self) -> dict[str, int]:
        """The marks given, by measure."""
        named = {name: getattr(self, name) for name in ("satisfied", "heard", "easy", "recommend")}
        return {name: mark for name, mark in named.items() if mark is not None}

    @property
    def mean(self) -> float | None:
        """Mean of the marks from 1 to 5, or None without any."""
        marks = [mark for mark in (self.satisfied, self.heard, self.easy) if mark is not None]
        return sum(marks) / len(marks) if marks else None


class Submission(models.Model):
    """One press of Send, or one part kept: what stood there then. Later ones never erase earlier ones."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="submissions")
    at = models.DateTimeField()
    marks = models.JSONField(default=dict)
    final = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
