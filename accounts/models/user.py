"""A person of ours who signs in with an e-mail address."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What somebody may do. One person may hold several."""

    MANAGER = "manager", "Account manager"
    LEAD = "lead", "Team lead"
    QUALITY = "quality", "Quality engineer"
    COUNCIL = "council", "Council member"
    CHAIR = "chair", "Council chair"
    SPONSOR = "sponsor", "Executive sponsor"
    COUNSEL = "counsel", "Counsel"
    AUDITOR = "auditor", "Auditor"
    ADMIN = "admin", "Administrator"


ONLY_READS = f"|{Role.AUDITOR.value}|"
COUNCIL_ROLES = (Role.COUNCIL, Role.CHAIR, Role.SPONSOR)


class UserQuerySet(models.QuerySet):
    """Many people."""

    def working_here(self) -> "UserQuerySet":
        """Keep those who have not left."""
        return self.filter(is_active=True, left_at__isnull=True)

    def taking_work(self) -> "UserQuerySet":
        """Keep those who work here and do more than read."""
        return self.working_here().exclude(role_marks=ONLY_READS)

    def with_role(self, *roles: str) -> "UserQuerySet":
        """Keep those who hold at least one of `roles`."""
        wanted = models.Q()
        for role in roles:
            wanted |= models.Q(role_marks__contains=f"|{role}|")
        return self.filter(wanted)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes people; an e-mail address is compared without case."""

    def create_user(self, email: str, password: str | None = None, *, roles=(), **fields) -> "User":
        """Create a person with `roles`. A missing password makes sign-in possible only after a reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.roles = roles
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        """Find by e-mail address, whatever its case."""
        return self.get(email=email.lower())


class User(AbstractBaseUser):
    """One person. Roles sit on the row, because every page asks for them."""

    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(max_length=120)
    title = models.CharField("function", max_length=120, blank=True)
    role_marks = models.CharField(max_length=160, default="|", editable=False)
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="members")
    deputy = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="deputy_for")
    level = models.PositiveSmallIntegerField("management level", default=1)
    zone = models.CharField("time zone", max_length=64, default="Europe/Zurich")
    language = models.CharField(max_length=8, default="en")
    phone = models.CharField(max_length=40, blank=True)
    signature = models.TextField("what stands under your letters", max_length=500, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 4)), name="user_level_1_to_4"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        """Keep the address in lower case."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles held, as their short names."""
        return tuple(mark for mark in self.role_marks.split("|") if mark)

    @roles.setter
    def roles(self, roles) -> None:
        known = [role.value for role in Role if role.value in {str(given) for given in roles}]
        self.role_marks = "|" + "".join(f"{role}|" for role in known)

    def has_role(self, *roles: str) -> bool:
        """Tell whether at least one of `roles` is held."""
        return any(role in self.roles for role in roles)

    @property
    def only_reads(self) -> bool:
        """Tell whether this person is an auditor and nothing else: reads everything, changes nothing."""
        return self.role_marks == ONLY_READS

    @property
    def on_council(self) -> bool:
        """Tell whether this person sits on the Customer Satisfaction Council."""
        return self.has_role(*COUNCIL_ROLES)

    @property
    def role_names(self) -> list[str]:
        """The roles held, as shown to people."""
        return [Role(role).label for role in self.roles]

    @property
    def first_name(self) -> str:
        """The name one says good morning with."""
        return self.name.split()[0] if self.name else ""

    def leads(self, team_id: int | None) -> bool:
        """Tell whether this person leads the team `team_id`."""
        return self.has_role(Role.LEAD) and team_id is not None and self.team_id == team_id
