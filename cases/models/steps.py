"""The nine steps as rows, and the one kind of thing that falls due."""

from django.db import models
from django.db.models import F, Q

from cases.enums import DueKind, StepNumber, StepState


class Step(models.Model):
    """One step in one round. The row of the highest round counts; earlier ones stay readable."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="steps", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(choices=StepNumber)
    state = models.CharField(max_length=8, choices=StepState, default=StepState.PLANNED)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    silent = models.BooleanField(default=False, help_text="accepted silently, or the survey stayed unanswered")
    note = models.CharField(max_length=40, blank=True, help_text="how it was done, as a short code")
    proposed_at = models.DateTimeField("waiver proposed", null=True, blank=True)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["case", "number", "round"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "number"], name="step_once_a_round"),
            models.CheckConstraint(condition=Q(number__range=(1, 9)), name="step_1_to_9"),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(number__in=[1, 3, 7]), name="never_waive_1_3_7"),
            models.CheckConstraint(
                condition=Q(state="planned", done_at__isnull=True) | ~Q(state="planned") & Q(done_at__isnull=False),
                name="step_done_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["case"], name="step_unseen", condition=Q(number=8, state="planned"))]

    @property
    def name(self) -> str:
        """The step's name as shown to people."""
        return StepNumber(self.number).label

    @property
    def slug(self) -> str:
        """The step's name in URLs and templates."""
        return StepNumber(self.number).slug

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done."""
        return self.state == StepState.PLANNED


class Due(models.Model):
    """The only home of due, warned and chased: for steps, promises, actions, decisions, silence and the rest.

    `allowed` is the policy's time, such as `4h` (working hours) or `5d` (end of the n-th working day), counted from
    `counted_from` where that is later than the start; empty where a date was agreed. `chase_at` is the moment of the
    next rung, null when none is left. `work_s` and `wall_s` are seconds at closing, pauses left out of the first.
    """

    # No index of their own: `due_once` begins with the case, `due_by_owner` has the open ones of a person, and nobody
    # looks for a version's clocks. Every index fewer is a page fewer at each chase.
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="dues", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=DueKind)
    ref = models.BigIntegerField(default=0)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="dues", db_index=False)
    started_at = models.DateTimeField()
    counted_from = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    allowed = models.CharField(max_length=12, blank=True)
    always = models.BooleanField("runs round the clock", default=False)
    calendar_version = models.ForeignKey("cases.CalendarVersion", models.PROTECT, related_name="+", db_index=False)
    rung = models.PositiveSmallIntegerField(default=0, help_text="percent reached on the ladder")
    chase_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    work_s = models.PositiveIntegerField(null=True, blank=True)
    wall_s = models.PositiveIntegerField(null=True, blank=True)
    inherited_miss = models.BooleanField("missed on a case merged into this one", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "kind", "ref"], name="due_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="due_after_it_started"),
        ]
        indexes = [
            models.Index(fields=["chase_at"], name="due_to_chase", condition=Q(closed_at=None, chase_at__isnull=False)),
            models.Index(fields=["owner", "due_at"], name="due_by_owner", condition=Q(closed_at=None)),
            models.Index(fields=["due_at", "id"], name="due_open", condition=Q(closed_at=None)),
            models.Index(fields=["due_at"], name="due_to_mark", condition=Q(kind="mark", closed_at=None)),
        ]

    @property
    def missed(self) -> bool:
        """Tell whether it was closed after its due time, here or on a case merged into this one."""
        return self.inherited_miss or (self.closed_at is not None and self.closed_at > self.due_at)


class Pause(models.Model):
    """A stretch in which our clock stands, for the steps it names; never steps 1, 2 and 8.

    `question` is our outgoing word that makes us wait; `ended_by` their word that ended the waiting. `to_at` is
    when it ends at the latest, from the start. `clock` names a single clock instead of steps: a decision that was
    sent back with a question.
    """

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="pauses")
    steps = models.JSONField(default=list, blank=True)
    clock = models.ForeignKey(Due, models.CASCADE, null=True, blank=True, related_name="pauses")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    question = models.ForeignKey("cases.Entry", models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey("cases.Entry", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at")), name="pause_ends_after_it_begins"
            )
        ]


class Chase(models.Model):
    """One rung climbed for one due thing: once, however many workers run."""

    due = models.ForeignKey(Due, models.CASCADE, related_name="chases", db_index=False)  # `chase_once_a_rung` has it
    rung = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    overtaken = models.BooleanField(default=False, help_text="a later rung was reached before this one was sent")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["due", "rung"], name="chase_once_a_rung")]


class Snooze(models.Model):
    """A rung put off with a reason: once for each rung of a due thing, for all to see."""

    due = models.ForeignKey(Due, models.CASCADE, related_name="snoozes")
    rung = models.PositiveSmallIntegerField()
    until_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    reason = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["due", "rung"], name="snooze_once_a_rung")]


class Escalation(models.Model):
    """An entry on the council's docket. The council's own decision lives above, in `council`."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="escalations")
    reason = models.CharField(max_length=16)
    ref = models.BigIntegerField(default=0, help_text="the promise, gesture, offer or step it is about")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True, help_text="sent back to the owner with a question")
    rank = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reason", "ref"], condition=Q(decided_at=None), name="escalation_open_once"
            )
        ]
        indexes = [models.Index(F("rank").desc(), F("id"), name="docket_order", condition=Q(decided_at=None))]
