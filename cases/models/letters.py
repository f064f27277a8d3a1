"""Letters before they leave: texts to begin with, and what was written and may still be taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.letter_kinds import LetterAct


class LetterText(models.Model):
    """A text to begin a letter with, for one step (0: any) in one language. `{name}` and the like are filled in."""

    step = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    retired = models.BooleanField("no longer offered", default=False)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["step", "name", "language"]
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="letter_text_once_a_language"),
            models.CheckConstraint(condition=Q(step__range=(0, 9)), name="letter_text_step_0_to_9"),
        ]

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """A letter somebody has sent off that has not set out: nothing has happened yet, so it can be taken back whole.

    At `leaves_at` a sweep writes the entry, its promise and the letter's row in one transaction and deletes this.
    Where that is refused it stays, with the reason in `held_why`. `act` names the act of a step that waits with its
    letter; nothing for a letter that is only a letter.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="outgoing")
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    contact = models.ForeignKey("cases.Contact", models.PROTECT, related_name="+")
    act = models.CharField(max_length=12, choices=LetterAct.choices, blank=True)
    draft = models.CharField(max_length=80, blank=True, help_text="the draft it returns to when taken back")
    typed = models.JSONField(default=dict, help_text="the composer's draft, for taking it back")
    meant = models.JSONField(default=dict, help_text="what that came to: words, promise, copies, files")
    written_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True, blank=True)
    held_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["leaves_at", "id"]
        verbose_name_plural = "outgoing"
        indexes = [models.Index(fields=["leaves_at"], name="outgoing_due", condition=Q(held_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_why="") | (Q(held_at__isnull=False) & ~Q(held_why="")),
                name="outgoing_held_says_why",
            ),
            models.UniqueConstraint(fields=["case", "act"], name="outgoing_act_once", condition=~Q(act="")),
        ]
