"""The address of a form, opened by hand or after signing in, shows a page and not a browser's error."""

import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_address_of_a_form_shows_where_to_go(client):
    client.force_login(builders.user("manager"))
    answer = client.get("/notices/read/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is no page at this address" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"


def test_address_of_a_form_shows_a_customer_no_way_into_the_house(client):
    page = client.get(f"/confirm/{'a' * 43}/word/").content.decode()
    assert "Open the link in our letter once more" in page
    assert "To Today" not in page


def test_program_that_wants_no_page_gets_none(client):
    client.force_login(builders.user("manager"))
    assert client.get("/notices/read/", headers={"Accept": "application/json"}).content == b""
