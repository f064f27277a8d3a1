"""Filling a database: python -m bench.scale.fill SIZE, with DATABASE_URL naming the empty one."""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")


def fill(size: int, say) -> None:
    """Fill the database the settings name with `size` cases, and leave it as `VACUUM ANALYZE` does."""
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.models import Team, User
    from bench.scale import database, filling, patterns, world
    from cases import seal, search
    from council.figures import tallying, upkeep

    now = timezone.now()
    made = world.build(size)
    team = Team.objects.create(name="Patterns")
    lead = User.objects.create(email="lead@scale.example", name="Lead", role_marks="|lead|", team=team, password="!")
    owner = User.objects.create(email="owner@scale.example", name="P", role_marks="|manager|", team=team, password="!")
    cast = patterns.Cast(owner, lead)
    with transaction.atomic():
        played = patterns.play(cast, now)
    search.index_due(now)
    tallying.tally_due(now)
    found = filling.places(played)
    filling.prepare(size, played, made, found, cast)
    say("patterns played")
    models = filling.tables()
    bare = database.Bare(database.url_of(size), [*(one._meta.db_table for one in models), "cases_search"])
    with seal.lifted(connection):
        connection.close()
        bare.undress()
        bare.together(
            [*(filling.copying(label, found, cast) for label in filling.heaviest(found)), filling.documents(found)]
        )
        say("rows copied")
        bare.dress()
        say("keys and indexes back")
    filling.finish()
    bare.together([f"VACUUM ANALYZE {table}" for table in bare.tables])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say("vacuumed and analyzed")
    upkeep.keep_up(timezone.now())
    say("figures made")


def refresh() -> None:
    """Make the figures of a database filled before anew, as the sweep does each minute."""
    from django.utils import timezone

    from council.figures import upkeep

    upkeep.keep_up(timezone.now())


def main() -> None:
    """Fill, telling how long each part took."""
    import django

    django.setup()
    began = time.monotonic()
    if sys.argv[1] == "--fresh":
        return refresh()
    fill(int(sys.argv[1]), lambda words: print(f"  {time.monotonic() - began:6.0f} s  {words}", flush=True))


if __name__ == "__main__":
    main()
