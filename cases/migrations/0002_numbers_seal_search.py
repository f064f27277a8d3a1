"""Numbers from 2001, the seal on the timeline, and the full text."""

from django.db import migrations, models

from cases import numbering, seal, search


def install(apps, schema_editor):
    # The guard of closing names two tables, and SQLite rebuilds no table that a trigger of another one names: it
    # follows at the end of each `migrate`, where everything here is done again.
    numbering.start(schema_editor.connection)
    seal.seal_records(schema_editor.connection)
    search.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        migrations.AddField("chain", "indexed_seq", models.PositiveIntegerField(default=0)),
        migrations.AddIndex(
            "chain",
            models.Index(
                condition=models.Q(("seq__gt", models.F("indexed_seq"))), fields=["case"], name="chain_unread"
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
