"""What a signed-in reader saw stays in no cache."""

import pytest

from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/", "/cases/", "/customers/", "/council/", "/account/", "/no-such-page/"])
def test_page_of_a_signed_in_reader_is_kept_by_no_cache(client, page):
    builders.case(owner=builders.user())
    client.force_login(builders.user("manager"))
    assert client.get(page)["Cache-Control"] == "no-store, private"


def test_answer_that_says_itself_how_long_it_may_be_kept_is_left_alone(client):
    client.force_login(builders.user("manager"))
    assert "must-revalidate" in client.get("/healthz")["Cache-Control"]
