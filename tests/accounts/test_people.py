"""People and teams: who may do what is entered, changed and recorded; nobody locks everybody out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from accounts import people, teams
from accounts.models import Absence, AdminEvent, Team, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TYPED = {
    "name": "Timo Salo",
    "email": "Timo@Demo.Example",
    "title": "Account manager",
    "phone": "",
    "roles": ["manager"],
    "team": "",
    "deputy": "",
    "level": "2",
    "zone": "Europe/Helsinki",
}


def person(name: str, *roles: str, **fields) -> User:
    """Make a person of ours."""
    email = f"{name.split()[0].lower()}@demo.example"
    return User.objects.create_user(email, "golden-seam-2041", name=name, roles=roles, **fields)


def fields_of(who: User, **changed) -> dict:
    """Return what can be edited of a person, with changes."""
    return {name: getattr(who, name) for name in people.FIELDS} | changed


def words(answer) -> str:
    """Return a page's text in one line."""
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


@pytest.fixture
def noor(client):
    """The administrator, signed in."""
    admin = person("Noor Haddad", "admin")
    client.force_login(admin)
    return admin


def test_person_is_added_with_roles_and_gets_a_letter(client, noor):
    answer = client.post("/account/people/new/", {**TYPED, "roles": ["manager", "quality"]})
    added = User.objects.get(email="timo@demo.example")
    assert (answer.status_code, answer["location"]) == (302, f"/account/people/{added.pk}/")
    assert (added.roles, added.level, added.zone) == (("manager", "quality"), 2, "Europe/Helsinki")
    assert not added.has_usable_password()
    assert [letter.to for letter in mail.outbox] == [["timo@demo.example"]]
    event = AdminEvent.objects.get()
    assert (event.actor, event.kind, event.facts) == (
        noor,
        "person_added",
        {"person": added.pk, "roles": ["manager", "quality"]},
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "timo", "Enter a valid email address."),
        ("email", "NOOR@demo.example", "NOOR@demo.example is entered already."),
        ("roles", [], "Give at least one role; without one nothing can be done here."),
        ("roles", ["lead"], "A team lead needs a team. Choose it, or add it first."),
        ("roles", ["king"], "Select a valid choice."),
        ("zone", "Mars/Base", "Select a valid choice."),
        ("level", "9", "Select a valid choice."),
    ],
)
def test_person_with_bad_input_is_refused_at_its_field(client, noor, field, value, message):
    answer = client.post("/account/people/new/", {**TYPED, field: value})
    assert (answer.status_code, User.objects.count()) == (422, 1)
    assert message.lower() in words(answer).lower()
    assert 'value="Timo Salo"' in words(answer)


def test_roles_changed_are_recorded_before_and_after(noor):
    timo = person("Timo Salo", "manager")
    changed = fields_of(timo, roles=("manager", "council"))
    people.edit(actor=noor, person=timo, fields=changed, seen=people.mark_of(timo), now=NOW)
    facts = AdminEvent.objects.get().facts
    assert facts == {
        "person": timo.pk,
        "fields": ["roles"],
        "roles_before": ["manager"],
        "roles": ["manager", "council"],
    }


def test_saving_a_person_unchanged_records_nothing(client, noor):
    client.post(f"/account/people/{noor.pk}/", {**_typed(noor), "seen": people.mark_of(noor)})
    assert AdminEvent.objects.count() == 0


def _typed(who: User) -> dict:
    names = ("name", "email", "title", "phone", "level", "zone")
    keys = {"team": who.team_id or "", "deputy": who.deputy_id or "", "roles": list(who.roles)}
    return {name: getattr(who, name) for name in names} | keys


def test_r6_second_administrator_sees_both_versions(client, noor):
    timo = person("Timo Salo", "manager")
    seen = people.mark_of(timo)
    User.objects.filter(pk=timo.pk).update(title="Key account manager")
    typed = {**_typed(timo), "title": "Sales engineer", "seen": seen}
    answer = client.post(f"/account/people/{timo.pk}/", typed)
    assert answer.status_code == 409
    assert '<p class="words">Key account manager</p>' in words(answer)
    assert '<p class="words">Sales engineer</p>' in words(answer)
    again = {**typed, "seen": people.mark_of(User.objects.get(pk=timo.pk))}
    client.post(f"/account/people/{timo.pk}/", again)
    timo.refresh_from_db()
    assert timo.title == "Sales engineer"


def test_last_administrator_stays_one(noor):
    with pytest.raises(people.Refused, match="is the last administrator") as refused:
        people.edit(
            actor=noor, person=noor, fields=fields_of(noor, roles=("manager",)), seen=people.mark_of(noor), now=NOW
        )
    assert refused.value.field == "roles"


def test_last_administrator_does_not_leave(noor):
    other = person("Ines Duarte", "auditor")
    with pytest.raises(people.Refused, match="is the last administrator"):
        people.leave(actor=other, person=noor, now=NOW)


@pytest.mark.parametrize("changed", [{"roles": ("manager",)}, {"team_id": None}])
def test_lead_of_a_team_is_replaced_before_losing_it(noor, changed):
    team = Team.objects.create(name="North")
    lena = person("Lena Brandt", "lead", team=team)
    teams.edit(actor=noor, team=team, name="North", lead=lena, now=NOW)
    with pytest.raises(people.Refused):
        people.edit(actor=noor, person=lena, fields=fields_of(lena, **changed), seen=people.mark_of(lena), now=NOW)


def test_nobody_stands_in_for_themselves(noor):
    changed = fields_of(noor, deputy_id=noor.pk)
    with pytest.raises(people.Refused, match="Nobody stands in for themselves"):
        people.edit(actor=noor, person=noor, fields=changed, seen=people.mark_of(noor), now=NOW)


def test_whoever_left_is_signed_out_and_may_come_back(client, noor):
    timo = person("Timo Salo", "manager")
    client.force_login(timo)
    people.leave(actor=noor, person=timo, now=NOW)
    assert client.get("/account/")["location"] == "/account/login/?next=/account/"
    client.force_login(noor)
    client.post(f"/account/people/{timo.pk}/back/")
    timo.refresh_from_db()
    assert (timo.left_at, timo.is_active, timo.roles) == (None, True, ("manager",))
    assert list(AdminEvent.objects.order_by("id").values_list("kind", flat=True)) == ["person_left", "person_returned"]


def test_absence_is_noted_and_taken_back(client, noor, clock):
    timo = person("Timo Salo", "manager")
    client.post(f"/account/people/{timo.pk}/away/", {"from_on": "2026-03-02", "to_on": "2026-03-06"})
    absence = Absence.objects.get()
    assert (absence.user, absence.from_on, absence.to_on) == (timo, date(2026, 3, 2), date(2026, 3, 6))
    assert "away" in words(client.get("/account/people/"))
    client.post(f"/account/people/{timo.pk}/away/{absence.pk}/")
    assert Absence.objects.count() == 0


@pytest.mark.parametrize(
    ("from_on", "to_on", "message"),
    [
        ("2026-03-06", "2026-03-02", "The last day away lies before the first."),
        ("2026-02-02", "2026-02-03", "These days are over."),
        ("2026-03-09", "2026-03-11", "Some of these days are noted already."),
        ("2026-02-30", "2026-03-02", "Enter a valid date."),
        ("2026-03-02", "9999-03-02", "This year is too far away. Check the date."),
    ],
)
def test_absence_that_cannot_be_is_refused_at_its_field(client, noor, clock, from_on, to_on, message):
    timo = person("Timo Salo", "manager")
    Absence.objects.create(user=timo, from_on=date(2026, 3, 11), to_on=date(2026, 3, 12))
    answer = client.post(f"/account/people/{timo.pk}/away/", {"from_on": from_on, "to_on": to_on})
    assert (answer.status_code, Absence.objects.count()) == (422, 1)
    assert message in words(answer)


def test_team_is_led_by_one_of_its_leads_only(client, noor):
    client.post("/account/teams/", {"name": "North"})
    team = Team.objects.get()
    lena, timo = person("Lena Brandt", "lead", team=team), person("Timo Salo", "manager", team=team)
    refused = client.post(f"/account/teams/{team.pk}/", {"name": "North", "lead": timo.pk})
    assert (refused.status_code, Team.objects.get().lead) == (422, None)
    client.post(f"/account/teams/{team.pk}/", {"name": "North east", "lead": lena.pk})
    team.refresh_from_db()
    assert (team.name, team.lead) == ("North east", lena)


def test_team_of_a_taken_name_is_refused(client, noor):
    Team.objects.create(name="North")
    answer = client.post("/account/teams/", {"name": "NORTH"})
    assert (answer.status_code, Team.objects.count()) == (422, 1)
    assert "There is a team of this name already." in words(answer)


def test_lead_sees_the_own_team_and_changes_nobody(client):
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    mine, other = person("Timo Salo", "manager", team=north), person("Luc Perrin", "manager", team=south)
    client.force_login(person("Lena Brandt", "lead", team=north))
    page = words(client.get("/account/people/"))
    assert "Timo Salo" in page and "Luc Perrin" not in page and "Add a person" not in page
    assert client.get(f"/account/people/{other.pk}/").status_code == 404
    assert 'name="email"' not in words(client.get(f"/account/people/{mine.pk}/"))
    assert client.post(f"/account/people/{mine.pk}/", TYPED).status_code == 403


def test_auditor_reads_everybody_and_changes_nobody(client):
    timo = person("Timo Salo", "manager")
    client.force_login(person("Ines Duarte", "auditor"))
    assert "Timo Salo" in words(client.get(f"/account/people/{timo.pk}/"))
    answers = [client.post(f"/account/people/{timo.pk}/", TYPED), client.post("/account/people/new/", TYPED)]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_list_narrows_by_name_team_role_and_leaving(client, noor):
    team = Team.objects.create(name="North")
    person("Timo Salo", "manager", team=team)
    person("Gone Long", "manager", is_active=False, left_at=NOW)
    for asked in ("q=timo", f"team={team.pk}", "role=manager", "q=SALO&team=x&role=y"):
        assert [who.name for who in client.get(f"/account/people/?{asked}").context["people"]] == ["Timo Salo"]
    assert [who.name for who in client.get("/account/people/?left=1").context["people"]] == ["Gone Long"]


def test_p2_list_costs_the_same_at_one_and_at_thirty_people(client, noor, django_assert_num_queries):
    team = Team.objects.create(name="North")
    for count in (1, 29):
        for number in range(count):
            who = person(f"P{count}x{number} Salo", "manager", team=team, deputy=noor)
            Absence.objects.create(user=who, from_on=date.today(), to_on=date.today() + timedelta(days=1))
        with django_assert_num_queries(5):  # session, person, people, teams, bell
            client.get("/account/people/")
