"""What people say about themselves."""

import pytest

from accounts.forms import SettingsForm
from accounts.models import User


@pytest.fixture
def marta(db, client) -> User:
    """Somebody signed in."""
    user = User.objects.create_user("marta@demo.example", name="Marta Keller", roles=["manager"])
    client.force_login(user)
    return user


def test_settings_page_saves_name_zone_and_language(client, marta):
    given = {"name": "Marta Keller-Frei", "phone": "+41 44 000", "zone": "America/New_York", "language": "de"}
    client.post("/account/", given)
    marta.refresh_from_db()
    assert {name: getattr(marta, name) for name in given} == given


def test_settings_page_cannot_change_roles(client, marta):
    given = {"name": "M", "zone": "UTC", "language": "en", "role_marks": "|admin|", "roles": "admin"}
    client.post("/account/", given)
    marta.refresh_from_db()
    assert marta.roles == ("manager",)


def test_settings_page_keeps_what_was_typed_when_a_zone_is_unknown(client, marta):
    form = SettingsForm({"name": "New", "zone": "Mars/Base", "language": "en"}, instance=marta)
    assert (form.is_valid(), list(form.errors), form["name"].value()) == (False, ["zone"], "New")


def test_settings_page_drops_what_a_database_cannot_hold(marta):
    form = SettingsForm({"name": "Ma\ud800rta", "zone": "UTC", "language": "en"}, instance=marta)
    form.is_valid()
    assert form.cleaned_data["name"] == "Marta"


def test_settings_page_shows_who_one_is(client, marta):
    page = client.get("/account/")
    assert (page.status_code, "marta@demo.example" in page.text) == (200, True)
