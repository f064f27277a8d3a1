"""Who sits on the council."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Role, User


@dataclass(frozen=True)
class Bench:
    """The members (chair first) and the executive sponsors, as far as they work here."""

    members: tuple[User, ...]
    sponsors: tuple[User, ...]

    @property
    def chair(self) -> User | None:
        """The one who chairs, or None."""
        return next((member for member in self.members if member.has_role(Role.CHAIR)), None)

    def others(self, barred: Iterable[int | None]) -> tuple[User, ...]:
        """Return the members who may sit over something, those in `barred` (ids) left out."""
        kept_out = set(barred)
        return tuple(member for member in self.members if member.pk not in kept_out)


def sitting() -> Bench:
    """Return who sits on the council now. One statement."""
    people = list(User.objects.working_here().with_role(Role.COUNCIL, Role.CHAIR, Role.SPONSOR))
    members = [person for person in people if person.has_role(Role.COUNCIL, Role.CHAIR)]
    members.sort(key=lambda person: (not person.has_role(Role.CHAIR), person.name))
    sponsors = [person for person in people if person.has_role(Role.SPONSOR)]
    return Bench(tuple(members), tuple(sponsors))
