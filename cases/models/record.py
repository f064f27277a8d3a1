"""What is written down while a case is worked: facts, promises, entries, actions, offers, gestures, answers."""

from django.db import models
from django.db.models import F, Q

from cases.enums import (
    ActionKind,
    DiscoveryAnswer,
    EntryKind,
    GestureKind,
    GestureState,
    OfferAnswer,
    PromiseForm,
    PromiseKind,
    PromiseState,
    Side,
    Verdict,
)


class Entry(models.Model):
    """A call, meeting, letter or note. `side` is whose word it is; a note is ours and reaches nobody."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="entries")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=EntryKind)
    side = models.CharField(max_length=6, choices=Side, default=Side.OURS)
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey("cases.Contact", models.PROTECT, null=True, related_name="+")
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    in_writing = models.BooleanField(default=False)
    message = models.ForeignKey("mail.Message", models.PROTECT, null=True, related_name="+")
    inbound = models.ForeignKey("mail.Inbound", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "entries"


class CaseFile(models.Model):
    """A file on a case: from us, or from the customer."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="files")
    blob = models.ForeignKey("mail.Blob", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["case", "blob"], name="case_file_once")]


class Promise(models.Model):
    """A dated commitment to the customer."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="promises")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=PromiseKind, default=PromiseKind.RECOVERY)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    form = models.CharField(max_length=8, choices=PromiseForm, default=PromiseForm.WRITTEN)
    unambiguous = models.BooleanField(null=True, blank=True)
    achievable = models.BooleanField(null=True, blank=True)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="promises")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=PromiseState, default=PromiseState.PENDING)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    every_days = models.PositiveSmallIntegerField("repeats every so many days", null=True, blank=True)
    until_on = models.DateField("repeats until", null=True, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", help_text="the promise it renews"
    )
    consent = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    disputed_at = models.DateTimeField(null=True, blank=True)
    dispute = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="original") | Q(due_at__isnull=False), name="recovery_promise_is_dated"
            )
        ]


class Fact(models.Model):
    """Something that is so, with its source; verified or not (Hitt, principle 4)."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="facts")
    side = models.CharField(max_length=6, choices=Side)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Action(models.Model):
    """Something somebody does by a moment: for a case, or for a cause that serves many cases."""

    class Removal(models.TextChoices):
        """Why a containment is no longer listed (product: Contain)."""

        FIXED = "fixed", "The fix replaced it"
        ADOPTED = "adopted", "It stays, as a change"

    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="actions")
    cause = models.ForeignKey("cases.Cause", models.CASCADE, null=True, related_name="actions")
    kind = models.CharField(max_length=12, choices=ActionKind)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="actions")
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_why = models.CharField("why it is no longer needed", max_length=8, choices=Removal, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(cause__isnull=False), name="action_for_case_or_cause"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(done_at__isnull=False), name="checked_after_done"
            ),
        ]


class Offer(models.Model):
    """What we offer to put it right; an attempt. Offered, answered, carried out."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="offers")
    round = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField()
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    answer = models.CharField(max_length=16, choices=OfferAnswer, default=OfferAnswer.PENDING)
    answer_words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    result = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    carried_out_at = models.DateTimeField(null=True, blank=True)
    carried_out_by = models.CharField("by whom", max_length=120, blank=True)

    class Meta:
        ordering = ["case", "-round", "-attempt"]
        constraints = [models.UniqueConstraint(fields=["case", "round", "attempt"], name="offer_once_an_attempt")]


class Confirmation(models.Model):
    """The question "is it put right?", and the customer's own answer to it."""

    class How(models.TextChoices):
        """By which road the answer came."""

        PAGE = "page", "On their page"
        WRITTEN = "written", "In writing, attached to the case"
        SILENCE = "silence", "By silence, accepted by the council"

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="confirmations")
    offer = models.OneToOneField(Offer, models.CASCADE, related_name="confirmation")
    contact = models.ForeignKey("cases.Contact", models.PROTECT, related_name="+")
    message = models.ForeignKey("mail.Message", models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey("accounts.Pass", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    next_at = models.DateTimeField(null=True, blank=True, help_text="next reminder, or the docket")
    reminders = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.PENDING)
    how = models.CharField(max_length=8, choices=How, blank=True)
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    spoken = models.ForeignKey(
        "cases.Words", models.PROTECT, null=True, related_name="+", help_text="a spoken yes the letter quotes"
    )
    file = models.ForeignKey(CaseFile, models.PROTECT, null=True, related_name="+", help_text="their written yes")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="pending", answered_at__isnull=True)
                | ~Q(verdict="pending") & Q(answered_at__isnull=False),
                name="answered_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")), name="asked_first"
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="confirm_to_remind", condition=Q(verdict="pending"))]


class Gesture(models.Model):
    """Something beyond the fix: what, why it fits this failure, cost in minor units, approved by whom."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="gestures")
    round = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=GestureKind)
    words = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    why = models.ForeignKey("cases.Words", models.PROTECT, related_name="+")
    cost = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=GestureState, default=GestureState.PROPOSED)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(cost__gte=0), name="gesture_cost_not_negative")]


class Discovery(models.Model):
    """The answer to one of the seven discovery questions (Connelly)."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="discoveries")
    question = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=8, choices=DiscoveryAnswer)
    note = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    evidence = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["question"]
        constraints = [
            models.UniqueConstraint(fields=["case", "question"], name="discovery_once_a_question"),
            models.CheckConstraint(condition=Q(question__range=(1, 7)), name="question_1_to_7"),
        ]


class Gap(models.Model):
    """The expectation gap: what they expected, what was promised, what was delivered. Words hang on the case."""

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="gap")
    promised_where = models.CharField(max_length=200, blank=True)
    in_writing = models.BooleanField(null=True, blank=True)
    valid = models.BooleanField("the expectation was valid", null=True, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
