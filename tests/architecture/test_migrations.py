"""The migrations and the models say the same."""

import io

from django.core.management import call_command


def test_no_migration_is_missing(db):
    out = io.StringIO()
    call_command("makemigrations", check_changes=False, dry_run=True, verbosity=1, stdout=out)
    assert out.getvalue() == "No changes detected\n"
