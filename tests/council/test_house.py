"""The mandate, the wall display, the weekly letter, the anchor of the timelines."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import AdminEvent, Pass, User
from cases import anchoring, escalation, seal, sweeping
from cases.enums import EscalationReason
from cases.models import Case, Chain, Event, PolicyVersion, Sweep
from cases.refusals import Refused
from council import mandate, walls, weekly
from council.figures import tallying
from council.mandate import Limits
from council.models import Mandate, Wall
from council.tasks import weekly_letter
from mail.models import Message
from mail.rendering import letter_of
from tests import builders
from tests.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMITS = Limits(manager=100_000, lead=300_000, chair=2_500_000)


@pytest.fixture(autouse=True)
def rules(db, clock):
    builders.defaults.install()
    clock.move_to(NOON)
    return clock


def write(actor, **changed):
    facts = {"powers": "It sees every case.", "limits": LIMITS, "base": 0, "policy_base": 1, "now": NOON, **changed}
    return mandate.save(actor=actor, **facts)


def text_of(answer):
    return " ".join(answer.content.decode().split())


# The mandate


def test_the_sponsor_writes_powers_and_limits_and_all_staff_read_them(client, people):
    write(people.sponsor)
    assert PolicyVersion.objects.get(number=2).facts["gesture_limits"]["chair"] == 2_500_000
    client.force_login(people.owner)
    page = text_of(client.get("/council/mandate/"))
    assert "It sees every case." in page and "CHF 25,000" in page and "Version 1, by Vera Lindt" in page
    assert "Write the mandate" not in page


def test_powers_alone_leave_the_policy_as_it_is(people):
    write(people.sponsor, limits=Limits(manager=100_000, lead=300_000, chair=2_000_000))
    assert (PolicyVersion.objects.count(), Mandate.objects.get().number) == (1, 1)


@pytest.mark.parametrize("who", ["chair", "member", "lead", "owner", "auditor"])
def test_nobody_but_the_sponsor_writes_it(client, people, who):
    with pytest.raises(Refused, match="Only the executive sponsor"):
        write(getattr(people, who))
    client.force_login(getattr(people, who))
    assert client.post("/council/mandate/edit/", {"powers": "All"}).status_code == 403
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"powers": "  "}, "powers"),
        ({"limits": Limits(manager=400_000, lead=300_000, chair=2_000_000)}, "lead"),
        ({"limits": Limits(manager=100_000, lead=300_000, chair=200_000)}, "chair"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(people, changed, field):
    with pytest.raises(Refused) as refused:
        write(people.sponsor, **changed)
    assert (refused.value.field, Mandate.objects.count(), PolicyVersion.objects.count()) == (field, 0, 1)


def test_the_second_of_two_who_write_at_once_is_told(people):
    write(people.sponsor)
    with pytest.raises(Refused, match="saved by somebody else meanwhile"):
        write(people.sponsor, powers="Something else", policy_base=2)
    assert Mandate.objects.get().words.text == "It sees every case."


def test_the_form_keeps_what_was_typed(client, people):
    client.force_login(people.sponsor)
    given = {"powers": "Less", "manager": "5000", "lead": "3000", "chair": "20000", "base": 0, "policy_base": 1}
    answer = client.post("/council/mandate/edit/", given)
    assert answer.status_code == 422
    assert "A lead may give at least as much as an account manager." in text_of(answer)
    client.post("/council/mandate/edit/", {**given, "manager": "1000"})
    assert Mandate.objects.get().words.text == "Less"


# The wall display


def hung(people, place="Canteen"):
    return walls.hang(actor=people.chair, place=place, now=NOON)


def test_the_wall_needs_no_sign_in_and_shows_no_name_of_a_person(client, people):
    case = builders.case(owner=people.owner, of=builders.customer(name="Halden"), reporter=None)
    escalation.escalate(case=case, reason=EscalationReason.BY_HAND, asked_by=people.owner, now=NOON)
    tallying.tally_due(NOON)
    _, token = hung(people)
    answer = client.get(f"/wall/{token}/")
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'hx-trigger="every 60s"' in page and '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page
    assert "Decisions waiting</dt><dd>1</dd>" in page
    names = [*User.objects.values_list("name", flat=True), case.reporter.name, case.title]
    assert [name for name in names if name in page] == []
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store, private")


def test_the_wall_counts_no_confidential_case(client, people):
    case = builders.case(owner=people.owner, about_person=True)
    escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=NOON)
    tallying.tally_due(NOON)
    wall, token = hung(people)
    page = text_of(client.get(f"/wall/{token}/"))
    assert "Decisions waiting</dt><dd>0</dd>" in page and "0 open cases" in page
    assert walls.waiting(NOON, confidential=True).decisions == 1
    assert User.objects.get(pk=wall.made_by_id).has_role("chair")


def test_the_wall_costs_the_same_for_few_and_many(client, people, django_assert_max_num_queries):
    _, token = hung(people)
    for _ in range(3):
        builders.case(owner=people.owner)
    with django_assert_max_num_queries(14):
        assert client.get(f"/wall/{token}/").status_code == 200


def test_a_link_taken_down_looks_like_one_that_never_was(client, people):
    wall, token = hung(people)
    walls.take_down(wall=wall, actor=people.sponsor, now=NOON + HOUR)
    gone, never = client.get(f"/wall/{token}/"), client.get(f"/wall/{'x' * 43}/")
    assert (gone.status_code, never.status_code, gone.content) == (404, 404, never.content)
    screen = client.get(f"/wall/{token}/", headers={"hx-request": "true"})
    assert (screen.status_code, screen["HX-Refresh"]) == (404, "true")
    with pytest.raises(Refused, match="taken down already"):
        walls.take_down(wall=wall, actor=people.chair, now=NOON + HOUR)


def test_a_customers_link_opens_no_wall(client, people):
    from accounts import passes

    other = passes.issue(purpose=Pass.Purpose.STATUS, target="status-1-1", now=NOON, lifetime=DAY)
    assert client.get(f"/wall/{passes.token_of(other)}/").status_code == 404


@pytest.mark.parametrize("who", ["member", "lead", "owner", "auditor"])
def test_others_hang_up_nothing(client, people, who):
    with pytest.raises(Refused, match="hang up and take down"):
        walls.hang(actor=getattr(people, who), place="Hall", now=NOON)
    client.force_login(getattr(people, who))
    assert client.post("/council/walls/hang/", {"place": "Hall"}).status_code == 403
    assert not Wall.objects.exists()


def test_the_link_is_shown_once(client, people):
    client.force_login(people.chair)
    assert client.post("/council/walls/hang/", {"place": " "}).status_code == 422
    made = text_of(client.post("/council/walls/hang/", {"place": "Canteen"}))
    token = re.search(r"/wall/([A-Za-z0-9_-]{43})/", made)[1]
    page = text_of(client.get("/council/walls/"))
    assert ("Canteen" in page, token in page) == (True, False)
    client.logout()
    assert client.get(f"/wall/{token}/").status_code == 200


# The weekly letter


def test_each_of_the_council_gets_one_letter_a_week_with_figures_and_anchor(people):
    builders.case(owner=people.owner)
    tallying.tally_due(NOON)
    anchoring.anchor_due(NOON)
    for moment in (NOON, NOON + HOUR):
        assert weekly.write_due(moment) == 3
    letters = Message.objects.filter(template="weekly")
    assert sorted(letters.values_list("recipients__address", flat=True)) == sorted(
        person.email for person in (people.chair, people.member, people.sponsor)
    )
    read = letter_of(letters.first())
    assert read.subject == "The week of the council: 0 decisions waiting, CHF 1.3 M at stake"
    assert anchoring.newest().facts["digest"] in read.text
    assert "At stake now: CHF 1.3 M in 1 open case." in " ".join(read.text.split())


def test_before_the_first_anchor_the_letter_says_so(people):
    weekly.write_due(NOON)
    assert "no anchor yet" in letter_of(Message.objects.filter(template="weekly").first()).text


def test_the_letter_leaves_on_monday_at_seven_and_once(people, clock):
    weekly_letter()
    assert Sweep.objects.get(name="weekly").next_at == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    clock.move_to(datetime(2026, 11, 23, 5, 59, tzinfo=UTC))
    weekly_letter()
    assert not Message.objects.filter(template="weekly").exists()
    clock.move_to(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))
    weekly_letter()
    weekly_letter()
    assert Message.objects.filter(template="weekly").count() == 3
    assert Sweep.objects.get(name="weekly").next_at == datetime(2026, 11, 30, 6, 0, tzinfo=UTC)


def test_a_turn_whose_process_died_runs_again_and_doubles_nothing(people, clock):
    clock.move_to(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))
    Sweep.objects.create(name="weekly", next_at=NOON)

    def dies(now):
        weekly.write_due(now)
        raise SystemExit

    with pytest.raises(SystemExit):
        sweeping.turn("weekly", datetime(2026, 11, 23, 6, 0, tzinfo=UTC), dies, following=weekly.next_turn)
    Sweep.objects.update(lease_until=None)
    weekly_letter()
    assert Message.objects.filter(template="weekly").count() == 3


# The anchor


def test_a_day_is_anchored_once_and_stands_in_the_log(people):
    case = builders.case(owner=people.owner, now=NOON - DAY)
    assert [anchoring.anchor_due(NOON), anchoring.anchor_due(NOON + HOUR)] == [1, 0]
    facts = AdminEvent.objects.get(kind="timeline_anchored").facts
    assert (facts["day"], facts["cases"], facts["events"]) == ("2026-11-17", 1, Chain.objects.get(case=case).seq)
    assert anchoring.broken() == []


def test_what_happens_later_leaves_an_anchor_whole(people):
    builders.case(owner=people.owner, now=NOON - DAY)
    anchoring.anchor_due(NOON)
    builders.case(owner=people.owner, now=NOON + HOUR)
    assert anchoring.broken() == []


def test_r8_a_tail_cut_off_with_its_head_shows_in_the_anchor_only(people, capsys):
    case = builders.acknowledged(builders.case(owner=people.owner, now=NOON - DAY), now=NOON - DAY + HOUR)
    anchoring.anchor_due(NOON)
    with seal.lifted(connection):
        last = Event.objects.filter(case=case).order_by("-seq").first()
        kept = Event.objects.get(case=case, seq=last.seq - 1)
        Event.objects.filter(pk=last.pk).delete()
        Chain.objects.filter(case=case).update(seq=kept.seq, head=kept.hash)
    assert anchoring.broken() == [date(2026, 11, 17)]
    with pytest.raises(SystemExit):
        call_command("verify_timeline")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == ("The anchor of 2026-11-17: the timelines are not as they stood at the beginning of that day.")
    assert said[-1].endswith("1 faults")
    assert Case.objects.count() == 1
