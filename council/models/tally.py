"""The narrow facts every figure is counted from: one row for each case and round, kept by a sweep."""

from django.db import models

from cases.enums import Channel, Outcome, Severity, Tier

ROUNDS = 1_000  # a row's id is the case's number times this, plus the round: in the order of the cases, and known


class Tally(models.Model):
    """What the figures count of one round of one case; `figures.reading` is its only writer, from the rows below.

    Three stages are measured: `told` (step 1), `safe` (step 2) and `right` (step 3). Each has `_at`, when it was
    done (`right_at`: by the customer's own word), `_by`, when it was due, `_end`, when the waiting ended without it,
    `_missed`, a miss taken over from a case merged into this one, and `_wall`, `_work`: seconds until done or ended,
    on their clock and on ours; null while it runs. What hangs on the present moment is never kept.
    """

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="tallies")
    round = models.PositiveSmallIntegerField()
    is_last = models.BooleanField()
    customer = models.ForeignKey("cases.Customer", models.CASCADE, related_name="+")
    tier = models.CharField(max_length=10, choices=Tier)
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    category = models.ForeignKey("cases.Category", models.SET_NULL, null=True, related_name="+")
    severity = models.CharField(max_length=10, choices=Severity)
    channel = models.CharField(max_length=10, choices=Channel)
    confidential = models.BooleanField()
    about = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    historical = models.BooleanField()
    state = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)

    began_at = models.DateTimeField(help_text="received, or opened again")
    logged_after = models.BigIntegerField(help_text="seconds from receipt to the log; first rounds only, else 0")
    resolved_at = models.DateTimeField(null=True)
    silent = models.BooleanField(help_text="resolved by a silence the council accepted")
    closed_at = models.DateTimeField(null=True)

    told_at = models.DateTimeField(null=True)
    told_by = models.DateTimeField(null=True)
    told_end = models.DateTimeField(null=True)
    told_missed = models.BooleanField(default=False)
    told_wall = models.BigIntegerField(null=True)
    told_work = models.BigIntegerField(null=True)
    safe_at = models.DateTimeField(null=True)
    safe_by = models.DateTimeField(null=True)
    safe_end = models.DateTimeField(null=True)
    safe_missed = models.BooleanField(default=False)
    safe_wall = models.BigIntegerField(null=True)
    safe_work = models.BigIntegerField(null=True)
    right_at = models.DateTimeField(null=True)
    right_by = models.DateTimeField(null=True)
    right_end = models.DateTimeField(null=True)
    right_missed = models.BooleanField(default=False)
    right_wall = models.BigIntegerField(null=True)
    right_work = models.BigIntegerField(null=True)

    paused = models.PositiveSmallIntegerField(help_text="how often our clock stood")
    open_work = models.BigIntegerField(null=True, help_text="working seconds until put right or ended; null before")
    paused_work = models.BigIntegerField(null=True, help_text="how many of these our clock stood")
    asked_at = models.DateTimeField(null=True, help_text="when the survey was delivered")
    answered_at = models.DateTimeField(null=True, help_text="the last part given; held answers left out")
    satisfied = models.PositiveSmallIntegerField(null=True)
    heard = models.PositiveSmallIntegerField(null=True)
    easy = models.PositiveSmallIntegerField(null=True)
    recommend = models.PositiveSmallIntegerField(null=True)
    trust = models.PositiveSmallIntegerField(null=True, help_text="the last mark of trust")
    trusted_at = models.DateTimeField(null=True)

    stake_low = models.BigIntegerField(help_text="minor units of the home currency, on the day it opened")
    stake = models.BigIntegerField()
    stake_high = models.BigIntegerField()
    year_on = models.DateField(null=True, help_text="a year after their yes; of recovered cases only")

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="tallied_once_a_round")]
        indexes = [
            models.Index(fields=["began_at"], name="tally_began"),
            models.Index(fields=["resolved_at"], name="tally_resolved"),
            models.Index(fields=["closed_at"], name="tally_closed"),
            models.Index(fields=["asked_at"], name="tally_asked"),
            models.Index(fields=["answered_at"], name="tally_answered"),
            models.Index(fields=["trusted_at"], name="tally_trusted"),
            models.Index(fields=["year_on"], name="tally_year"),
            models.Index(fields=["customer"], name="tally_open", condition=models.Q(state="open", is_last=True)),
        ]
