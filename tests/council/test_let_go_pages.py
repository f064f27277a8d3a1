"""The pages of the last option: what they refuse and where, who comes in, what they show to whom."""

import pytest
from django.urls import reverse

from cases import escalation, promises, secrecy
from cases.enums import EscalationReason
from cases.models import Escalation
from council.letgo import farewell
from council.models import Ballot
from tests import builders
from tests.builders import NOON
from tests.council.letting import HOUR, bench_of, filed, tried, voted

pytestmark = pytest.mark.django_db
GIVEN = {
    "reason": "poor_match",
    "why": "They need lots of ten.",
    "hours": "900",
    "cash": "42000",
    "morale": "Two asked to be moved.",
    "contribution": "11000.50",
    "ends_on": "2027-03-31",
    "letter": "Until {end} we are there for you.",
}


@pytest.fixture(autouse=True)
def four_o_clock(clock):
    clock.move_to(NOON + 4 * HOUR)


@pytest.fixture
def three():
    return bench_of(3)


def address(case):
    return reverse("council:let_go", args=[case.pk])


def sent(client, user, case, **given):
    client.force_login(user)
    return client.post(address(case), {**GIVEN, **given})


def text_of(answer):
    return " ".join(answer.content.decode().split())


def put_to_the_vote(client, user, case, **given):
    """Read the letter, then put it to the vote with its mark."""
    mark = sent(client, user, case, **given).context["form"].data["seen"]
    return sent(client, user, case, **given, seen=mark, file="1")


def test_form_is_not_offered_while_trials_are_missing_and_says_what_is(client, three):
    case = tried(three.owner, refusals=1)
    client.force_login(three.members[0])
    text = text_of(client.get(address(case)))
    assert "They have refused one carried-out result in their own words; it takes two." in text
    assert 'name="letter"' not in text


def test_sent_all_the_same_it_is_refused_with_the_reasons_and_keeps_what_was_typed(client, three):
    case = tried(three.owner, refusals=1)
    answer = put_to_the_vote(client, three.members[0], case)
    assert answer.status_code == 422
    assert "Not everything was tried." in str(answer.context["form"].non_field_errors())
    assert "They need lots of ten." in text_of(answer)
    assert not Ballot.objects.exists()


def test_letter_is_read_before_the_vote_with_the_day_in_it(client, three):
    case = tried(three.owner)
    answer = sent(client, three.members[0], case)
    assert "Until 31 March 2027 we are there for you." in text_of(answer)
    assert not Ballot.objects.exists()


def test_a_letter_changed_since_it_was_read_is_refused_at_its_field(client, three):
    case = tried(three.owner)
    mark = sent(client, three.members[0], case).context["form"].data["seen"]
    answer = sent(client, three.members[0], case, seen=mark, file="1", letter="Go away.")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["letter"])
    assert not Ballot.objects.exists()


def test_the_vote_opens_with_what_the_form_said(client, three):
    case = tried(three.owner)
    answer = put_to_the_vote(client, three.members[0], case)
    ballot = Ballot.objects.select_related("form__letter").get()
    assert answer.url == reverse("council:ballot", args=[ballot.pk])
    assert (ballot.form.drain_cash, ballot.form.contribution) == (4_200_000, 1_100_050)
    assert ballot.form.letter.text == "Until 31 March 2027 we are there for you."


@pytest.mark.parametrize("name", ["reason", "why", "hours", "cash", "morale", "contribution", "ends_on", "letter"])
def test_what_is_missing_is_said_at_its_field(client, three, name):
    answer = sent(client, three.members[0], tried(three.owner), **{name: ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])


def test_each_other_open_case_asks_what_becomes_of_it(client, three):
    case = tried(three.owner)
    other = builders.case(owner=three.owner, of=case.customer, severity="low")
    answer = sent(client, three.members[0], case)
    assert answer.context["form"].errors == {f"other_{other.pk}": ["Say what becomes of this case."]}
    put_to_the_vote(client, three.members[0], case, **{f"other_{other.pk}": "worked_on"})
    assert Ballot.objects.get().form.others.get().ends is False


@pytest.mark.parametrize("role", ["manager", "lead", "quality", "counsel", "auditor", "admin"])
def test_nobody_but_the_council_opens_the_form(client, three, role):
    assert sent(client, builders.user(role), tried(three.owner)).status_code == 403


def test_the_owner_on_the_council_does_not_open_the_form(client, three):
    answer = sent(client, three.members[0], tried(three.members[0]))
    assert answer.status_code == 403


def test_vote_is_taken_on_its_page_and_may_be_changed(client, three):
    ballot = filed(tried(three.owner), three.members[0])
    client.force_login(three.members[1])
    page = reverse("council:ballot", args=[ballot.pk])
    assert client.post(page, {"choice": "keep", "why": ""}).context["form"].errors["why"]
    client.post(page, {"choice": "keep", "why": "They are worth it."})
    assert "They are worth it." in text_of(client.get(page))
    client.post(page, {"choice": "let_go", "why": "I thought again."})
    assert [vote.choice for vote in ballot.votes.all()] == ["let_go"]


def test_who_voted_how_is_shown_only_when_the_vote_is_closed(client, three):
    ballot = voted(filed(tried(three.owner), three.members[0]), {three.members[1]: "keep"})
    client.force_login(three.owner)
    page = reverse("council:ballot", args=[ballot.pk])
    text = text_of(client.get(page))
    assert "So I see it." not in text
    assert text.count("has not voted yet") == 2
    voted(ballot, dict.fromkeys((three.members[0], three.members[2]), "keep"))
    assert text_of(client.get(page)).count("So I see it.") == 3


def test_whoever_has_no_seat_reads_the_vote_and_takes_no_part(client, three):
    ballot = filed(tried(three.owner), three.members[0])
    client.force_login(builders.user("auditor"))
    page = reverse("council:ballot", args=[ballot.pk])
    assert "You have no seat in this vote" in text_of(client.get(page))
    answer = client.post(page, {"choice": "let_go", "why": "x"})
    assert (answer.status_code, ballot.votes.count()) == (422, 0)


def test_a_vote_on_a_confidential_case_stays_behind_its_door(client, three):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    secrecy.set_confidential(case=case, actor=three.owner, confidential=True, reason="Names", now=NOON + 5 * HOUR)
    client.force_login(builders.user("manager", of=builders.team("South")))
    assert client.get(reverse("council:ballot", args=[ballot.pk])).status_code == 404


def test_s2_vote_shows_no_promise_of_another_case_behind_its_door(client, three):
    case = tried(three.owner)
    ballot = filed(case, three.members[0])
    hidden = builders.case(owner=builders.user(), of=case.customer, about_person=True)
    given = {"kind": "recovery", "text": "He will apologise", "due_at": NOON + 30 * HOUR, "now": NOON + 4 * HOUR}
    promises.make_promise(case=hidden, actor=hidden.owner, **given)
    shown = []
    for reader in (three.owner, three.members[0]):
        client.force_login(reader)
        shown.append("He will apologise" in text_of(client.get(reverse("council:ballot", args=[ballot.pk]))))
    assert shown == [False, True]


def test_docket_leads_to_the_form_and_then_to_the_vote(client, three):
    case = tried(three.owner)
    escalation.escalate(case=case, reason=EscalationReason.BY_HAND, now=NOON + 4 * HOUR)
    client.force_login(three.members[0])
    docket = reverse("council:docket")
    assert f'href="{address(case)}"' in text_of(client.get(docket))
    ballot = filed(case, three.members[0])
    assert f'href="{reverse("council:ballot", args=[ballot.pk])}"' in text_of(client.get(docket))


@pytest.mark.parametrize("reason", ["gesture", "waiver", "silent"])
def test_entries_about_one_thing_do_not_lead_there(client, three, reason):
    case = tried(three.owner)
    Escalation.objects.filter(case=case).update(decided_at=NOON)
    escalation.escalate(case=case, reason=EscalationReason(reason), ref=4, asked_by=three.owner, now=NOON + 4 * HOUR)
    client.force_login(three.members[0])
    assert address(case) not in text_of(client.get(reverse("council:docket")))


def test_the_result_stands_on_the_case_page(client, three):
    case = tried(three.owner)
    voted(filed(case, three.members[0]), dict.fromkeys(three.members, "let_go"))
    client.force_login(three.owner)
    text = text_of(client.get(case.get_absolute_url()))
    assert "Closed · Let go" in text
    assert "The council voted: <b>let go</b>" in text


def test_first_letter_leaves_room_for_the_day(three):
    case = tried(three.owner)
    text = farewell.draft(case)
    assert farewell.ROOM in text
    assert f"“{case.title}”" in text
