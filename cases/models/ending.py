"""An end of a case that somebody asks for and the lead decides on."""

from django.db import models
from django.db.models import Q

from cases.enums import EndingState, Outcome


class Ending(models.Model):
    """Withdrawn, by the customer's own written words; or customer lost, with reason and day. The lead confirms it.

    `entry` is the customer's message that withdraws the complaint; `on` the day the customer was lost; `reason`
    says why the lead did not confirm.
    """

    ACTS = [(act.value, act.label) for act in (Outcome.WITHDRAWN, Outcome.CUSTOMER_LOST)]

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="endings")
    act = models.CharField(max_length=20, choices=ACTS)
    entry = models.ForeignKey("cases.Entry", models.PROTECT, null=True, related_name="+")
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=EndingState, default=EndingState.ASKED)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="asked"), name="one_ending_asked_at_a_time"),
            models.CheckConstraint(
                condition=~Q(act="withdrawn") | Q(entry__isnull=False), name="withdrawn_by_their_own_words"
            ),
            models.CheckConstraint(
                condition=~Q(act="customer_lost") | Q(on__isnull=False, words__isnull=False),
                name="lost_with_day_and_reason",
            ),
        ]
