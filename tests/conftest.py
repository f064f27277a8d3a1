"""What every test stands on."""

import pytest
from django.db import connections
from django.test import TransactionTestCase

from cases import search, seal


@pytest.fixture(scope="session", autouse=True)
def emptied_without_seal():
    """Let tests with transactions of their own empty their tables: only there is the seal lifted."""
    empty = TransactionTestCase._fixture_teardown

    def emptied(self):
        connection = connections["default"]
        with seal.lifted(connection):
            search.clear(connection)
            empty(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield
