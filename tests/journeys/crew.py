"""Who takes part in the journeys, and the world they find."""

from dataclasses import dataclass

from accounts.models import Team, User
from cases import defaults
from cases.models import Customer, Link
from tests import builders


@dataclass(frozen=True)
class Crew:
    """The people of one team, of the council, and those who look after the house."""

    team: Team
    marta: User  # account manager
    sven: User  # her colleague
    lena: User  # leads the team
    priya: User  # quality
    noor: User  # sits on the council
    jonas: User  # chairs it
    ines: User  # auditor
    ada: User  # administrator


def gather() -> Crew:
    """Install policy, calendar and categories, and make the people."""
    defaults.install()
    team = builders.team()
    team.lead = _person("Lena Brandt", "lead", of=team)
    team.save()
    return Crew(
        team=team,
        lena=team.lead,
        marta=_person("Marta Keller", "manager", of=team),
        sven=_person("Sven Holm", "manager", of=team),
        priya=_person("Priya Nair", "quality", of=team),
        noor=_person("Noor Haddad", "council"),
        jonas=_person("Jonas Frei", "chair"),
        ines=_person("Ines Duarte", "auditor"),
        ada=_person("Ada Lind", "admin"),
    )


def customers(crew: Crew) -> tuple[Customer, Customer]:
    """Make two customers of Marta served by one carrier: one will complain, the other could be hit as well."""
    carrier = Link.objects.create(kind=Link.Kind.CARRIER, name="Nordfracht")
    halden = builders.customer(name="Halden Precision AG", place="Winterthur", account_manager=crew.marta)
    brunner = builders.customer(name="Brunner Hydraulik GmbH", place="Ulm", account_manager=crew.marta)
    carrier.customers.add(halden, brunner)
    return halden, brunner


def _person(name: str, role: str, of: Team | None = None) -> User:
    return builders.user(role, name=name, of=of, email=f"{name.split()[0].lower()}@ours.example")
