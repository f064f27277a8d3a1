"""Letters and bells name to each colleague only what they may see (promise S2)."""

from datetime import timedelta

import pytest
from django.db import transaction

from cases import chasing, checks, editing, letters, promises, secrecy
from cases.models import Due
from mail.models import Message, Notice
from mail.rendering import render
from tests import builders
from tests.builders import NOON, case, user
from tests.cases.test_causes import SOON, cause_of

pytestmark = pytest.mark.django_db
SECRETS = ("RC-", "A word about the foreman", "Gasser Uhren")


@pytest.fixture
def team():
    return builders.team()


@pytest.fixture
def marta(team):
    return user("manager", name="Marta Keller", of=team)


@pytest.fixture
def sven():
    """A quality engineer of another team, who checks what works."""
    return user("quality", name="Sven Baum", of=builders.team("South"))


@pytest.fixture
def secret(marta):
    of = builders.customer(name="Gasser Uhren")
    return case(owner=marta, of=of, title="A word about the foreman", sensitive=True)


def heard_by(person) -> str:
    """Return everything letters and bells say to somebody, and where they lead."""
    told = Message.objects.filter(to_staff=True, recipients__address=person.email)
    shown = [render(template=one.template, facts=one.facts) for one in told]
    bells = Notice.objects.filter(user=person)
    lines = [f"{one.url} {one.facts}" for one in bells]
    return "\n".join([*(f"{one.subject}\n{one.text}" for one in shown), *lines])


def leaks(person) -> list[str]:
    said = heard_by(person)
    assert said
    return [secret for secret in SECRETS if secret in said]


def test_s2_owner_of_a_cause_hears_of_a_failed_check_and_of_no_case(marta, sven, secret):
    cause = cause_of(marta, sven, of=secret)
    elsewhere = user("manager", of=builders.team("South"))
    cause.owner = elsewhere
    cause.save()
    check = cause.checks.get()

    checks.settle_check(check=check, actor=sven, passed=False, note="Two lost", now=SOON)

    assert leaks(elsewhere) == []
    assert Notice.objects.get(kind="check_failed").url == f"/learnings/{cause.pk}/"


def test_s2_whoever_checks_is_chased_by_the_cause_and_not_by_the_case(marta, sven, secret, client):
    cause = cause_of(marta, sven, of=secret)

    chasing.chase_due(SOON + timedelta(days=2))

    assert leaks(sven) == []
    assert cause.title in heard_by(sven)
    client.force_login(sven)
    paths = set(Notice.objects.filter(user=sven, kind="chase").values_list("url", flat=True))
    assert paths == {f"/learnings/{cause.pk}/"} and client.get(paths.pop()).status_code == 200


def test_s2_whose_promise_it_is_hears_only_that_something_waits(marta, sven):
    held = case(owner=marta, of=builders.customer(name="Gasser Uhren"), title="A word about the foreman")
    about = {"kind": "recovery", "text": "A call", "due_at": NOON + timedelta(days=1), "owner": sven}
    promises.make_promise(case=held, actor=marta, now=NOON, **about)
    secrecy.set_confidential(case=held, actor=marta, confidential=True, reason="", now=NOON)
    Due.objects.exclude(kind="promise").update(chase_at=None)

    chasing.chase_due(NOON + timedelta(days=1, hours=1))

    assert leaks(sven) == []
    assert "Something on a case you may not see" in heard_by(sven)


def test_whoever_sees_the_case_is_told_its_name(marta, sven, secret):
    cause_of(marta, sven, of=secret)
    secrecy.name_reader(case=secret, actor=marta, reader=sven, now=NOON)

    chasing.chase_due(SOON + timedelta(days=2))

    assert leaks(sven) == list(SECRETS)


def test_s2_any_letter_or_bell_about_a_case_one_may_not_see_says_only_that_something_waits(sven, secret):
    about = {"user": sven, "case": secret, "now": NOON}
    with transaction.atomic():
        letters.to_colleague(**about, key="one", template="refused", facts={"words": "A word about the foreman"})
        letters.bell(**about, key="two", kind="assigned", facts={"who": "Gasser Uhren"})

    assert leaks(sven) == []
    assert set(Notice.objects.filter(user=sven).values_list("kind", "url")) == {("kept_close", "/")}


def test_who_gets_a_confidential_case_is_told_which(marta, sven, secret):
    editing.assign(case=secret, actor=marta, owner=sven, now=NOON)

    assert "A word about the foreman" in heard_by(sven)


def heard_now(person) -> str:
    """Return what is under somebody's bell and in letters of theirs that still wait."""
    told = Message.objects.filter(to_staff=True, recipients__address=person.email, state="queued")
    shown = [render(template=one.template, facts=one.facts).text for one in told]
    return "\n".join([*shown, *(f"{one.url} {one.facts}" for one in Notice.objects.filter(user=person))])


def test_s2_whom_a_complaint_turns_out_to_be_about_hears_of_it_no_more(marta, sven):
    for title in ("A word about the foreman", "Late housings"):
        case(owner=sven, title=title)
    about, other = sven.cases.order_by("pk")
    chasing.chase_due(NOON + timedelta(hours=2))
    before = heard_now(sven)

    secrecy.set_about(case=about, actor=marta, person=sven, owner=marta, now=NOON + timedelta(hours=2))

    after = heard_now(sven)
    assert about.number in before and about.number not in after
    assert other.number in after and "Late housings" in after


def test_s2_letter_about_nothing_but_that_complaint_is_called_back(marta, sven):
    held = case(owner=sven, title="A word about the foreman")
    chasing.chase_due(NOON + timedelta(hours=2))

    secrecy.set_about(case=held, actor=marta, person=sven, owner=marta, now=NOON + timedelta(hours=2))

    assert set(Message.objects.filter(recipients__address=sven.email).values_list("state", flat=True)) == {"withheld"}
