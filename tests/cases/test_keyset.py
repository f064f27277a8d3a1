"""Pages by key: every row once, in order, both ways, however the keys tie; a broken place is no place."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from cases.keyset import moment_order, number_order, page_of
from cases.models import Customer

START = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)
ORDER = number_order("yearly_revenue", falling=True)


@pytest.fixture
def rows(db):
    """Eleven customers, of whom several are worth the same."""
    worth = [5, 3, 3, 9, 3, 5, 1, 9, 3, 5, 2]
    Customer.objects.bulk_create(
        Customer(name=f"C{place}", folded=f"c{place}", yearly_revenue=one) for place, one in enumerate(worth)
    )
    return Customer.objects.all()


def walk(rows, order, name: str, url: str = "") -> list[list[int]]:
    """Follow the pages' own addresses; return the ids of each page."""
    pages = []
    while True:
        page = page_of(rows, order, QueryDict(url.removeprefix("?")), size=4)
        pages.append([row.pk for row in page.rows])
        url = getattr(page, name)
        if not url:
            return pages


def test_keyset_walks_every_row_once_in_order(rows):
    expected = list(rows.order_by("-yearly_revenue", "-id").values_list("pk", flat=True))
    pages = walk(rows, ORDER, "older_url")
    assert [pk for page in pages for pk in page] == expected
    assert [len(page) for page in pages] == [4, 4, 3]


@pytest.mark.parametrize("falling", [True, False])
def test_keyset_walks_back_over_the_same_pages(rows, falling):
    order = number_order("yearly_revenue", falling=falling)
    expected = list(rows.order_by(*order.names()).values_list("pk", flat=True))
    last = expected[-1]
    place = f"?before={rows.get(pk=last).yearly_revenue}~{last}"
    back = walk(rows, order, "newer_url", place)
    assert [pk for page in reversed(back) for pk in page] == expected[:-1]


def test_keyset_keeps_the_other_words_of_the_address(rows):
    page = page_of(rows, ORDER, QueryDict("whose=me&after=nonsense"), size=4)
    assert (page.newer_url, page.older_url) == ("", f"?whose=me&after=5~{page.rows[-1].pk}")


@pytest.mark.parametrize("place", ["", "x", "1", "1~", "~1", "1~2~3", "1.5~2", "9" * 30 + "~1", "１~2", "--1~2"])
def test_keyset_takes_a_broken_place_for_none(rows, place):
    asked = QueryDict(mutable=True)
    asked["after"] = place
    first = page_of(rows, ORDER, QueryDict(""), size=4)
    assert [row.pk for row in page_of(rows, ORDER, asked, size=4).rows] == [row.pk for row in first.rows]


def test_keyset_reads_moments_to_the_microsecond_and_refuses_impossible_ones():
    order = moment_order("stored_at", falling=False)
    at = START + timedelta(microseconds=7)
    assert order.read(order.write(at)) == at
    assert (order.read(-1), order.read(2**63 - 1)) == (None, None)


def test_keyset_leads_back_from_beyond_the_end(rows):
    page = page_of(rows, ORDER, QueryDict("after=0~1"), size=4)
    assert (page.rows, page.newer_url, page.older_url) == ([], "?", "")


def test_keyset_is_one_statement(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        page_of(rows, ORDER, QueryDict("before=3~4"), size=4)
