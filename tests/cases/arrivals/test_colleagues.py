"""A message that names a colleague: theirs only with a proof, else somebody's who says so (decision 0011)."""

import pytest

from cases import intake_items
from cases.models import CaseFile, Entry, Event, IntakeItem
from mail.models import Notice
from tests import builders
from tests.cases.arrivals.arriving import LATER, receive, reply
from tests.mail.inbound.writing import mail

pytestmark = pytest.mark.django_db
VOUCHED = "mx.demo.example; spf=pass smtp.mailfrom=marta@ours.example"
WORDS = "We admit that it was our fault."


@pytest.fixture(autouse=True)
def trusted(settings):
    settings.TRUSTED_MAIL_SERVERS = ["mx.demo.example"]


@pytest.fixture
def team():
    team = builders.team()
    team.lead = builders.user("lead", name="Jonas Frei", of=team)
    team.save()
    return team


@pytest.fixture
def marta(team):
    return builders.user(name="Marta Keller", email="marta@ours.example", of=team)


@pytest.fixture
def case(marta):
    return builders.acknowledged(builders.case(owner=marta))


def notes(case) -> list[str]:
    rows = Entry.objects.filter(case=case, inbound__isnull=False).select_related("words")
    return [row.words.text for row in rows]


def spoofed(case, **headers):
    """Let a stranger write to the case under the owner's name."""
    return reply(case, WORDS, sender="Marta Keller <marta@ours.example>", **headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authentication_Results": "mx.demo.example; spf=pass smtp.mailfrom=who@else.example"},
        {"Authentication_Results": "mx.else.example; dkim=pass header.d=ours.example"},
    ],
    ids=["nobody vouches", "for another domain", "a server of theirs"],
)
def test_a_message_under_a_colleagues_name_is_on_no_case_by_itself(case, marta, headers):
    events = case.events.count()

    inbound = spoofed(case, **headers)

    item = IntakeItem.objects.get(inbound=inbound)
    assert (notes(case), case.events.count(), item.meant_for) == ([], events, case)
    assert list(Notice.objects.filter(kind="intake_unproved").values_list("user", flat=True)) == [marta.pk]


def test_a_message_with_proof_is_the_colleagues_note(case, marta):
    spoofed(case, Authentication_Results=VOUCHED)

    entry = Entry.objects.get(case=case, inbound__isnull=False)
    assert (entry.author, entry.kind, IntakeItem.objects.count()) == (marta, "note", 0)
    assert "to" not in Event.objects.get(case=case, words=entry.words).facts


def test_the_intake_says_that_it_only_says_so(case, marta, team, client):
    spoofed(case)
    client.force_login(team.lead)

    queue = client.get("/intake/").content.decode()
    page = client.get(f"/intake/{IntakeItem.objects.get().pk}/").content.decode()

    assert f"says so, not proven; sent to {case.number}" in queue
    assert "It says it is from Marta Keller, a colleague. That is not proven:" in page
    assert f'name="case" value="{case.number}"' in page


def test_whoever_puts_it_on_the_case_answers_for_it(case, marta, team, client):
    spoofed(case)
    client.force_login(team.lead)

    client.post(f"/intake/{IntakeItem.objects.get().pk}/add/", {"case": case.number})
    timeline = client.get(case.get_absolute_url()).content.decode()

    entry = Entry.objects.get(case=case, inbound__isnull=False)
    assert (entry.author, entry.words.text) == (team.lead, WORDS)
    told = "<b>Jonas Frei</b> put a message here that says it is from <b>Marta Keller</b>"
    assert told in timeline and "<b>Marta Keller</b> left a note" not in timeline


def test_who_puts_a_message_of_their_own_on_the_case_has_left_a_note(case, marta):
    spoofed(case)

    intake_items.add_to(item=IntakeItem.objects.get(), case=case, actor=marta, now=LATER)

    entry = Entry.objects.get(case=case, inbound__isnull=False)
    assert entry.author == marta
    assert "to" not in Event.objects.get(case=case, words=entry.words).facts


def test_s2_what_was_sent_to_a_confidential_case_waits_before_those_who_see_it(marta, team, client):
    case = builders.case(owner=marta, sensitive=True)
    inbound = spoofed(case, Subject="Between us")
    item = IntakeItem.objects.get(inbound=inbound)
    outsider, chair = builders.user("manager", of=builders.team("South")), builders.user("chair")

    seen = {}
    for person in (outsider, chair, team.lead):
        client.force_login(person)
        queue = client.get("/intake/").content.decode()
        pages = [client.get(path).status_code for path in (f"/intake/{item.pk}/", f"/messages/{inbound.pk}/")]
        seen[person.pk] = ("Between us" in queue, *pages)
        client.post(f"/intake/{item.pk}/aside/", {"reason": "x"}) if person == outsider else None

    item.refresh_from_db()
    assert seen == {
        outsider.pk: (False, 404, 404),
        chair.pk: (True, 200, 200),
        team.lead.pk: (True, 200, 200),
    }
    assert item.state == "waiting"


def test_s2_only_those_who_see_the_case_are_told_that_it_waits_too_long(marta, team):
    south = builders.user("lead", of=builders.team("South"))
    case = builders.case(owner=marta, sensitive=True)
    spoofed(case)
    item = IntakeItem.objects.get()

    intake_items.warn_due(item.chase_at)

    told = set(Notice.objects.filter(kind="intake_late").values_list("user", flat=True))
    assert told == {team.lead.pk} and south.pk not in told


def test_files_under_a_colleagues_name_hang_on_no_case(case):
    spoofed(case)

    assert not CaseFile.objects.filter(case=case).exists()


def test_a_forwarded_complaint_of_a_colleague_waits_and_says_whose_it_may_be(marta, client):
    builders.case(owner=marta)
    receive(mail("See below.", sender=marta.email, Subject="Fwd: housings"))
    client.force_login(marta)

    page = client.get(f"/intake/{IntakeItem.objects.get().pk}/").content.decode()

    assert "Is it yours? Then put it where it belongs, and it is your note." in page
    assert Notice.objects.filter(kind="intake_unproved").exists()
