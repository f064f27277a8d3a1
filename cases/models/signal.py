"""What our own books say before a customer does: credit notes, returns, late deliveries (product: Before it breaks)."""

from django.db import models
from django.db.models import Q


class Signal(models.Model):
    """One imported line that may be a failure nobody has complained of yet; it proposes a case *found by us*.

    `reference` is the number it has in our books: the same line is never taken in twice. Money is minor units.
    """

    class Kind(models.TextChoices):
        """What the line is."""

        CREDIT_NOTE = "credit_note", "Credit note"
        RETURN = "return", "Return"
        LATE_DELIVERY = "late_delivery", "Late delivery"

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "proposed", "To look at"
        OPENED = "opened", "Case opened"
        DISMISSED = "dismissed", "No case"

    kind = models.CharField(max_length=14, choices=Kind)
    reference = models.CharField(max_length=80)
    customer = models.ForeignKey("cases.Customer", models.PROTECT, related_name="signals")
    on = models.DateField()
    amount = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    words = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="signals")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.ForeignKey("cases.Words", models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey("cases.ImportRun", models.PROTECT, related_name="signals")

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="signal_once"),
            models.CheckConstraint(
                condition=~Q(state="opened") | Q(case__isnull=False), name="signal_opened_names_its_case"
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | Q(reason__isnull=False), name="signal_dismissed_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="signal_proposed", condition=Q(state="proposed"))]
