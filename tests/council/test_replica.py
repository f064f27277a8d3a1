"""A copy of the database for figures: what counts reads there, what writes does not; one that is away stops nobody."""

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Customer
from council.figures import replica, tallying
from tests import builders
from tests.builders import NOON

PAGES = [
    "/council/figures/",
    "/council/figures/side-by-side/",
    "/council/figures/value/",
    "/council/figures/causes/",
    "/council/figures/do-the-repaired-hold/",
    "/council/figures/report/",
    "/council/figures/reopened/cases/",
]


def add_copy(**changed) -> None:
    """Name a second way into the same database; unless `changed`, one that refuses every write."""
    told = {"options": "-c default_transaction_read_only=on -c application_name=copy"}
    connections.settings["replica"] = {**connections.settings["default"], "OPTIONS": told, **changed}
    connections["replica"].ensure_connection = connect  # tests allow no second one otherwise


def connect() -> None:
    """Connect to the copy unless that is done."""
    copy = connections["replica"]
    if copy.connection is None:
        with copy.wrap_database_errors:
            copy.connect()


@pytest.fixture
def copy(transactional_db):
    """A copy that refuses every write."""
    add_copy()
    connect()
    yield connections["replica"]
    take_copy_away()


def take_copy_away() -> None:
    """Leave only the database itself."""
    if hasattr(connections._connections, "replica"):
        connections["replica"].close()
        del connections["replica"]
    del connections.settings["replica"]


def reader() -> Client:
    """Somebody of the council who has signed in, with a case to count."""
    builders.case(now=NOON)
    tallying.tally_due(NOON)
    client = Client()
    client.force_login(builders.user("chair"))
    return client


@pytest.mark.postgres
@pytest.mark.parametrize("page", PAGES)
def test_page_of_figures_reads_the_copy_and_writes_nothing_there(copy, page):
    client = reader()
    with CaptureQueriesContext(copy) as there:
        answer = client.get(page)
    assert (answer.status_code, len(there) > 0) == (200, True)


@pytest.mark.postgres
def test_other_pages_never_read_the_copy(copy):
    client = reader()
    with CaptureQueriesContext(copy) as there:
        assert client.get("/cases/").status_code == 200
    assert len(there) == 0


@pytest.mark.postgres
def test_what_is_read_for_writing_is_read_from_the_database_itself(copy):
    customer = builders.case(now=NOON).customer
    with replica.from_copy():
        read = Customer.objects.get(pk=customer.pk)
        read.name = "Halden & Co"
        read.save(update_fields=["name"])
    assert (read._state.db, Customer.objects.get(pk=customer.pk).name) == ("default", "Halden & Co")


@pytest.mark.postgres
def test_copy_that_does_not_answer_leaves_the_figures_where_they_are(transactional_db):
    add_copy(HOST="127.0.0.1", PORT="1")
    try:
        answer = reader().get("/council/figures/")
    finally:
        take_copy_away()
    assert answer.status_code == 200


def test_without_a_copy_everything_is_read_where_it_is_written(db):
    with replica.from_copy():
        assert Case.objects.all().db == connection.alias
