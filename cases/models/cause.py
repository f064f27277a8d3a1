"""Causes: why it happened and why we did not catch it. One cause may serve many cases."""

from django.db import models

from cases.enums import CauseState, CheckResult, ExposureState, WhyChain


class Cause(models.Model):
    """A cause in a process, suspected or proved."""

    title = models.CharField(max_length=200)
    kind = models.ForeignKey("cases.CauseKind", models.PROTECT, null=True, blank=True, related_name="causes")
    state = models.CharField(max_length=10, choices=CauseState, default=CauseState.SUSPECTED)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="causes")
    proof = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True, help_text="every exposed customer was looked at")
    links = models.ManyToManyField("cases.Link", related_name="causes", blank=True)
    cases = models.ManyToManyField("cases.Case", through="cases.CaseCause", related_name="causes")

    class Meta:
        ordering = ["-found_at", "-id"]

    def __str__(self) -> str:
        return self.title


class CaseCause(models.Model):
    """A case served by a cause."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="case_causes")
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="case_causes")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "cause"], name="case_cause_once")]


class Why(models.Model):
    """One answer to "why?" in one of the two chains."""

    cause = models.ForeignKey(Cause, models.CASCADE, related_name="whys")
    chain = models.CharField(max_length=10, choices=WhyChain)
    position = models.PositiveSmallIntegerField()
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["chain", "position"]
        constraints = [models.UniqueConstraint(fields=["cause", "chain", "position"], name="why_once")]


class Exposure(models.Model):
    """Another customer who shares a link with the cause, and what was done for them."""

    cause = models.ForeignKey(Cause, models.CASCADE, related_name="exposures")
    customer = models.ForeignKey("cases.Customer", models.PROTECT, related_name="exposures")
    state = models.CharField(max_length=8, choices=ExposureState, default=ExposureState.OPEN)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    note = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    listed_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey("mail.Message", models.PROTECT, null=True, related_name="+")
    opened = models.ForeignKey(
        "cases.Case", models.SET_NULL, null=True, related_name="+", help_text="the case found by us for them"
    )

    class Meta:
        ordering = ["state", "customer__folded"]
        constraints = [models.UniqueConstraint(fields=["cause", "customer"], name="exposure_once")]


class Change(models.Model):
    """What we changed because of a complaint: what, where, whose, since when."""

    cause = models.ForeignKey(Cause, models.CASCADE, null=True, related_name="changes")
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="changes")
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    where = models.CharField(max_length=200)
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    since_on = models.DateField("in force since", null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]


class Check(models.Model):
    """Does the corrective action hold? At a date, by a criterion, checked by somebody other than its owner."""

    cause = models.ForeignKey(Cause, models.CASCADE, related_name="checks")
    criterion = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    checker = models.ForeignKey("accounts.User", models.PROTECT, related_name="checks")
    result = models.CharField(max_length=8, choices=CheckResult, default=CheckResult.PENDING)
    checked_at = models.DateTimeField(null=True, blank=True)
    found = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True, help_text="a recurrence asked for it again")

    class Meta:
        ordering = ["due_at", "id"]
