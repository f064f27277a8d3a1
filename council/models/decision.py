"""A decision on a docket entry."""

from django.db import models
from django.db.models import Q


class DecisionKind(models.TextChoices):
    """What the council may decide; each acts on the case at once."""

    APPROVE_GESTURE = "approve_gesture", "Approve the gesture"
    CHANGE_GESTURE = "change_gesture", "Change the gesture"
    DECLINE_GESTURE = "decline_gesture", "Decline the gesture"
    REASSIGN = "reassign", "Reassign"
    NAME_SPONSOR = "name_sponsor", "Name a sponsor"
    ORDER_ACTION = "order_action", "Order an action"
    ACCEPT_SILENCE = "accept_silence", "Accept the silence"
    GRANT_WAIVER = "grant_waiver", "Grant the waiver"
    REFUSE_WAIVER = "refuse_waiver", "Refuse the waiver"
    NOT_AGREED = "not_agreed", "Send a final answer"
    KEEP = "keep", "Keep the customer"
    LET_GO = "let_go", "Let the customer go"
    BACK_OWNER = "back_owner", "Back the owner"
    SEND_BACK = "send_back", "Send back with a question"


class Decision(models.Model):
    """One decision, with reason, author, owner and due time. A question sent back leaves the entry on the docket."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="decisions")
    escalation = models.ForeignKey("cases.Escalation", models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=16, choices=DecisionKind)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="decisions")
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["escalation"], condition=~Q(kind="send_back"), name="decided_once")
        ]
