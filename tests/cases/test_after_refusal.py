"""A page that shows a refusal stands at the address of the form: its links lead to the case all the same."""

import re

import pytest

from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["facts/", "steps/resolve/"])
def test_refusal_page_has_no_link_relative_to_the_address_of_the_form(client, address):
    owner = builders.user()
    case = builders.case(owner=owner)
    client.force_login(owner)
    answer = client.post(f"{case.get_absolute_url()}{address}", {"act": "offer"})
    assert answer.status_code == 422
    assert re.findall(r'href="\?[^"]*', answer.content.decode()) == []
