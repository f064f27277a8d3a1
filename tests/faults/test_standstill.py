"""Three days in which nothing ran: sweeps late, twice or in any order leave the same (promise R4)."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from cases import chasing, heeding, promises, reminding, search, timeline
from cases.enums import EscalationReason, PromiseState
from cases.models import Case, Chase, Due, Escalation, Promise
from council import ranking
from council import sweep as council_sweep
from mail.delivery import deliver_due
from mail.models import Message, Notice
from surveys import inviting, judging
from surveys import reminding as survey_reminding
from tests import builders
from tests.builders import NOON
from tests.faults.cutting import picture
from tests.surveys import making

pytestmark = pytest.mark.django_db
SILENCE = timedelta(days=3)
BACK = NOON + SILENCE
HOUR = timedelta(hours=1)
SWEEPS = (
    chasing.chase_due,
    promises.break_overdue,
    reminding.remind_due,
    inviting.invite_due,
    survey_reminding.remind_due,
    judging.judge_due,
    council_sweep.see_due,
    ranking.rank_docket,
    heeding.heed_mail,
    search.index_due,
)


@pytest.fixture
def world(db, tmp_path, settings) -> list[Case]:
    """Four cases of one customer's: new, acknowledged, asked, confirmed. Nothing has been swept."""
    settings.DATA_DIR = tmp_path
    builders.user("chair")
    owner, _ = making.team_of_two()
    fresh = builders.case(owner=owner)
    promised = builders.acknowledged(builders.case(owner=owner))
    asked = making.asked(owner=owner).case
    return [fresh, promised, asked, making.resolved(owner=owner)]


def sweep_all(now: datetime) -> None:
    for sweep in SWEEPS:
        sweep(now)


def climbed(*, overtaken: bool) -> dict[tuple[int, str, int], list[int]]:
    found: dict[tuple[int, str, int], list[int]] = {}
    rows = Chase.objects.filter(overtaken=overtaken).select_related("due").order_by("rung")
    for row in rows:
        found.setdefault((row.due.case_id, row.due.kind, row.due.ref), []).append(row.rung)
    return found


def test_after_a_standstill_only_the_highest_rung_is_sent(world):
    chasing.chase_due(BACK)
    fresh = world[0]
    assert climbed(overtaken=False)[fresh.pk, "step", 1] == [125]
    assert climbed(overtaken=True)[fresh.pk, "step", 1] == [50, 80, 100]
    assert not Due.objects.filter(closed_at=None, chase_at__lte=BACK).exists()
    assert all(len(rungs) == 1 for rungs in climbed(overtaken=False).values())


def test_one_entry_lies_on_the_docket_for_each_late_case(world):
    chasing.chase_due(BACK)
    late = Escalation.objects.filter(reason=EscalationReason.OVERDUE).values_list("case", flat=True)
    assert set(Counter(late).values()) == {1}
    assert world[0].pk in late


def test_a_second_sweep_at_the_same_moment_changes_nothing(world):
    sweep_all(BACK)
    sweep_all(BACK)  # what the first laid open, such as letters, is in order now
    before = picture()
    sweep_all(BACK)
    assert picture() == before


def test_the_same_rungs_are_reached_whether_swept_each_hour_or_once(world):
    """Rungs are moments, not counts: sweeping late overtakes some, and never adds or loses one."""
    case = world[0]
    first = list(Due.objects.filter(case=case).values_list("pk", flat=True))
    for hour in range(int(SILENCE / HOUR) + 1):
        chasing.chase_due(NOON + hour * HOUR)
    swept = set(Chase.objects.filter(due__in=first).values_list("due__kind", "due__ref", "rung"))

    late = builders.case(owner=case.owner, with_defaults=False)
    chasing.chase_due(BACK)
    once = set(Chase.objects.filter(due__case=late).exclude(due__kind="decision"))
    assert {(row.due.kind, row.due.ref, row.rung) for row in once} == {row for row in swept if row[0] != "decision"}


def test_what_fell_due_meanwhile_is_all_done_at_once(world):
    sweep_all(BACK)
    promised = world[1]
    assert Promise.objects.filter(case=promised).values_list("state", flat=True).first() == PromiseState.BROKEN
    assert [timeline.faults(case.pk) for case in world] == [[], [], [], []]
    assert Counter(Message.objects.values_list("key", flat=True)).most_common(1)[0][1] == 1
    assert Counter(Notice.objects.values_list("user", "key")).most_common(1)[0][1] == 1


def test_letters_that_waited_all_leave_in_one_sweep(world):
    sweep_all(BACK)
    waiting = Message.objects.ready(BACK).count()
    assert waiting > 4
    assert deliver_due(BACK).sent == waiting
    assert not Message.objects.ready(BACK + timedelta(minutes=1)).exists()
