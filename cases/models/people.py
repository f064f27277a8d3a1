"""Customers, the people there, and what they are worth to us."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cases.enums import Tier


class Customer(models.Model):
    """A company that buys from us. Money is minor units of `currency`; the margin is in hundredths of a percent."""

    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True, editable=False)
    place = models.CharField(max_length=120, blank=True)
    tier = models.CharField(max_length=10, choices=Tier, default=Tier.STANDARD)
    currency = models.CharField(max_length=3, default="CHF")
    yearly_revenue = models.BigIntegerField(null=True, blank=True, validators=[MinValueValidator(0)])
    margin_bp = models.IntegerField("margin", null=True, blank=True, validators=[MaxValueValidator(10_000)])
    expected_years = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    term_years = models.DecimalField("contract term in years", max_digits=4, decimal_places=1, default=1)
    replacement_cost = models.BigIntegerField(null=True, blank=True, validators=[MinValueValidator(0)])
    reach = models.PositiveIntegerField("others who would hear", default=9)
    since_on = models.DateField("customer since", null=True, blank=True)
    renewal_on = models.DateField("next renewal", null=True, blank=True)
    account_manager = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="customers"
    )
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="customers")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=40, blank=True)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["folded", "id"]
        indexes = [models.Index(fields=["folded", "id"], name="customer_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], condition=~Q(source=""), name="imported_customer_once")
        ]

    def __str__(self) -> str:
        return self.name


class CustomerMark(models.Model):
    """What became of a customer on a day: renewed, lost, or a mark from 0 to 10 asked outside any case.

    A case that ends with the customer lost or let go leaves its mark by itself, and names itself in `case`.
    """

    class Kind(models.TextChoices):
        """What became of them."""

        RENEWED = "renewed", "Renewed"
        LOST = "lost", "Left us"
        SCORE = "score", "Would recommend us"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    value = models.PositiveSmallIntegerField("from 0 to 10", null=True, blank=True)
    case = models.ForeignKey("cases.Case", models.SET_NULL, null=True, related_name="+")
    noted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "on"], name="customer_marked_once_a_day"),
            models.CheckConstraint(
                condition=Q(kind="score", value__range=(0, 10)) | ~Q(kind="score") & Q(value__isnull=True),
                name="score_0_to_10",
            ),
        ]


class Contact(models.Model):
    """A person at a customer. `level`: 1 specialist, 2 manager, 3 director, 4 executive."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    title = models.CharField("function", max_length=120, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    level = models.PositiveSmallIntegerField("management level", default=1)
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField("time zone", max_length=64, blank=True)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "customer", Lower("email"), condition=~Q(email=""), name="contact_address_once_per_customer"
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 4)), name="contact_level_1_to_4"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """The name a letter greets them with."""
        return self.name.split()[0] if self.name else ""


class Rate(models.Model):
    """What one unit of a currency was worth in the installation's currency, in millionths, on a day."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    micros = models.BigIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["currency", "-on"]
        constraints = [models.UniqueConstraint(fields=["currency", "on"], name="rate_once_a_day")]

    @property
    def value(self) -> Decimal:
        """What one unit is worth in the installation's currency."""
        return Decimal(self.micros) / 1_000_000


class Link(models.Model):
    """Something a customer shares with others: product, site, carrier, service or lot."""

    class Kind(models.TextChoices):
        """What kind of thing is shared."""

        PRODUCT = "product", "Product"
        SITE = "site", "Site"
        CARRIER = "carrier", "Carrier"
        SERVICE = "service", "Service"
        LOT = "lot", "Lot"

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    customers = models.ManyToManyField(Customer, related_name="links", blank=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="link_once")]

    def __str__(self) -> str:
        return self.name
