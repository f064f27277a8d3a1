"""The case list: who sees what, the sentence of filters, order, pages, the bulk act, and search."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Role
from cases import search
from cases.enums import Severity
from cases.models import Case
from tests import builders
from tests.builders import NOON


@pytest.fixture(autouse=True)
def at_noon():
    """Freeze the clock an hour after the moment the builders use."""
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def alice(db):
    return builders.user("manager", name="Alice Amsler", of=builders.team())


@pytest.fixture
def bob(db):
    return builders.user("manager", name="Bob Brunner", of=builders.team())


def listed(client, who, **asked) -> list[str]:
    """Return the numbers on the page, in order."""
    client.force_login(who)
    return [case.number for case in client.get("/cases/", asked).context["cases"]]


def test_list_shows_open_cases_by_next_deadline(client, alice):
    slow = builders.case(owner=alice, severity=Severity.LOW)
    quick = builders.case(owner=alice, severity=Severity.CRITICAL)
    assert listed(client, alice) == [quick.number, slow.number]


def test_list_says_what_a_case_is_about_and_what_comes_next(client, alice):
    case = builders.acknowledged(builders.case(owner=alice, severity=Severity.HIGH))
    client.force_login(alice)
    page = client.get("/cases/").content.decode()
    assert page.count(case.title) == 1
    assert "A. Amsler" in page and "CHF\u00a01,284,000" in page and ">Promise<" in page
    assert 'aria-label="Steps: 1 done, Contain is next"' in page


def test_list_hides_confidential_cases_from_other_teams(client, alice):
    charlie = builders.user("manager", of=builders.team("South"))
    secret = builders.case(owner=alice, sensitive=True)
    plain = builders.case(owner=alice, severity=Severity.LOW)
    assert listed(client, alice) == [secret.number, plain.number]
    assert listed(client, charlie) == [plain.number]


def test_list_is_asked_of_whom(client, alice, bob):
    hers, his = builders.case(owner=alice), builders.case(owner=bob, severity=Severity.LOW)
    nobodys = builders.case(owner=None, severity=Severity.LOW)
    assert listed(client, alice, whose="me") == [hers.number]
    assert listed(client, alice, whose="team") == [hers.number, his.number]
    assert listed(client, alice, whose="nobody") == [nobodys.number]
    assert listed(client, alice, owner=bob.pk) == [his.number]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"severity": "high"}, True),
        ({"severity": "low"}, False),
        ({"over": "1000000"}, True),
        ({"since": "week"}, True),
        ({"company": "HALD"}, True),
        ({"company": "nowhere"}, False),
        ({"silent": "on"}, False),
        ({"waiting": "on"}, False),
        ({"council": "on"}, False),
        ({"state": "closed"}, False),
        ({"state": "all"}, True),
        ({"history": "only"}, False),
    ],
)
def test_list_narrows_by_each_word_of_the_sentence(client, alice, asked, found):
    case = builders.case(owner=alice, severity=Severity.HIGH, of=builders.customer(name="Halden Precision AG"))
    assert listed(client, alice, **asked) == ([case.number] if found else [])


def test_list_takes_nonsense_in_the_address_for_nothing_asked(client, alice):
    case = builders.case(owner=alice)
    nonsense = {"state": "x", "category": "y", "owner": "9" * 40, "over": "-1", "after": "\x00", "customer": "1e9"}
    assert listed(client, alice, **nonsense) == [case.number]


def test_list_knows_silence_of_a_week(client, alice):
    builders.case(owner=alice, severity=Severity.LOW)
    silent = builders.case(owner=alice, now=NOON - timedelta(days=8))
    assert listed(client, alice, silent="on") == [silent.number]


def test_list_counts_a_customers_stake_once(client, alice):
    halden = builders.customer(name="Halden Precision AG")
    for _ in range(2):
        builders.case(owner=alice, of=halden, severity=Severity.LOW)
    client.force_login(alice)
    total = client.get("/cases/").context["total"]
    assert (total.cases, total.stake, total.capped) == (2, 128_400_000, False)


def test_list_pages_through_everything(client, alice):
    cases = [builders.case(owner=alice, severity=Severity.LOW).number for _ in range(27)]
    client.force_login(alice)
    first = client.get("/cases/?sort=received").context
    second = client.get("/cases/" + first["page"].older_url).context
    assert [case.number for case in [*first["cases"], *second["cases"]]] == cases[::-1]
    assert (len(first["cases"]), second["page"].older_url) == (25, "")


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_at_most_eight_statements(client, alice, count, django_assert_num_queries):
    owners = [builders.user("lead", of=builders.team()) for _ in range(2)]
    for place in range(count):
        builders.case(owner=owners[place % 2], severity=Severity.LOW)
    client.force_login(owners[0])
    with django_assert_num_queries(7):
        client.get("/cases/")


def test_list_page_stays_under_60_kilobytes(client, alice):
    for _ in range(25):
        builders.case(owner=alice, severity=Severity.LOW)
    client.force_login(alice)
    assert len(client.get("/cases/").content) < 60_000


def test_lead_gives_several_cases_at_once(client, alice, bob):
    lead = builders.user("lead", of=builders.team())
    cases = [builders.case(owner=alice, severity=Severity.LOW) for _ in range(2)]
    client.force_login(lead)
    form = {"case": [case.pk for case in cases], "owner": bob.pk, "back": "/cases/?whose=team"}
    answer = client.post("/cases/assign/", form)
    assert answer.headers["Location"] == "/cases/?whose=team"
    assert set(Case.objects.values_list("owner", flat=True)) == {bob.pk}


def test_lead_hears_which_case_could_not_be_given_and_why(client, alice, bob):
    lead = builders.user("lead", of=builders.team("South"))
    case = builders.case(owner=alice)
    client.force_login(lead)
    page = client.post("/cases/assign/", {"case": case.pk, "owner": bob.pk}, follow=True)
    assert [str(one) for one in page.context["messages"]] == [
        f"{case.number}: This case belongs to another team; its own lead gives it to somebody."
    ]
    assert Case.objects.get().owner == alice


def test_cases_are_given_back_to_the_list_only(client, alice):
    client.force_login(builders.user("lead", of=builders.team()))
    answer = client.post("/cases/assign/", {"back": "https://elsewhere.example/?x=1"})
    assert answer.headers["Location"] == "/cases/?x=1"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.QUALITY, Role.AUDITOR, Role.ADMIN])
def test_cases_are_given_in_bulk_by_leads_and_council_only(client, alice, role):
    case = builders.case(owner=alice)
    other = builders.user(role)
    client.force_login(other)
    answer = client.post("/cases/assign/", {"case": case.pk, "owner": other.pk})
    assert (answer.status_code, Case.objects.get().owner) == (403, alice)


def test_search_leads_to_a_number_at_once(client, alice):
    case = builders.case(owner=alice)
    client.force_login(alice)
    assert client.get("/search/", {"q": f"rc-{case.pk}"}).headers["Location"] == f"/cases/{case.number}/"


def test_search_does_not_tell_a_hidden_number_from_none(client, alice):
    secret = builders.case(owner=alice, sensitive=True)
    client.force_login(builders.user("manager", of=builders.team("South")))
    answers = [client.get("/search/", {"q": number}) for number in (secret.number, "RC-999999")]
    assert [(answer.status_code, answer.context["cases"]) for answer in answers] == [(200, []), (200, [])]


def test_search_finds_words_and_customers(client, alice):
    halden = builders.customer(name="Halden Precision AG")
    case = builders.case(owner=alice, of=halden)
    search.index_due(NOON)
    client.force_login(alice)
    shown = client.get("/search/", {"q": "hald"}).context
    assert ([one.pk for one in shown["cases"]], shown["customers"]) == ([case.pk], [halden])


@pytest.mark.parametrize("text", ["", " ", '"', "a\x00b", "AND (", "'; DROP", "%", "\ud800", "x" * 500])
def test_search_answers_whatever_is_typed(client, alice, text):
    client.force_login(alice)
    answer = client.get("/search/", {"q": text.encode("utf-8", "replace").decode()})
    assert (answer.status_code, answer.context["cases"]) == (200, [])


def test_list_with_closed_cases_is_newest_first_even_when_asked_by_deadline(client, alice):
    old = builders.case(owner=alice, severity=Severity.CRITICAL, now=NOON - timedelta(days=1))
    new = builders.case(owner=alice, severity=Severity.LOW)
    assert listed(client, alice, state="all", sort="due") == [new.number, old.number]
    assert listed(client, alice, sort="due") == [old.number, new.number]
