"""The 8D report: made from the record, plain about what is missing, behind the door of the case."""

from datetime import timedelta

import pytest

from cases import actions, checks, facts, secrecy
from cases.enums import ActionKind, Side, WhyChain
from cases.models import CauseKind, Event, Exposure, Step
from cases.queries import case_page, eight_d
from cases.steps import root_cause
from tests import builders
from tests.builders import NOON
from tests.cases.resolving import confirmed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = NOON + 2 * HOUR


def report_of(case, user):
    return eight_d.report(case_page.read(user, case.pk, now=NOW))


def text_of(client, user, case):
    client.force_login(user)
    answer = client.get(f"{case.get_absolute_url()}8d/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def worked(case, owner, checker):
    """Contain, find and prove the cause, correct, check, put right."""
    builders.acknowledged(case)
    to_do = {"case": case, "actor": owner, "owner": owner, "due_at": NOW + 5 * HOUR, "now": NOON + HOUR}
    stop = actions.plan_action(kind=ActionKind.CONTAINMENT, text="Hold the lot", **to_do)
    actions.finish_action(action=stop, actor=owner, now=NOON + HOUR)
    actions.check_action(action=stop, actor=checker, now=NOON + HOUR)
    cause = root_cause.link(case=case, actor=owner, title="No scan at the gate", now=NOON + HOUR)
    for chain, why in (
        (WhyChain.OCCURRENCE, "The carrier loads alone"),
        (WhyChain.ESCAPE, "Nobody counts at the gate"),
    ):
        root_cause.write_whys(case=case, cause=cause, actor=owner, chain=chain, answers=[why], now=NOON + HOUR)
    scan = actions.plan_action(kind=ActionKind.CORRECTIVE, text="Scan at the gate", cause=cause, **to_do)
    planned = {"criterion": "No lost box in eight weeks", "checker": checker, "due_at": NOW + 5 * HOUR}
    root_cause.plan_check(case=case, cause=cause, actor=owner, now=NOON + HOUR, **planned)
    kind = CauseKind.objects.first()
    root_cause.prove(case=case, cause=cause, actor=owner, kind=kind, proof="The camera shows it", now=NOON + HOUR)
    actions.finish_action(action=scan, actor=owner, now=NOON + HOUR)
    checks.settle_check(check=cause.checks.get(), actor=checker, passed=True, note="None lost", now=NOON + HOUR)
    confirmed(case, NOON + HOUR)
    return cause


def test_a_fresh_case_says_of_every_part_what_is_missing(client, case, owner):
    assert report_of(case, owner).missing == {0, 2, 3, 4, 5, 6, 7, 8}
    text = text_of(client, owner, case)
    assert "8 of 9 parts not complete yet" in text
    for says in ("nobody has acknowledged", "facts from both sides", "a proved cause with both chains"):
        assert f"<b>Still missing:</b> {says}" in text


def test_a_worked_case_is_told_from_its_record(client, case, owner):
    checker = builders.user("quality", name="Sven Baum")
    worked(case, owner, checker)
    assert report_of(case, owner).missing == {7, 8}
    text = text_of(client, owner, case)
    for said in (
        "This is the third time this year.", "Hold the lot", "The carrier loads alone", "Nobody counts at the gate",
        "The camera shows it", "Scan at the gate", "No lost box in eight weeks", "None lost",
        "Put right by the customer’s own word: Ruth Aebi.",
    ):  # fmt: skip
        assert said in text


def test_the_team_names_each_person_once_with_all_they_do(case, owner):
    worked(case, owner, builders.user("quality", name="Sven Baum"))
    team = report_of(case, owner).team
    assert [member.name for member in team] == ["Marta Keller", "Sven Baum"]
    assert team[0].does == ("owns the case", "containment", "owns the cause", "corrective action")


def test_one_side_alone_is_no_description_of_the_problem(case, owner):
    facts.add_fact(case=case, actor=owner, side=Side.OURS, text="x", source="y", verified=True, now=NOON)
    assert 2 in report_of(case, owner).missing
    facts.add_fact(case=case, actor=owner, side=Side.THEIRS, text="x", source="y", verified=True, now=NOON)
    assert 2 not in report_of(case, owner).missing


def test_a_waived_step_is_said_to_be_waived_not_missing(client, case, owner):
    Step.objects.filter(case=case, number__in=[2, 5, 9]).update(state="waived", done_at=NOON)
    assert not {3, 4, 5, 6, 7} & report_of(case, owner).missing
    text = text_of(client, owner, case)
    assert "Waived: there was nothing to contain." in text
    assert "Waived: no root cause was looked for." in text


def test_no_other_customer_is_named(client, case, owner):
    cause = root_cause.link(case=case, actor=owner, title="No scan at the gate", now=NOON)
    other = builders.customer(name="Brunner Hydraulik GmbH")
    Exposure.objects.create(cause=cause, customer=other, listed_at=NOON, owner=owner)
    text = text_of(client, owner, case)
    assert "Brunner" not in text
    assert "1 still to check" in text


def test_the_door_is_that_of_the_case(client, case, owner):
    secrecy.set_confidential(case=case, actor=owner, confidential=True, reason="Names of people", now=NOW)
    client.force_login(builders.user("manager", of=builders.team("South")))
    assert client.get(f"{case.get_absolute_url()}8d/").status_code == 404
    assert "<b>confidential</b>" in text_of(client, owner, case)


def test_reading_it_changes_nothing_and_the_case_leads_there(client, case, owner):
    before = Event.objects.filter(case=case).count()
    text_of(client, owner, case)
    assert Event.objects.filter(case=case).count() == before
    assert f'href="{case.get_absolute_url()}8d/"' in client.get(case.get_absolute_url()).content.decode()
    assert client.post(f"{case.get_absolute_url()}8d/").status_code == 405


def test_it_costs_the_same_however_much_was_done(client, case, owner, django_assert_max_num_queries):
    worked(case, owner, builders.user("quality"))
    client.force_login(owner)
    with django_assert_max_num_queries(22):
        client.get(f"{case.get_absolute_url()}8d/")
