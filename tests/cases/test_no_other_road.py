"""A case closes by no other road while a step is open: no page, API, verb, import, admin or database does it."""

import itertools
import json

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import URLPattern, get_resolver

from cases import editing, plan, seal, taking_up, workflow
from cases.api import bodies
from cases.enums import CaseState, Outcome, StepState
from cases.models import Case, Step
from cases.refusals import Refused
from cases.views.change import CHANGES
from cases.views.special_acts import ACTS
from recovery import api
from tests import builders
from tests.api.asking import Program
from tests.builders import NOON
from tests.cases.test_importing import cfpb, taken, written

pytestmark = pytest.mark.django_db
CLOSED = {"state": "closed", "outcome": "recovered", "closed_at": "2026-11-17T11:00", "historical": "on"}
SLUGS = {"what": {*ACTS, *CHANGES}, "kind": {"note", "call"}, "verb": {"done", "close", "save"}, "number": range(1, 10)}
ENDED_ONLY_BY_AN_ACT = (Outcome.RECOVERED, Outcome.ACCEPTED_SILENTLY, Outcome.CLOSED_ELSEWHERE)


@pytest.fixture
def case():
    north = builders.team()
    north.lead = builders.user("lead", of=north)
    north.save()
    return builders.acknowledged(builders.case(owner=builders.user(of=north)))


def addresses(case: Case) -> list[str]:
    """Return every address below a case, with each word it may hold, and a number where it asks for one."""
    found = []
    for pattern in _patterns(get_resolver().url_patterns):
        names = pattern.pattern.converters
        if not str(pattern.pattern).startswith("cases/RC-"):
            continue
        choices = [[case.pk] if name == "pk" else sorted(SLUGS.get(name, [1]), key=str) for name in names]
        for values in itertools.product(*choices):
            found.append(_filled(str(pattern.pattern), dict(zip(names, values, strict=True))))
    return found


def _patterns(among) -> list[URLPattern]:
    """Return the addresses at the root, those of included lists too."""
    here = [one for one in among if isinstance(one, URLPattern)]
    inner = [one.url_patterns for one in among if not isinstance(one, URLPattern) and str(one.pattern) == ""]
    return here + [pattern for some in inner for pattern in _patterns(some)]


def _filled(route: str, values: dict) -> str:
    for name, value in values.items():
        for kind in ("int", "slug", "str"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    return f"/{route}"


def is_open(case: Case) -> bool:
    return Case.objects.filter(pk=case.pk, state=CaseState.OPEN, outcome="").exists()


@pytest.mark.parametrize("role", ["owner", "lead", "chair", "admin"])
def test_no_address_below_a_case_closes_it(client, clock, case, role):
    clock.move_to(NOON)
    people = {"owner": case.owner, "lead": case.team.lead}
    client.force_login(people.get(role) or builders.user(role))
    paths = addresses(case)
    for path in paths:
        assert client.post(path, CLOSED).status_code < 500, path
    assert len(paths) > 40
    assert is_open(case)


@pytest.mark.parametrize("role", ["owner", "lead", "chair", "admin"])
def test_no_address_of_the_api_closes_it(clock, case, role):
    clock.move_to(NOON)
    people = {"owner": case.owner, "lead": case.team.lead}
    program = Program(people.get(role) or builders.user(role))
    right = {"kind": "note", "text": "Closed.", "rev": case.rev}
    paths = [path.replace("{id}", str(case.pk)) for path in api.described()["paths"]]
    for path in paths:
        for body in (
            CLOSED,
            {**right, **CLOSED},
            {"kind": "note", "text": "Closed."},
            {"rev": case.rev, "title": "closed"},
        ):
            for method in ("post", "put", "patch", "delete"):
                asked = {"data": json.dumps(body), "content_type": "application/json"}
                head = {**program.head, "Idempotency-Key": f"{method}-{path}-{len(body)}"}
                answer = getattr(program.client, method)(path, headers=head, **asked)
                assert answer.status_code < 500, path
    assert len(paths) == 9
    assert is_open(case)


def test_the_api_has_no_verb_but_logging_writing_down_and_changing_plain_fields():
    """What may be written is this short on purpose: whoever adds to it comes past here."""
    told = api.described()["paths"]
    writes = {(path, method) for path in told for method in told[path] if method != "get"}
    assert writes == {
        ("/api/v1/cases/", "post"),
        ("/api/v1/cases/{id}/", "patch"),
        ("/api/v1/cases/{id}/entries/", "post"),
    }
    assert set(bodies.Change().fields) == {"rev", *editing.PLAIN_FIELDS}


@pytest.mark.parametrize("outcome", ENDED_ONLY_BY_AN_ACT)
def test_no_verb_ends_a_case_as_if_it_were_put_right(case, outcome):
    with pytest.raises(Refused):
        workflow.end(case=case, act=outcome, now=NOON, actor=case.owner)
    assert is_open(case)


@pytest.mark.parametrize("number", range(1, 10))
def test_settling_closes_nothing_while_one_step_is_open(case, number):
    Step.objects.filter(case=case).exclude(number=number).update(state=StepState.DONE, done_at=NOON)
    Step.objects.filter(case=case, number=number).update(state=StepState.PLANNED, done_at=None)
    Case.objects.filter(pk=case.pk).update(state=CaseState.RESOLVED, resolved_at=NOON)
    case.refresh_from_db()
    assert workflow.settle(case=case, now=NOON) is False
    case.refresh_from_db()
    assert (case.state, plan.current_steps(case)[number].state) == (CaseState.RESOLVED, StepState.PLANNED)


@pytest.mark.parametrize("number", range(1, 10))
@pytest.mark.parametrize("road", ["update", "save", "bulk_update", "statement"])
def test_the_database_closes_nothing_while_one_step_is_open(case, number, road):
    Step.objects.filter(case=case).exclude(number=number).update(state=StepState.DONE, done_at=NOON)
    Step.objects.filter(case=case, number=number).update(state=StepState.PLANNED, done_at=None)
    with pytest.raises(IntegrityError, match=seal.UNFINISHED), transaction.atomic():
        _close(case, road)
    assert is_open(case)


def _close(case: Case, road: str) -> None:
    case.refresh_from_db()
    case.state, case.outcome, case.closed_at = CaseState.CLOSED, Outcome.RECOVERED, NOON
    if road == "save":
        case.save()
    elif road == "bulk_update":
        Case.objects.bulk_update([case], ["state", "outcome", "closed_at"])
    elif road == "update":
        Case.objects.filter(pk=case.pk).update(state="closed", outcome="recovered", closed_at=NOON)
    else:
        with connection.cursor() as cursor:
            close = "UPDATE cases_case SET state = 'closed', outcome = 'recovered', closed_at = %s WHERE id = %s"
            cursor.execute(close, [NOON, case.pk])


@pytest.mark.parametrize("answer", ["Closed with explanation", "Recovered", "let_go", "recovered"])
def test_an_import_closes_no_case_that_lives_here(tmp_path, case, answer):
    """A row about a case taken up since, now said to be closed, leaves it as it is."""
    taken(written(tmp_path / "a.csv", [cfpb(**{"Company response to consumer": "In progress"})]))
    live = Case.objects.get(historical=True)
    taking_up.take_up(case=live, actor=case.owner, owner=case.owner, now=NOON)
    taken(written(tmp_path / "b.csv", [cfpb(**{"Company response to consumer": answer})]))
    assert is_open(live)
    assert is_open(case)
    assert Case.objects.count() == 2


@pytest.mark.parametrize("answer", ["let_go", "recovered", "merged", "not_agreed"])
def test_what_an_import_states_is_no_outcome_of_ours(tmp_path, answer):
    builders.defaults.install()
    taken(written(tmp_path / "a.csv", [cfpb(**{"Company response to consumer": answer})]))
    case = Case.objects.get()
    assert (case.historical, case.outcome, case.stated_outcome) == (True, Outcome.CLOSED_ELSEWHERE, answer)


def test_no_admin_is_there_to_close_a_case():
    assert not apps.is_installed("django.contrib.admin")
    assert not [one for one in get_resolver().url_patterns if "admin" in str(one.pattern)]
