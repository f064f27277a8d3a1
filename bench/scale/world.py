"""The company the cases belong to: people, teams, customers. Its staff grows with its cases, as it does in life.

Everybody holds about fifty open cases whatever the size; customers are three thousand, a few of them with most cases.
"""

from dataclasses import dataclass

from django.db import connection

from accounts.models import Team, User
from cases import defaults
from cases.models import Category
from recovery.demo.people import FIRST_NAMES, LAST_NAMES

CUSTOMERS = 3_000
HELD = 50  # open cases a person
IN_TEAM = 10
OPEN_SHARE = 0.1


@dataclass(frozen=True)
class World:
    """Ids to deal out: `owners` are consecutive from `first_owner`, and so are teams, customers and categories."""

    owners: int
    first_owner: int
    teams: int
    first_team: int
    customers: int
    first_customer: int
    categories: int
    first_category: int


def build(size: int) -> World:
    """Make the company for `size` cases."""
    defaults.install()
    owners = max(2 * IN_TEAM, round(size * OPEN_SHARE / HELD))
    for name, roles in (("council", "|council|"), ("chair", "|council|chair|"), ("quality", "|quality|")):
        User.objects.create(email=f"{name}@scale.example", name=f"The {name}", role_marks=roles, password="!")
    teams = Team.objects.bulk_create(Team(name=f"Team {number:04}") for number in range(owners // IN_TEAM))
    people = User.objects.bulk_create(_owner(place, teams[place // IN_TEAM]) for place in range(owners))
    leads = User.objects.bulk_create(_lead(place, team) for place, team in enumerate(teams))
    for team, lead in zip(teams, leads, strict=True):
        team.lead = lead
    Team.objects.bulk_update(teams, ["lead"], batch_size=500)
    customers = _customers(people[0].pk, owners)
    categories = list(Category.objects.order_by("pk"))
    return World(owners, people[0].pk, len(teams), teams[0].pk, CUSTOMERS, customers, len(categories), categories[0].pk)


def _owner(place: int, team: Team) -> User:
    return User(email=f"owner{place}@scale.example", name=_name(place), role_marks="|manager|", team=team, password="!")


def _lead(place: int, team: Team) -> User:
    return User(email=f"lead{place}@scale.example", name=_name(place + 7), role_marks="|lead|", team=team, password="!")


def _name(place: int) -> str:
    return f"{FIRST_NAMES[place % len(FIRST_NAMES)]} {LAST_NAMES[place * 7 % len(LAST_NAMES)]}"


def _customers(first_owner: int, owners: int) -> int:
    """Make the customers, each with two contacts, and return the id of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM cases_customer")
        first = cursor.fetchone()[0]
        given = {"first": first, "last": first + CUSTOMERS - 1, "owner": first_owner, "owners": owners}
        cursor.execute(_CUSTOMERS, given)
        cursor.execute(_CONTACTS, given)
        for table in ("cases_customer", "cases_contact"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    return first


_CUSTOMERS = """
    INSERT INTO cases_customer (id, name, folded, place, tier, currency, yearly_revenue, margin_bp, expected_years,
        term_years, replacement_cost, reach, since_on, renewal_on, account_manager_id, team_id, source, rev)
    SELECT n, 'Firm ' || n || ' AG', 'firm ' || n || ' ag', 'Bern', (ARRAY['key', 'standard', 'small'])[1 + n %% 3],
        'CHF', 100000 * (n %% 500 + 10), 2500, 5, 1, 50000 * (n %% 90 + 1), 9, current_date - 2000,
        current_date + 20 + (n %% 700)::int, person.id, person.team_id, '', 1
    FROM generate_series(%(first)s, %(last)s) AS n
    JOIN accounts_user AS person ON person.id = %(owner)s + n %% %(owners)s"""
_CONTACTS = """
    INSERT INTO cases_contact (id, customer_id, name, title, email, phone, level, language, zone)
    SELECT nextval(pg_get_serial_sequence('cases_contact', 'id')), n, 'Ruth Aebi ' || n || '-' || m, 'plant manager',
        'ruth' || m || '@firm' || n || '.example', '', m, 'en', ''
    FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, 2) AS m ORDER BY n, m"""
