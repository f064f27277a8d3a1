"""Multiplying the patterns, set by set: every row that hangs on a case is copied with it, and points at its copies.

A row of a pattern has a place among those of its table and pattern. Its copy on case number n has the id
`base + n * most + place`, so that one row's key can be written into another without looking it up. Copies are dealt
an owner, team, customer, contact, category and severity, and are moved in time by whole days. What the copies cannot
have is a chain of hashes that verifies: a hash covers the number of the case.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Model

from bench.scale.patterns import Pattern
from bench.scale.world import World

# Every table that hangs on a case, with the road to it; "thread" and "link" are found the other way round.
ROADS = {
    "mail.Thread": "",
    "cases.Case": "pk",
    "cases.Words": "case",
    "accounts.Pass": "",
    "mail.Message": "thread",
    "mail.Recipient": "message__thread",
    "cases.Chain": "case",
    "cases.Round": "case",
    "cases.Step": "case",
    "cases.Entry": "case",
    "cases.Promise": "case",
    "cases.Fact": "case",
    "cases.Discovery": "case",
    "cases.Offer": "case",
    "cases.Confirmation": "case",
    "cases.CheckIn": "case",
    "cases.CaseCause": "case",
    "cases.Escalation": "case",
    "cases.Ending": "case",
    "cases.Due": "case",
    "cases.Event": "case",
    "surveys.Invitation": "case",
    "surveys.Answer": "invitation__case",
    "surveys.Submission": "answer__invitation__case",
    "council.Tally": "case",
}
# What a clock of a kind points at without a foreign key.
REFS = {
    "promise": "cases.Promise",
    "check_in": "cases.CheckIn",
    "decision": "cases.Escalation",
    "ending": "cases.Ending",
}
UNIQUE = {("mail.Message", "key"), ("mail.Message", "message_id"), ("mail.Thread", "key"),
          ("mail.Thread", "reply_token"), ("accounts.Pass", "token_hash")}  # fmt: skip
DEALT = {
    "cases.Customer": "customer",
    "cases.Contact": "contact",
    "accounts.Team": "team",
    "cases.Category": "category",
}


@dataclass(frozen=True)
class Places:
    """Where the rows of one table's patterns stand: old id to place, the most of a pattern, and the first free id."""

    of: dict[int, tuple[int, int]]
    most: int
    base: int


def tables() -> list[type[Model]]:
    """Return the models whose rows are copied."""
    return [apps.get_model(label) for label in ROADS]


def places(patterns: list[Pattern]) -> dict[str, Places]:
    """Find the rows of every pattern, table by table."""
    found = {}
    for label in ROADS:
        model, of, most = apps.get_model(label), {}, 1
        for number, pattern in enumerate(patterns):
            rows = list(_rows(model, label, pattern).order_by("pk").values_list("pk", flat=True))
            of.update({pk: (number, place) for place, pk in enumerate(rows)})
            most = max(most, len(rows))
        found[label] = Places(of, most, model.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1)
    return found


def _rows(model: type[Model], label: str, pattern: Pattern):
    from cases.models import Case, Confirmation
    from surveys.models import Invitation

    case = Case.objects.get(pk=pattern.case)
    if label == "mail.Thread":
        return model.objects.filter(pk=case.thread_id)
    if label == "accounts.Pass":
        links = [*Confirmation.objects.filter(case=case).values_list("link", flat=True)]
        return model.objects.filter(
            pk__in=[*links, *Invitation.objects.filter(case=case).values_list("link", flat=True)]
        )
    whose = case.thread_id if ROADS[label].endswith("thread") else case.pk
    return model.objects.filter(**{ROADS[label]: whose})


def prepare(size: int, patterns: list[Pattern], world: World, found: dict[str, Places], cast) -> None:
    """Write down what every copy is dealt, and the patterns' rows with places in place of keys."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS scale CASCADE")
        cursor.execute("CREATE SCHEMA scale")
        cursor.execute(_COPIES.format(pattern=_pattern_sql(patterns), shift=_shift_sql(patterns)), {
            "size": size, **{name: getattr(world, name) for name in World.__dataclass_fields__},
        })  # fmt: skip
        cursor.execute("ANALYZE scale.copy")
        for label, here in found.items():
            _pattern_table(cursor, label, here, found, cast)


def _pattern_sql(patterns: list[Pattern]) -> str:
    """Deal a pattern: the newest tenth is open, a little before it resolved, all before that closed."""
    parts = []
    for phase in ("open", "resolved", "closed"):
        mine, sofar, cases = [(n, p) for n, p in enumerate(patterns) if p.phase == phase], 0.0, []
        for number, pattern in mine[:-1]:
            sofar += pattern.share
            cases.append(f"WHEN a < {sofar} THEN {number}")
        chosen = f"(CASE {' '.join(cases)} ELSE {mine[-1][0]} END)" if cases else str(mine[-1][0])
        parts.append(chosen)
    return f"CASE WHEN age < 0.1 THEN {parts[0]} WHEN age < 0.11 THEN {parts[1]} ELSE {parts[2]} END"


def _shift_sql(patterns: list[Pattern]) -> str:
    """Say how long ago: open ones within some hours, closed ones over five years, the oldest first."""
    return (
        "CASE WHEN age < 0.11 THEN make_interval(secs => 43200 * b) "
        "ELSE make_interval(days => (1800 * (age - 0.11))::int, secs => 43200 * b) END"
    )


_COPIES = """
    CREATE TABLE scale.copy AS
    SELECT n, {pattern} AS pattern, {shift} AS shift, person.id AS owner, person.team_id AS team, team.lead_id AS lead,
        firm.id AS customer, contact.id AS contact, %(first_category)s + floor(d * %(categories)s)::int AS category,
        CASE WHEN e < 0.15 THEN 'low' WHEN e < 0.75 THEN 'normal' WHEN e < 0.93 THEN 'high' ELSE 'critical' END
            AS severity, e AS draw
    FROM (SELECT n, 1 - (n + 0.5) / %(size)s AS age, {draws} FROM generate_series(0, %(size)s - 1) AS n) AS drawn
    JOIN accounts_user AS person ON person.id = %(first_owner)s + n %% %(owners)s
    JOIN accounts_team AS team ON team.id = person.team_id
    JOIN cases_customer AS firm ON firm.id = %(first_customer)s + floor(%(customers)s * c * c)::int
    JOIN LATERAL (SELECT min(id) AS id FROM cases_contact WHERE customer_id = firm.id) AS contact ON true
    ORDER BY n""".replace(
    "{draws}", ", ".join(f"(hashint8extended(n, {salt}) & 1048575) / 1048576.0 AS {salt_name}"
                         for salt, salt_name in enumerate("abcde", 1)),
)  # fmt: skip


def _pattern_table(cursor, label: str, here: Places, found: dict[str, Places], cast) -> None:
    """Keep a table's pattern rows with `pattern`, `place` and, for each key into a copied table, the place there."""
    model = apps.get_model(label)
    table, key = model._meta.db_table, model._meta.pk.column
    cursor.execute(f"CREATE TABLE scale.{table} AS SELECT 0 AS pattern, 0 AS place, * FROM {table} LIMIT 0")
    columns = [f'"{field.column}"' for field in _kept(model)]
    for pk, (number, place) in here.of.items():
        cursor.execute(
            f"INSERT INTO scale.{table} (pattern, place, {', '.join(columns)}) "
            f"SELECT %s, %s, {', '.join(columns)} FROM {table} WHERE {key} = %s",
            [number, place, pk],
        )
    for field in _kept(model):
        target = field.related_model._meta.label if field.is_relation else ""
        if target in found:
            _to_places(cursor, table, field.column, found[target], "true")
    if label == "cases.Due":
        for kind, target in REFS.items():
            _to_places(cursor, table, "ref", found[target], f"kind = '{kind}'")


def _to_places(cursor, table: str, column: str, target: Places, where: str) -> None:
    cursor.execute(f"SELECT DISTINCT {column} FROM scale.{table} WHERE {column} IS NOT NULL AND {where}")
    known = [row[0] for row in cursor.fetchall()]
    # Negative first, so that a place written is not taken for an id still to be replaced.
    for old in known:
        place = target.of[old][1]
        cursor.execute(f"UPDATE scale.{table} SET {column} = %s WHERE {column} = %s AND {where}", [-1 - place, old])
    cursor.execute(f"UPDATE scale.{table} SET {column} = -1 - {column} WHERE {column} < 0 AND {where}")


def _kept(model: type[Model]) -> list:
    """Return the fields of a model but those the database works out by itself."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def heaviest(found: dict[str, Places]) -> list[str]:
    """Return the tables, those with most rows first, so that two at a time end together."""
    return sorted(found, key=lambda label: -len(found[label].of))


def copying(label: str, found: dict[str, Places], cast) -> str:
    """Return the statement that inserts the copies of one table's rows, in the order of the cases."""
    model = apps.get_model(label)
    table = model._meta.db_table
    columns = [f'"{field.column}"' for field in _kept(model)]
    values = [_value(label, field, found, cast) for field in _kept(model)]
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM scale.copy AS c JOIN scale.{table} AS p ON p.pattern = c.pattern"
    )


def _value(label: str, field, found: dict[str, Places], cast) -> str:
    column, kind = f'p."{field.column}"', field.get_internal_type()
    if field.primary_key:
        return _key(label, found)
    target = field.related_model._meta.label if field.is_relation else ""
    if target in found:
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE {_copied(target, column, found)} END"
    if (label, field.column) == ("cases.Due", "ref"):
        whens = " ".join(f"WHEN p.kind = '{k}' THEN {_copied(t, column, found)}" for k, t in REFS.items())
        return f"CASE {whens} ELSE {column} END"
    if target == "accounts.User":
        return f"CASE {column} WHEN {cast.owner.pk} THEN c.owner WHEN {cast.lead.pk} THEN c.lead ELSE {column} END"
    if target in DEALT:
        return f"c.{DEALT[target]}" if label in ("cases.Case", "council.Tally") else (
            f"CASE WHEN {column} IS NULL THEN NULL ELSE c.{DEALT[target]} END")  # fmt: skip
    if (label, field.column) in UNIQUE:
        return f"md5({column} || c.n)"
    if field.column == "severity":
        return "c.severity"
    if field.column in ("home_stake", "stake", "stake_low", "stake_high"):
        return f"({column} * (0.5 + c.draw))::bigint"
    if kind == "DateTimeField":
        return f"{column} - c.shift"
    if kind == "DateField":
        return f"({column} - c.shift)::date"
    return column


def _key(label: str, found: dict[str, Places]) -> str:
    if label == "council.Tally":
        return f"({found['cases.Case'].base} + c.n) * 1000 + p.round"
    return f"{found[label].base} + c.n::bigint * {found[label].most} + p.place"


def _copied(label: str, column: str, found: dict[str, Places]) -> str:
    return f"{found[label].base} + c.n::bigint * {found[label].most} + {column}"


def documents(found: dict[str, Places]) -> str:
    """Return the statement that makes the search documents: the pattern's words, its number and words of its own.

    Of the made-up words `w0` is on half the cases, `w1` on a quarter and so on; `rare<n>` on a single one in ten
    thousand.
    """
    case = found["cases.Case"].base
    return (
        "INSERT INTO cases_search (case_id, document) "
        f"SELECT {case} + c.n, array_to_tsvector(tsvector_to_array(s.document) || ARRAY['rc', ({case} + c.n)::text, "
        "'firm', c.customer::text, 'common', 'w' || floor(-ln(1 - c.draw) / ln(2)), 'word' || (c.n * 7919) % 20011, "
        "'rare' || c.n / 20]) FROM scale.copy AS c JOIN scale.cases_case AS p ON p.pattern = c.pattern "
        "JOIN cases_search AS s ON s.case_id = p.id"
    )


def finish() -> None:
    """Move every sequence past the last id, and forget what the filling was made from."""
    with connection.cursor() as cursor:
        for model in tables():
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
            if sequence := cursor.fetchone()[0]:
                cursor.execute(f"SELECT setval(%s, (SELECT max({key}) FROM {table}))", [sequence])
        cursor.execute("DROP SCHEMA scale CASCADE")
