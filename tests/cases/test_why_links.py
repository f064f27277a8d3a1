"""Ways to the sum behind a deadline: rail, panel, Today, list; and both durations of what is done."""

from datetime import timedelta

import pytest
import time_machine

from cases.models import Case, Due
from cases.templatetags.cases import worked
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def case(client) -> Case:
    owner = builders.user(of=builders.team())
    client.force_login(owner)
    return builders.acknowledged(builders.case(owner=owner))


def page(client, url: str) -> str:
    with time_machine.travel(LATER, tick=False):
        return client.get(url).content.decode()


def why(case: Case, number: int) -> str:
    return f"/cases/{case.number}/why/{Due.objects.get(case=case, kind='step', ref=number).pk}/"


def test_rail_and_panel_lead_to_the_sum_of_each_running_step(client, case):
    rail = page(client, case.get_absolute_url()).split('<ol class="rail">')[1].split("</ol>")[0]
    linked = {number: f'href="{why(case, number)}"' in rail for number in (1, 2, 3, 4, 5, 6, 8)}
    assert linked == {1: False, 2: True, 3: True, 4: True, 5: True, 6: True, 8: True}
    panel = page(client, f"{case.get_absolute_url()}?step=5").split('id="step"')[1].split("</div>")[0]
    assert why(case, 5) in panel


def test_panel_of_a_step_that_is_done_says_both_durations(client, case):
    head = page(client, f"{case.get_absolute_url()}?step=1").split('id="step"')[1].split("</div>")[0]
    assert "38\u00a0min of working time, 38\u00a0min for the customer" in head
    assert why(case, 1) in head


def test_today_leads_to_the_sum(client, case):
    first = Due.objects.filter(case=case, closed_at=None).exclude(kind="silence").earliest("due_at")
    assert f'href="/cases/{case.number}/why/{first.pk}/"' in page(client, "/")


def test_list_leads_to_the_sum_of_what_falls_due_next(client, case):
    case.refresh_from_db()
    assert f'href="{case.get_absolute_url()}why/"' in page(client, "/cases/")
    with time_machine.travel(LATER, tick=False):
        answer = client.get(f"{case.get_absolute_url()}why/")
    due = Due.objects.get(case=case, closed_at=None, due_at=case.next_due_at, kind=case.next_kind)
    assert (answer.status_code, answer.url) == (302, f"/cases/{case.number}/why/{due.pk}/")


def test_without_a_deadline_the_way_leads_to_the_case(client, case):
    Case.objects.filter(pk=case.pk).update(next_kind="")
    assert client.get(f"{case.get_absolute_url()}why/").url == case.get_absolute_url()


def test_way_of_another_team_is_closed_where_the_case_is_confidential(client, case):
    Case.objects.filter(pk=case.pk).update(confidential=True)
    client.force_login(builders.user(of=builders.team("South")))
    assert client.get(f"{case.get_absolute_url()}why/").status_code == 404


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, ""), (0, "0 min"), (2_280, "38 min"), (20_400, "5 h 40 m"), (97_200, "27 h"), (131_400, "36 h 30 m")],
)
def test_working_time_is_never_written_in_days_of_24_hours(seconds, shown):
    assert worked(seconds).replace("\u00a0", " ") == shown
