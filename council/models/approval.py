"""The first of two approvals a costly gesture needs."""

from django.db import models


class Approval(models.Model):
    """One member's approval of a gesture above the chair's limit, at the cost it had then (minor units).

    A changed gesture needs both approvals anew: the change removes earlier rows; the timeline keeps them.
    """

    escalation = models.ForeignKey("cases.Escalation", models.CASCADE, related_name="approvals")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    cost = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["escalation", "user"], name="approved_once_a_member")]
