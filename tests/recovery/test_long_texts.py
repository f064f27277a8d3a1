"""Long texts: refused at their field and kept; beyond what can be sent at once a page says what to do."""

import pytest

from accounts.models import Draft
from cases.models import Entry
from tests import builders
from tests.cases.page.moments import text_of

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


@pytest.fixture
def case(client):
    owner = builders.user(of=builders.team())
    client.force_login(owner)
    return builders.case(owner=owner)


def test_text_of_three_megabytes_is_refused_at_its_field_and_kept(client, case):
    text = "a" * (3 * MEGABYTE)
    answer = client.post(f"{case.get_absolute_url()}write/note/", {"text": text})
    assert answer.status_code == 422
    assert answer.context["entry_form"].errors == {"text": ["This is too long. Attach it as a file."]}
    assert f"{text}</textarea>" in text_of(answer)
    assert Entry.objects.count() == 0


def test_more_than_can_be_sent_at_once_is_answered_in_plain_words(client, case):
    answer = client.post(f"{case.get_absolute_url()}write/note/", {"text": "a" * (11 * MEGABYTE)})
    assert answer.status_code == 413
    assert "go back, what you typed is still on that page" in text_of(answer)
    assert (Entry.objects.count(), Draft.objects.count()) == (0, 0)


def test_browser_never_cuts_what_is_pasted(client, case):
    page = text_of(client.get(case.get_absolute_url(), {"write": "email"}))
    area = page[page.index('<textarea name="text"') :].partition(">")[0]
    assert "maxlength" not in area
