"""Letting a customer go: the last option, reachable only through the council (product: Letting a customer go)."""

from django.db import models
from django.db.models import Q


class LetGoReason(models.TextChoices):
    """Why going on does more harm than ending."""

    TOO_NEEDY = "too_needy", "Asks for more than we can give"
    UNRELIABLE = "unreliable", "Does not keep what was agreed"
    POOR_MATCH = "poor_match", "We are not the right supplier for them"
    DRAIN = "drain", "Costs more strength than it gives"


class BallotState(models.TextChoices):
    """Where a vote stands."""

    OPEN = "open", "Voting"
    LET_GO = "let_go", "Let go"
    KEPT = "kept", "Kept"
    OVERTAKEN = "overtaken", "Overtaken"


class VoteChoice(models.TextChoices):
    """What a member says."""

    LET_GO = "let_go", "Let go"
    KEEP = "keep", "Keep"
    ABSTAIN = "abstain", "Abstain"


class LetGoForm(models.Model):
    """What has to be said before the council may vote. Money is yearly, in minor units of `currency`."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="let_go_forms")
    reason = models.CharField(max_length=12, choices=LetGoReason)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    drain_hours = models.PositiveIntegerField("hours a year")
    drain_cash = models.BigIntegerField("cash a year")
    drain_morale = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    contribution = models.BigIntegerField("contribution a year")
    currency = models.CharField(max_length=3)
    ends_on = models.DateField()
    letter = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    filed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()


class OtherCase(models.Model):
    """Another open case of the same customer, and whether it ends with this one or is worked to its own end."""

    form = models.ForeignKey(LetGoForm, models.CASCADE, related_name="others")
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+")
    ends = models.BooleanField()

    class Meta:
        ordering = ["case"]
        constraints = [models.UniqueConstraint(fields=["form", "case"], name="other_case_once_a_form")]


class Ballot(models.Model):
    """The vote on one form: open for five working days. `mandate` is what the case says it was let go by."""

    form = models.OneToOneField(LetGoForm, models.CASCADE, related_name="ballot")
    escalation = models.ForeignKey("cases.Escalation", models.PROTECT, related_name="ballots")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    unanimous = models.BooleanField(default=False, help_text="a legal matter that skips the trials")
    state = models.CharField(max_length=9, choices=BallotState, default=BallotState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["escalation"], condition=Q(state="open"), name="one_open_ballot")
        ]
        indexes = [models.Index(fields=["closes_at"], name="ballot_open", condition=Q(state="open"))]

    @property
    def mandate(self) -> str:
        """The reference a case that is let go carries."""
        return f"ballot-{self.pk}"


class Seat(models.Model):
    """One member who may vote; the seats are fixed when the vote opens."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="seats")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["ballot", "user"], name="one_seat_a_member")]


class Vote(models.Model):
    """One member's vote; it may be changed while the ballot is open."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="votes")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    choice = models.CharField(max_length=7, choices=VoteChoice)
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "user"], name="one_vote_a_member")]
