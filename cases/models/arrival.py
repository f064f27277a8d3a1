"""Messages that belong to no case: intake items, each with its clock."""

from django.db import models
from django.db.models import Q

from cases.arrival_kinds import IntakeState, MatchedBy, SampleResult


class IntakeItem(models.Model):
    """A message that is not a case yet. It is accepted as one, put on one, or set aside with a reason.

    `due_at` is two working hours after it reached us, by the default calendar; the words stay on the message until
    they become a case's.
    """

    inbound = models.OneToOneField("mail.Inbound", models.PROTECT, related_name="intake_item")
    customer = models.ForeignKey("cases.Customer", models.SET_NULL, null=True, blank=True, related_name="+")
    contact = models.ForeignKey("cases.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    matched_by = models.CharField(max_length=8, choices=MatchedBy, blank=True)
    meant_for = models.ForeignKey(
        "cases.Case", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="the case it came to, where it names a colleague and nothing proves that it is from them",
    )  # fmt: skip
    state = models.CharField(max_length=8, choices=IntakeState, default=IntakeState.WAITING)
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told = models.PositiveSmallIntegerField(default=0, help_text="the rung that was told: 100 or 125")
    chase_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey("cases.Case", models.SET_NULL, null=True, blank=True, related_name="intake_items")
    reason = models.ForeignKey("cases.Words", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    brought_back = models.PositiveSmallIntegerField(default=0)
    sampled_on = models.DateField("in the sample of the week of", null=True, blank=True)
    sample_result = models.CharField(max_length=8, choices=SampleResult, blank=True)
    sampled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    sampled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="intake_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["chase_at"], name="intake_to_chase", condition=Q(state="waiting", chase_at__isnull=False)
            ),
            models.Index(fields=["decided_at"], name="intake_set_aside", condition=Q(state="aside")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="intake_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="aside") | Q(reason__isnull=False), name="intake_set_aside_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"intake item {self.pk}"
