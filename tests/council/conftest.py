"""A council of three and a sponsor, and an owner with a lead."""

from types import SimpleNamespace

import pytest

from tests import builders


@pytest.fixture
def people(db):
    """Chair, two members, sponsor, a lead's team with its owner, an auditor."""
    team = builders.team()
    lead = builders.user("lead", name="Petra Lang", of=team)
    team.lead = lead
    team.save()
    return SimpleNamespace(
        chair=builders.user("chair", name="Jonas Frei"),
        member=builders.user("council", name="Ada Okafor"),
        sponsor=builders.user("sponsor", name="Vera Lindt"),
        auditor=builders.user("auditor", name="Anna Prüfer"),
        lead=lead,
        owner=builders.user(name="Marta Keller", of=team),
        colleague=builders.user(name="Sven Ott", of=team),
    )
