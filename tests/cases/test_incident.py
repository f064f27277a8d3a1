"""One incident, many customers: the reviewed act, the case found by us, and a failure that came back."""

from datetime import timedelta

import pytest

from cases import actions, checks, heeding, incident, tracing
from cases.enums import CaseState, Channel, ExposureState
from cases.models import Case, CaseCause, Due, Escalation, Event, Exposure, Link, Step
from cases.refusals import Refused
from cases.steps import root_cause
from mail import delivery, rendering
from tests import builders
from tests.builders import NOON, case, customer, user
from tests.cases.stepping import left
from tests.cases.test_causes import SOON, cause_of, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LETTER = incident.Letter(
    subject="About {product}",
    found="A batch of {product} left without a scan.",
    meaning="{customer} may have short boxes.",
    doing="We count every box, {name}.",
    promise="The result of our count",
)


@pytest.fixture
def people(client):
    owner, checker = user("manager", name="Marta Keller"), user("quality", name="Sven Baum")
    client.force_login(owner)
    return owner, checker


def exposed(cause, owner, *names: str) -> list[Exposure]:
    """Put customers on the list of a cause, each with a person who can be written to."""
    link = Link.objects.get_or_create(kind=Link.Kind.CARRIER, name="Nordfracht")[0]
    cause.links.add(link)
    found = []
    for name in names:
        of = customer(name=name)
        builders.contact(of, name=f"Person of {name}")
        link.customers.add(of)
        found.append(Exposure.objects.create(cause=cause, customer=of, owner=owner, listed_at=NOON))
    return found


def telling(exposure: Exposure, **changed) -> incident.Telling:
    known = {"exposure": exposure, "contact": exposure.customer.contacts.first(), "due_at": NOON + timedelta(days=2)}
    return incident.Telling(**{**known, **changed})


def test_incident_writes_to_each_opens_a_case_found_by_us_and_marks_them_told(people, postbox):
    owner, checker = people
    cause = cause_of(owner, checker)
    both = exposed(cause, owner, "Brunner", "Castor")
    opened = incident.tell(
        cause=cause, actor=owner, letter=LETTER, tellings=[telling(one) for one in both], now=NOON + HOUR
    )
    rows = list(Exposure.objects.order_by("pk"))
    assert [(row.state, row.opened, row.marked_at) for row in rows] == [("told", one, NOON + HOUR) for one in opened]
    assert [one.channel for one in opened] == [Channel.FOUND, Channel.FOUND]
    assert [one.promises.get().due_at for one in opened] == [NOON + timedelta(days=2)] * 2
    letter = rendering.letter_of(rows[0].message)
    assert letter.subject == f"About Nordfracht ({opened[0].number})"
    assert "Brunner may have short boxes." in letter.text and "We count every box, Person of Brunner." in letter.text
    assert Event.objects.get(kind="exposures_told").facts["count"] == 2
    assert Escalation.objects.filter(reason="recurrence").count() == 0


def test_letter_that_was_accepted_does_the_first_step_of_the_case_found_by_us(people, postbox):
    owner, checker = people
    cause = cause_of(owner, checker)
    (one,) = exposed(cause, owner, "Brunner")
    (found,) = incident.tell(cause=cause, actor=owner, letter=LETTER, tellings=[telling(one)], now=NOON + HOUR)
    delivery.deliver_due(NOON + HOUR)
    heeding.heed_mail(NOON + HOUR)
    assert Step.objects.get(case=found, number=1).state == "done"


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"contact": None}, "Brunner: nobody there has a working"), ({"due_at": NOON - HOUR}, "This time has passed")],
)
def test_incident_sends_nothing_where_one_cannot_be_told(people, changed, said):
    owner, checker = people
    cause = cause_of(owner, checker)
    (one, two) = exposed(cause, owner, "Brunner", "Castor")
    with pytest.raises(Refused, match=said):
        incident.tell(
            cause=cause, actor=owner, letter=LETTER, tellings=[telling(two), telling(one, **changed)], now=NOON
        )
    assert Case.objects.filter(channel=Channel.FOUND).count() == 0


def test_incident_is_not_told_twice(people):
    owner, checker = people
    cause = cause_of(owner, checker)
    (one,) = exposed(cause, owner, "Brunner")
    for times in (1, 2):
        if times == 2:
            with pytest.raises(Refused, match="has had this letter already"):
                incident.tell(cause=cause, actor=owner, letter=LETTER, tellings=[telling(one)], now=NOON)
        else:
            incident.tell(cause=cause, actor=owner, letter=LETTER, tellings=[telling(one)], now=NOON)
    assert Case.objects.filter(channel=Channel.FOUND).count() == 1


def test_incident_page_shows_each_letter_and_sends_only_what_was_read(client, people, clock):
    clock.move_to(NOON)
    owner, checker = people
    client.force_login(owner)
    cause = cause_of(owner, checker)
    (one,) = exposed(cause, owner, "Brunner")
    typed = {name: getattr(LETTER, name) for name in ("subject", "found", "meaning", "doing", "promise")}
    typed |= {"to": one.pk, "due_at": "2026-11-19T17:00"}
    url = f"/learnings/{cause.pk}/tell/"
    page = client.post(url, {**typed, "read": ""})
    assert "Brunner may have short boxes." in words(page)
    other = {**typed, "meaning": "Nothing", "seen": page.context["mark"], "send": "1"}
    assert "have changed since you read the letters" in words(client.post(url, other))
    answer = client.post(url, {**typed, "seen": page.context["mark"], "send": "1"})
    assert (answer.status_code, answer.url, Exposure.objects.get().state) == (302, url, ExposureState.OPEN)
    assert "leaves" in words(client.get(url)) and Case.objects.filter(channel=Channel.FOUND).count() == 0
    assert (left(), Exposure.objects.get().state) == (1, ExposureState.TOLD)
    page = words(client.get(f"/learnings/{cause.pk}/"))
    assert "1 of 1 looked at, 1 told first" in page and "found by us" in page


def test_incident_is_closed_to_who_keeps_neither_cause_nor_customer(client, people):
    cause = cause_of(*people)
    client.force_login(user("manager"))
    assert client.get(f"/learnings/{cause.pk}/tell/").status_code == 403


def test_case_found_by_us_opens_in_one_click_at_its_first_step(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    (one,) = exposed(cause, owner, "Brunner")
    answer = client.post(f"/learnings/{cause.pk}/exposures/{one.pk}/case/")
    found = Case.objects.get(channel=Channel.FOUND)
    assert answer.url == f"/cases/{found.number}/?step=1#step"
    assert (CaseCause.objects.get(case=found).cause, Exposure.objects.get().opened) == (cause, found)


def recurred(owner, checker):
    """Return a cause whose action was done, and the case in which it came back."""
    cause = cause_of(owner, checker)
    actions.finish_action(action=cause.actions.get(), actor=owner, now=NOON + HOUR)
    again = case(owner=owner, now=NOON + 2 * HOUR, severity="low")
    root_cause.link(case=again, actor=owner, cause=cause, now=NOON + 2 * HOUR)
    return cause, again


def test_recurrence_opens_the_check_again_and_stands_on_every_case(client, people):
    owner, checker = people
    cause, _ = recurred(owner, checker)
    checks.settle_check(check=cause.checks.get(), actor=checker, passed=True, note="Fine", now=NOON + 3 * HOUR)
    third = case(owner=owner, now=NOON + 4 * HOUR, severity="low")
    root_cause.link(case=third, actor=owner, cause=cause, now=NOON + 4 * HOUR)
    check = cause.checks.get()
    assert (check.result, check.reopened_at) == ("pending", NOON + 4 * HOUR)
    assert Due.objects.get(kind="check", ref=check.pk, closed_at=None).case == third
    told = Event.objects.filter(kind="check_reopened", facts__struck=third.pk)
    assert told.count() == cause.cases.count() == 3
    assert Escalation.objects.filter(reason="recurrence", case=third).exists()
    assert "It came back" in words(client.get(f"/learnings/{cause.pk}/"))


def test_failed_check_opens_the_cause_again_and_only_the_case_hit_again(client, people):
    owner, checker = people
    cause, again = recurred(owner, checker)
    Case.objects.update(state=CaseState.RESOLVED, resolved_at=NOON)
    client.force_login(checker)
    typed = {"result": "failed", "note": "Two boxes lost", "hit": [again.pk]}
    client.post(f"/learnings/{cause.pk}/checks/{cause.checks.get().pk}/", typed)
    cause.refresh_from_db()
    states = dict(Case.objects.values_list("pk", "state"))
    assert (cause.state, states.pop(again.pk), set(states.values())) == ("suspected", "open", {"resolved"})
    assert cause.checks.get().found.text == "Two boxes lost"


def test_cause_opened_again_needs_an_action_and_a_check_before_it_is_proved(people):
    owner, checker = people
    cause = cause_of(owner, checker)
    checks.settle_check(check=cause.checks.get(), actor=checker, passed=False, note="Two lost", now=SOON)
    later = {"actor": owner, "now": SOON + HOUR}
    with pytest.raises(Refused, match="Plan a further corrective action first"):
        tracing.prove_again(cause=cause, proof="Switched off", **later)
    tracing.plan_corrective(cause=cause, text="Scan twice", owner=owner, due_at=SOON + 9 * HOUR, **later)
    with pytest.raises(Refused, match="Plan one more check"):
        tracing.prove_again(cause=cause, proof="Switched off", **later)
    checks.plan_next(cause=cause, criterion="None", due_at=SOON + 90 * HOUR, checker=checker, **later)
    tracing.prove_again(cause=cause, proof="Switched off", **later)
    cause.refresh_from_db()
    assert (cause.state, cause.proof.text) == ("proved", "Switched off")
