"""The council sees every case."""

from django.db import models


class Seen(models.Model):
    """A case, in one round, looked at by a member, with a note if there was something to say."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="seen")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="seen_once_a_round")]
