"""Who reads which message: as the case it is on, as the intake, or those who run the house (promise S2)."""

import pytest

from cases import defaults
from cases.models import IntakeItem
from tests import builders
from tests.builders import NOON
from tests.cases.arrivals.arriving import receive, reply
from tests.mail.inbound.writing import mail

pytestmark = pytest.mark.django_db
PARTS = ("", "raw/")


def code(client, user, path: str) -> int:
    """Open an address as somebody and return the status."""
    client.force_login(user)
    answer = client.get(path)
    if answer.streaming and answer.file_to_stream is not None:
        answer.file_to_stream.close()
    return answer.status_code


def codes(client, user, inbound) -> set[int]:
    return {code(client, user, f"/messages/{inbound.pk}/{part}") for part in PARTS}


def test_s2_a_message_on_a_confidential_case_is_seen_as_the_case_is(client):
    north, south = builders.team("North"), builders.team("South")
    alice, bob = builders.user(of=north), builders.user("lead", of=north)
    charlie, admin = builders.user(of=south), builders.user("admin")
    case = builders.case(owner=alice, sensitive=True, now=NOON)

    inbound = reply(case)

    seen = [codes(client, one, inbound) for one in (alice, bob, charlie, admin)]
    assert seen == [{200}, {200}, {404}, {404}]


def test_s2_a_confidential_message_is_in_no_list_of_others(client):
    alice, admin = builders.user(of=builders.team()), builders.user("admin")
    case = builders.case(owner=alice, sensitive=True, now=NOON)
    reply(case, Subject="Between us")
    client.force_login(admin)

    assert "Between us" not in client.get("/arrivals/").content.decode()


def test_s2_an_unmatched_message_is_for_those_who_take_it_in(client):
    defaults.install()
    inbound = receive(mail(Subject="For whom?"))
    people = (builders.user(), builders.user("auditor"), builders.user("admin"), builders.user("counsel"))

    assert [codes(client, one, inbound) for one in people] == [{200}, {200}, {404}, {404}]


def test_s2_what_machines_wrote_is_for_those_who_run_the_house(client):
    inbound = receive(mail(Auto_Submitted="auto-generated"))
    people = (builders.user("admin"), builders.user("lead"), builders.user())

    assert [codes(client, one, inbound) for one in people] == [{200}, {200}, {404}]


def test_an_auditor_reads_the_intake_and_decides_nothing(client):
    defaults.install()
    receive(mail())
    item = IntakeItem.objects.get()
    client.force_login(builders.user("auditor"))

    shown = client.get(f"/intake/{item.pk}/").content.decode()
    answer = client.post(f"/intake/{item.pk}/aside/", {"reason": "No"})

    assert "Set it aside" not in shown
    assert (answer.status_code, IntakeItem.objects.get().state) == (403, "waiting")


def test_lists_cost_the_same_at_one_and_at_thirty_rows(client, django_assert_max_num_queries):
    defaults.install()
    builders.contact(builders.customer(), email="ruth@halden.example")
    client.force_login(builders.user("lead", "admin", of=builders.team()))
    for count in (1, 29):
        for number in range(count):
            receive(mail(sender=f"a{number}-{count}@halden.example", Message_ID=f"<{count}-{number}@x>"))
        for path in ("/intake/", "/arrivals/"):
            with django_assert_max_num_queries(8):
                client.get(path)
