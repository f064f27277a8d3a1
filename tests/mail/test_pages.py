"""Keyset pages: every row once, forwards and backwards, and nothing counted."""

import pytest
from django.http import QueryDict

from mail.models import Thread
from mail.pages import SIZE, page_of

pytestmark = pytest.mark.django_db


def _page(asked: str = ""):
    return page_of(Thread.objects.all(), QueryDict(asked.removeprefix("?")))


@pytest.fixture
def rows():
    Thread.objects.bulk_create(Thread(key=f"k{n}", reply_token=f"t{n}") for n in range(SIZE * 2 + 3))
    return list(Thread.objects.order_by("-pk"))


def test_pages_walk_to_the_end_and_back(rows):
    first = _page("state=dead")
    second = _page(first.older_url)
    third = _page(second.older_url)
    assert first.rows + second.rows + third.rows == rows
    assert (first.newer_url, third.older_url) == ("", "")
    assert "state=dead" in third.newer_url
    assert _page(third.newer_url).rows == second.rows
    assert _page(_page(third.newer_url).newer_url).rows == first.rows
    assert _page(_page(third.newer_url).newer_url).newer_url == ""


def test_a_page_takes_nonsense_for_the_newest(rows):
    for asked in ("before=x", "before=²", "before=" + "9" * 40, "after=-1"):
        assert _page(asked).rows == rows[:SIZE]


def test_an_empty_page_leads_back(rows):
    page = _page("before=0")
    assert (page.rows, page.newer_url, page.older_url) == ([], "?", "")


def test_a_page_is_one_query(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        _page(f"before={rows[30].pk}")
