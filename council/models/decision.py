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
    RESOURCES = "resources", "Grant resources"
    ORDER_ACTION = "order_action", "Order an action"
    ORDER_CHANGE = "order_change", "Order a change"
    ACCEPT_SILENCE = "accept_silence", "Accept the silence"
    GRANT_WAIVER = "grant_waiver", "Grant the waiver"
    REFUSE_WAIVER = "refuse_waiver", "Refuse the waiver"
    NOT_AGREED = "not_agreed", "Send a final answer"
    KEEP = "keep", "Keep the customer"
    LET_GO = "let_go", "Let the customer go"
    BACK_OWNER = "back_owner", "Back the owner"
    SEND_BACK = "send_back", "Send back with a question"


class Decision(models.Model):
    """One decision, with reason, author, owner and due time. A question sent back leaves the entry on the docket.

    `action` is what follows where something was ordered. One taken back within ten minutes stays in the log as such.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="decisions")
    escalation = models.ForeignKey("cases.Escalation", models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=16, choices=DecisionKind)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="decisions")
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    action = models.ForeignKey("cases.Action", models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField()
    undone_at = models.DateTimeField("taken back", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation"], condition=~Q(kind="send_back") & Q(undone_at=None), name="decided_once"
            )
        ]


class Undo(models.Model):
    """How to take one decision back, kept until `until_at`.

    `before` holds what the decision wrote, as it was; `seq` is the last event of the case at that moment; `letters`
    are those that wait for the time to run out.
    """

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="undo")
    until_at = models.DateTimeField()
    seq = models.PositiveIntegerField(help_text="the last event of the decision")
    before = models.JSONField()
    letters = models.JSONField(default=list)
