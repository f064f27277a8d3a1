"""The seal holds against everything plain SQL can try, on both databases."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import admin_log
from cases import numbering, seal
from cases.enums import CaseState, Outcome, StepState
from cases.models import Case, Event, Step
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def refused(statement: str, values: list | None = None) -> str:
    """Run a statement the database must refuse; return what it says."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(refusal.value).splitlines()[0]


def rows(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        return cursor.fetchall()


@pytest.fixture
def case():
    admin_log.record(actor=None, kind="policy_changed", facts={"policy": 1}, now=NOON)
    return builders.case(owner=builders.user())


@pytest.mark.parametrize("table", seal.SEALED)
def test_seal_refuses_changing_a_row(case, table):
    before = rows(table)
    assert refused(f"UPDATE {table} SET kind = 'closed'") == seal.REFUSAL
    assert rows(table) == before


@pytest.mark.parametrize("table", seal.SEALED)
def test_seal_refuses_removing_a_row(case, table):
    before = rows(table)
    assert refused(f"DELETE FROM {table}") == seal.REFUSAL
    assert rows(table) == before


@pytest.mark.parametrize("table", seal.SEALED)
def test_seal_refuses_replacing_a_row(case, table):
    before = rows(table)
    if connection.vendor == "postgresql":
        replace = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET kind = 'closed'"
    else:
        replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    assert refused(replace) == seal.REFUSAL
    assert rows(table) == before


@pytest.mark.skipif(connection.vendor == "postgresql", reason="only SQLite replaces by any unique key")
def test_seal_refuses_replacing_an_event_by_its_place_in_the_chain(case):
    before = rows("cases_event")
    columns = [field.column for field in Event._meta.concrete_fields if not field.primary_key]
    named = ", ".join(f'"{column}"' for column in columns)
    assert refused(f"REPLACE INTO cases_event ({named}) SELECT {named} FROM cases_event") == seal.REFUSAL
    assert rows("cases_event") == before


@pytest.mark.postgres
@pytest.mark.parametrize("table", seal.SEALED)
def test_seal_refuses_truncating(case, table):
    before = rows(table)
    with transaction.atomic():
        connection.check_constraints()
        assert refused(f"TRUNCATE {table} CASCADE") == seal.REFUSAL
    assert rows(table) == before


def test_seal_lets_events_be_added(case):
    before = Event.objects.filter(case=case).count()
    builders.acknowledged(case)
    assert Event.objects.filter(case=case).count() > before


def test_seal_refuses_closing_as_recovered_over_a_planned_step(case):
    close = "UPDATE cases_case SET state = 'closed', outcome = 'recovered', closed_at = received_at"
    assert refused(close) == seal.UNFINISHED
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.OPEN, "")


def test_seal_lets_a_case_close_when_its_current_steps_are_done(case):
    Step.objects.filter(case=case).update(state=StepState.DONE, done_at=NOON)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, outcome=Outcome.RECOVERED, closed_at=NOON)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.RECOVERED)


def test_seal_looks_at_the_step_of_the_highest_round_only(case):
    Step.objects.filter(case=case).exclude(number=7).update(state=StepState.DONE, done_at=NOON)
    Step.objects.create(case=case, round=2, number=7, planned_at=NOON, done_at=NOON, state=StepState.DONE)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, outcome=Outcome.ACCEPTED_SILENTLY, closed_at=NOON)
    case.refresh_from_db()
    assert case.outcome == Outcome.ACCEPTED_SILENTLY


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome != Outcome.LET_GO])
def test_seal_refuses_to_close_whatever_the_outcome_while_a_step_is_open(case, outcome):
    """No other route closes a case: not page, API, admin or import."""
    with pytest.raises(IntegrityError, match=seal.UNFINISHED), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, outcome=outcome, closed_at=NOON)


def test_seal_lets_an_act_leave_due_what_we_learn_from_it(case):
    Step.objects.filter(case=case).exclude(number__in=[5, 6, 9]).update(state="ended", done_at=NOON)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, outcome=Outcome.WITHDRAWN, closed_at=NOON)
    case.refresh_from_db()
    assert case.outcome == Outcome.WITHDRAWN


@pytest.mark.parametrize("outcome", [Outcome.RECOVERED, Outcome.MERGED])
def test_seal_lets_nothing_be_left_due_otherwise(case, outcome):
    Step.objects.filter(case=case).exclude(number=9).update(state="ended", done_at=NOON)
    with pytest.raises(IntegrityError, match=seal.UNFINISHED), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, outcome=outcome, closed_at=NOON)


def test_seal_missing_names_what_was_taken_away():
    on = " ON cases_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER cases_event_no_delete{on}")
    assert (seal.missing(), seal.present()) == (["cases_event_no_delete"], False)


def test_seal_installed_twice_is_whole():
    seal.install(connection)
    seal.install(connection)
    assert (seal.missing(), seal.present()) == ([], True)


def test_seal_lifted_is_back_afterwards(case):
    with seal.lifted(connection):
        Event.objects.filter(case=case, seq=1).update(round=9)
    assert seal.missing() == []
    assert refused("UPDATE cases_event SET round = 1") == seal.REFUSAL


def test_seal_comes_back_with_every_migrate():
    with connection.cursor() as cursor:
        for table, name in seal.triggers(connection):
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    call_command("migrate", verbosity=0)
    assert seal.missing() == []


@pytest.mark.skipif(connection.vendor == "postgresql", reason="only SQLite rebuilds tables")
def test_seal_loosened_lets_sqlite_rebuild_the_steps():
    seal.loosen(connection)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_step RENAME TO cases_step_old")
        cursor.execute("ALTER TABLE cases_step_old RENAME TO cases_step")
    assert set(seal.missing()) == {seal.CLOSING, *(guard.name for guard in seal.GUARDS)}


@pytest.mark.django_db(transaction=True)
def test_seal_holds_where_tests_commit(case):
    assert refused("DELETE FROM cases_event") == seal.REFUSAL


def test_numbering_started_again_leaves_numbers_as_they_are():
    before = builders.case(owner=builders.user()).pk
    numbering.start(connection)
    assert before >= 2001
    assert builders.case(owner=builders.user()).pk == before + 1
