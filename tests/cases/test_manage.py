"""Administration: rows set aside, imports, the log, leaving, taking up history, and who may what."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import AdminEvent
from cases.enums import CaseState
from cases.models import Case, Chain, ImportRefusal, ImportRun, SetAside, Step, Sweep
from tests.builders import NOON, case, customer, team, user
from tests.reading import words

pytestmark = pytest.mark.django_db


# What runs by itself


def test_row_set_aside_is_shown_and_given_back(client, noor):
    held = case()
    Chain.objects.filter(case=held).update(indexed_seq=5)
    row = SetAside.objects.create(sweep="search", kind="case", ref=held.pk, error="ValueError: odd", at=NOON)
    Sweep.objects.create(name="chase", ran_at=NOON, took_ms=12, error="OperationalError: locked")
    page = words(client.get("/manage/sweeps/"))
    assert "ValueError: odd" in page and "OperationalError: locked" in page
    client.post(f"/manage/sweeps/rows/{row.pk}/")
    assert (SetAside.objects.count(), Chain.objects.get(case=held).indexed_seq) == (0, 0)
    assert "gave a row set aside back to the sweep search" in words(client.get("/manage/log/"))


def test_import_is_shown_with_its_refusals(client, noor):
    run = ImportRun.objects.create(file_name="old.csv", mapping="plain", started_at=NOON, rows=3, added=2, refused=1)
    ImportRefusal.objects.create(run=run, line=3, reason="No customer is named.")
    assert "old.csv" in words(client.get("/manage/imports/"))
    assert "No customer is named." in words(client.get(f"/manage/imports/{run.pk}/"))


def test_hub_says_where_things_stand(client, noor):
    page = words(client.get("/manage/"))
    assert "version 1, since" in page and "8 offered" in page and "manage.py verify_timeline" in page


def test_log_names_every_kind_of_act(client, noor):
    held = customer(name="Halden AG")
    AdminEvent.objects.create(
        actor=noor, kind="customer_edited", facts={"customer": held.pk, "fields": ["margin_bp"]}, at=NOON
    )
    AdminEvent.objects.create(actor=None, kind="something_new", facts={}, at=NOON)
    page = words(client.get("/manage/log/"))
    assert f'changed the margin of <a href="/customers/{held.pk}/">Halden AG</a>' in page
    assert "<b>Goldseam</b> did: something_new" in page


# Leaving


def test_person_who_owns_a_case_cannot_leave_and_the_way_out_is_shown(client, noor):
    marta = user("manager", name="Marta Keller")
    case(owner=marta)
    answer = client.post(f"/manage/people/{marta.pk}/leave/")
    marta.refresh_from_db()
    assert (answer.status_code, marta.left_at) == (409, None)
    assert "Marta Keller still owns a case that is not closed." in words(answer)
    assert f'href="/cases/?owner={marta.pk}"' in words(answer)


def test_person_without_cases_leaves(client, noor):
    marta = user("manager", name="Marta Keller")
    client.post(f"/manage/people/{marta.pk}/leave/")
    marta.refresh_from_db()
    assert (marta.is_active, marta.left_at is None) == (False, False)


# Taking up imported history


def historical(**fields) -> Case:
    """Return an imported case still in progress."""
    held = case(**fields)
    Step.objects.filter(case=held).delete()
    held.dues.all().delete()
    Case.objects.filter(pk=held.pk).update(historical=True, owner=None)
    return held


def test_ticked_cases_are_taken_up_for_the_owner_chosen(client, noor):
    lena, marta = user("lead", name="Lena Brandt"), user("manager", name="Marta Keller")
    one, two, live = historical(), historical(severity="low"), case(severity="low")
    client.force_login(lena)
    url = "/manage/imports/open/take-up/"
    answer = client.post(url, {"case": [one.pk, two.pk, live.pk, "x"], "owner": marta.pk}, follow=True)
    taken = Case.objects.filter(owner=marta, historical=False)
    assert set(taken.values_list("pk", flat=True)) == {one.pk, two.pk}
    assert [step.state for step in one.steps.all()] == ["planned"] * 9
    assert "2 cases taken up for Marta Keller." in words(answer)
    assert f"RC-{live.pk} is a live case already." in words(answer)


def test_case_is_taken_up_from_its_own_page(client, noor):
    marta = user("manager", name="Marta Keller")
    held = historical()
    client.force_login(marta)
    answer = client.post(f"/cases/RC-{held.pk}/take-up/")
    held.refresh_from_db()
    assert (answer["location"], held.owner, held.historical) == (f"/cases/RC-{held.pk}/", marta, False)


def test_closed_history_is_not_taken_up(client, noor):
    held = historical()
    closed = {"state": CaseState.CLOSED, "closed_at": NOON, "outcome": "closed_elsewhere"}
    Case.objects.filter(pk=held.pk).update(**closed)
    client.force_login(user("manager"))
    client.post(f"/cases/RC-{held.pk}/take-up/")
    assert Case.objects.get(pk=held.pk).historical is True


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_history_is_viewed_but_not_taken_up_by(client, noor, role):
    held = historical(title="Old trouble")
    client.force_login(user(role))
    page = words(client.get("/manage/imports/open/"))
    assert "Old trouble" in page and 'type="checkbox" name="case"' not in page
    assert client.post("/manage/imports/open/take-up/", {"case": [held.pk]}).status_code == 403


# Who may


@pytest.mark.parametrize(
    "url", ["", "policy/", "calendar/", "lists/categories/", "lists/causes/", "rates/", "log/", "sweeps/", "imports/"]
)
def test_auditor_reads_administration_and_a_manager_does_not(client, noor, url):
    client.force_login(user("auditor"))
    assert client.get(f"/manage/{url}").status_code == 200
    client.force_login(user("manager"))
    assert client.get(f"/manage/{url}").status_code == 403


@pytest.mark.parametrize("url", ["policy/", "calendar/", "lists/categories/", "lists/categories/1/", "rates/"])
def test_auditor_changes_no_rule(client, noor, url):
    client.force_login(user("auditor"))
    assert client.post(f"/manage/{url}", {"name": "New"}).status_code == 403


def test_p2_pages_cost_the_same_at_one_and_at_thirty_rows(client, noor, django_assert_num_queries):
    for count in (1, 25):
        for number in range(count):
            held = historical(of=customer(), title="Old trouble", now=NOON + timedelta(minutes=number), severity="low")
            run = ImportRun.objects.create(file_name="a.csv", mapping="plain", started_at=NOON)
            ImportRefusal.objects.create(run=run, line=number, reason="No customer is named.")
            SetAside.objects.create(sweep="chase", kind="Due", ref=held.pk, error="x", at=NOON)
            facts = {"customer": held.customer_id, "person": noor.pk, "entry": 1}
            for kind in ("customer_added", "person_added", "categories_added"):
                AdminEvent.objects.create(actor=noor, kind=kind, facts=facts, at=NOON)
        for url, cost in (("imports/open/", 4), ("imports/", 4), ("sweeps/", 5), ("log/", 7)):
            with django_assert_num_queries(cost):
                client.get(f"/manage/{url}")


# No raw names


def _sources() -> str:
    apps = ("accounts", "mail", "cases", "surveys", "council")
    return "\n".join(path.read_text() for app in apps for path in sorted((settings.BASE_DIR / app).rglob("*.py")))


def _blocks(name: str) -> set[str]:
    text = Path(settings.BASE_DIR / "templates/cases" / name).read_text()
    return set(re.findall(r"{% block (\w+) %}", text))


def test_every_administrative_act_has_its_sentence():
    kinds = set(re.findall(r"admin_log\.record\([^()]*kind=\"(\w+)\"", _sources()))
    assert len(kinds) > 20
    assert kinds - _blocks("manage_acts.html") == set()


def test_every_sweep_says_what_it_does():
    names = set(re.findall(r"^SWEEP = \"(\w+)\"", _sources(), re.MULTILINE)) | {"promises", "search"}
    assert names == _blocks("manage_sweep_names.html")


def test_log_names_roles_and_fields_as_people_do(client, noor):
    facts = {"person": noor.pk, "fields": ["title", "roles"], "roles_before": ["manager"], "roles": ["lead", "quality"]}
    AdminEvent.objects.create(at=NOON, actor=noor, kind="person_edited", facts=facts)
    shown = words(client.get("/manage/log/"))
    assert "changed function, roles of" in shown
    assert "from account manager to team lead, quality engineer" in shown


def test_administration_of_a_new_installation_says_where_to_begin(client, noor):
    assert "Form a team and name its lead" in words(client.get("/manage/"))
    assert "are entered under Administration" in words(client.get("/"))
    team()
    assert "Begin here" not in words(client.get("/manage/"))
