"""What is watched beyond the fix: check-ins after the confirmation, and what counsel has to clear."""

from django.db import models
from django.db.models import Q

from cases.enums import CheckInState, ClearanceKind, ClearanceState


class CheckIn(models.Model):
    """A call or letter 30, 60 and 90 days after the confirmation: does the repair hold?

    `trust` is their mark from 1 to 5 on "it will not happen again", if they gave one.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="check_ins")
    round = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CheckInState, default=CheckInState.PENDING)
    trust = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey("mail.Message", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["case", "round", "day"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "day"], name="check_in_once_a_day"),
            models.CheckConstraint(
                condition=Q(trust__isnull=True) | Q(trust__range=(1, 5)), name="check_in_trust_1_to_5"
            ),
        ]


class Clearance(models.Model):
    """Counsel's word on an admission or an offer of a case marked legal, safety or irregular."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="clearances")
    kind = models.CharField(max_length=10, choices=ClearanceKind)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    counsel = models.ForeignKey("accounts.User", models.PROTECT, related_name="clearances")
    state = models.CharField(max_length=8, choices=ClearanceState, default=ClearanceState.ASKED)
    reason = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(state="asked"), name="one_clearance_asked_at_a_time"
            )
        ]
