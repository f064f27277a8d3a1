"""An invitation to answer: one for each case and round."""

from django.db import models
from django.db.models import Q


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    PLANNED = "planned", "Leaves later"
    SENT = "sent", "Waiting for the answer"
    ANSWERED = "answered", "Answered"
    SILENT = "silent", "Not answered"
    NOT_ASKED = "not_asked", "Could not be asked"
    CALLED_OFF = "called_off", "Called off"


class Invitation(models.Model):
    """One request for an answer. `next_at` is the moment of the next act: leave, remind or close."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="invitations")
    round = models.PositiveSmallIntegerField()
    contact = models.ForeignKey("cases.Contact", models.PROTECT, null=True, related_name="invitations")
    link = models.ForeignKey("accounts.Pass", models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey("mail.Message", models.PROTECT, null=True, related_name="+")
    form = models.ForeignKey("surveys.FormVersion", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.PLANNED)
    reason = models.CharField(max_length=40, blank=True, help_text="why it could not be asked, as a short code")
    planned_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="invitation_once_a_round"),
            models.CheckConstraint(condition=Q(reminders__lte=2), name="two_reminders_at_most"),
        ]
        indexes = [models.Index(fields=["next_at"], name="invitation_due", condition=Q(state__in=["planned", "sent"]))]
