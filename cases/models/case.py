"""The case: one complaint and everything that is done to put it right."""

from django.db import models
from django.db.models import F, Q

from cases.enums import (
    CaseState,
    Channel,
    Fault,
    Outcome,
    RemedyState,
    Severity,
    Side,
)

FIRST_NUMBER = 2001


class CaseQuerySet(models.QuerySet):
    """Many cases."""

    def open(self) -> "CaseQuerySet":
        """Keep cases still being worked."""
        return self.filter(state=CaseState.OPEN)

    def unfinished(self) -> "CaseQuerySet":
        """Keep cases that are not closed."""
        return self.exclude(state=CaseState.CLOSED)

    def live(self) -> "CaseQuerySet":
        """Leave out imported history, and what was merged into another case: that one stands for both."""
        return self.filter(historical=False).exclude(outcome=Outcome.MERGED)


class Case(models.Model):
    """One complaint. Its id is the public number: 2041 is shown as RC-2041.

    `stake` is minor units of `stake_currency` on the day it opened, `home_stake` the same in the installation's
    currency. `seam` holds state and due time of the nine steps for lists; `plan.refresh` is its only writer, as
    it is of `next_due_at` and `next_kind`. `state` has one writer too: `workflow`.
    """

    customer = models.ForeignKey("cases.Customer", models.PROTECT, related_name="cases", db_index=False)
    reporter = models.ForeignKey("cases.Contact", models.PROTECT, null=True, blank=True, related_name="reported")
    confirmer = models.ForeignKey("cases.Contact", models.PROTECT, null=True, blank=True, related_name="confirms")
    owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    logged_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.NORMAL)
    category = models.ForeignKey(
        "cases.Category", models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel)
    fault = models.CharField(max_length=10, choices=Fault, default=Fault.UNKNOWN)
    remedy_state = models.CharField(max_length=12, choices=RemedyState, default=RemedyState.NOT_ASKED)
    public_exposure = models.BooleanField(default=False)
    competitor = models.CharField("competitor waiting", max_length=120, blank=True)
    confidential = models.BooleanField(default=False)
    about_person = models.BooleanField("about a person here", default=False)
    about_user = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="whom the complaint is about",
        db_index=False,
    )
    sensitive = models.BooleanField("legal, safety or irregular", default=False)
    counsel = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    fast_lane = models.BooleanField(default=False)
    links = models.ManyToManyField("cases.Link", related_name="cases", blank=True)

    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    stated_outcome = models.CharField(max_length=120, blank=True, help_text="as the imported source names it")
    round = models.PositiveSmallIntegerField(default=1)
    attempt = models.PositiveSmallIntegerField(default=0)
    historical = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)
    external_ref = models.CharField(max_length=120, blank=True)
    form_token = models.CharField(max_length=32, blank=True, help_text="a form sent twice logs one case")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", db_index=False
    )
    mandate_ref = models.CharField(max_length=40, blank=True)

    policy_version = models.ForeignKey("cases.PolicyVersion", models.PROTECT, related_name="+", db_index=False)
    calendar_version = models.ForeignKey("cases.CalendarVersion", models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField()
    next_kind = models.CharField(max_length=24, blank=True)

    stake = models.BigIntegerField(null=True, blank=True)
    stake_currency = models.CharField(max_length=3, blank=True)
    stake_sum = models.JSONField(default=dict, blank=True)
    home_stake = models.BigIntegerField(default=0)
    seam = models.JSONField(default=list)
    last_word_at = models.DateTimeField(null=True, blank=True)
    last_word_by = models.CharField(max_length=6, choices=Side, blank=True)
    thread = models.ForeignKey("mail.Thread", models.PROTECT, null=True, blank=True, related_name="+")
    rev = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        # Keys without `db_index` have an index below that begins with them, or nobody looks for a case by them.
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_ref"], condition=~Q(external_ref=""), name="imported_case_once"
            ),
            models.UniqueConstraint(fields=["form_token"], condition=~Q(form_token=""), name="form_logs_once"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, outcome=""),
                name="closed_has_outcome_and_moment",
            ),
            models.CheckConstraint(condition=~Q(outcome="let_go") | ~Q(mandate_ref=""), name="let_go_only_by_mandate"),
        ]
        indexes = [
            models.Index(fields=["next_due_at", "id"], name="case_open_by_due", condition=Q(state="open")),
            models.Index(fields=["owner", "next_due_at", "id"], name="case_open_by_owner", condition=Q(state="open")),
            models.Index(fields=["team", "next_due_at", "id"], name="case_open_by_team", condition=Q(state="open")),
            models.Index(
                fields=["category", "next_due_at", "id"],
                name="case_open_by_category",
                condition=Q(state="open"),
            ),
            models.Index(F("home_stake").desc(), F("id").desc(), name="case_open_by_stake", condition=Q(state="open")),
            models.Index(fields=["resolved_at", "id"], name="case_resolved", condition=Q(state="resolved")),
            models.Index(F("received_at").desc(), F("id").desc(), name="case_by_received"),
            models.Index(
                F("received_at").desc(), F("id").desc(), name="case_closed_newest", condition=Q(state="closed")
            ),
            models.Index(
                F("received_at").desc(), F("id").desc(), name="case_resolved_newest", condition=Q(state="resolved")
            ),
            models.Index(F("customer"), F("received_at").desc(), F("id").desc(), name="case_by_customer"),
            models.Index(F("owner"), F("received_at").desc(), F("id").desc(), name="case_by_owner"),
            models.Index(F("team"), F("received_at").desc(), F("id").desc(), name="case_by_team"),
            models.Index(F("category"), F("received_at").desc(), F("id").desc(), name="case_by_category"),
            models.Index(F("home_stake").desc(), F("id").desc(), name="case_by_stake"),
            models.Index(fields=["merged_into"], name="case_merged_into", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["about_user"], name="case_about_user", condition=Q(about_user__isnull=False)),
            models.Index(fields=["counsel"], name="case_counsel", condition=Q(counsel__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The public number, such as RC-2041."""
        return f"RC-{self.pk}"

    def get_absolute_url(self) -> str:
        """The case page, by its public number."""
        return f"/cases/{self.number}/"

    @property
    def is_open(self) -> bool:
        """Tell whether the case is still being worked."""
        return self.state == CaseState.OPEN


class Round(models.Model):
    """One pass through the method: 1 at opening, one more on each reopening."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    why = models.CharField(max_length=24, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    silent = models.BooleanField(default=False)

    class Meta:
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="round_once")]


class CaseReader(models.Model):
    """Somebody named as a reader of a confidential case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="readers")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    named_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_reader_once")]


class Relation(models.Model):
    """Two cases that have to do with one another."""

    class Kind(models.TextChoices):
        """How they are related."""

        RELATED = "related", "Related"
        SPLIT = "split", "Split off"

    from_case = models.ForeignKey(Case, models.CASCADE, related_name="relations")
    to_case = models.ForeignKey(Case, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_case", "to_case", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~Q(from_case=F("to_case")), name="relation_to_another"),
        ]
