"""Links to the wall display: no sign-in, no names of people, revocable."""

from django.db import models


class Wall(models.Model):
    """One display somewhere in the house. Its link is shown once, when it is made."""

    place = models.CharField("where it hangs", max_length=120)
    link = models.OneToOneField("accounts.Pass", models.PROTECT, related_name="+")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
