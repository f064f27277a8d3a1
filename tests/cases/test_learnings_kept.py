"""What keeps a learning alive: guards that stay listed, changes looked at again, links, words that blame nobody."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import actions, discovery
from cases.blame import blaming
from cases.enums import ActionKind
from cases.models import Action, Case, CaseCause, Change, Discovery, Event, Link
from cases.refusals import Refused
from tests.builders import NOON, case, customer, team, user
from tests.cases.stepping import page_of
from tests.cases.test_causes import cause_of, words

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Nobody scans at the gate", ["Sven Baum"], []),
        ("Sven Baum forgot to scan", ["Sven Baum"], ["Sven Baum", "forgot"]),
        ("It was Baum who did not bother", ["Sven Baum"], ["Baum", "did not bother"]),
        ("A baum stood in the way", ["Sven Baum"], []),
        ("Careless packing, CARELESS wrapping", [], ["Careless", "CARELESS"]),
        ("The reader didn’t bother", [], ["didn't bother"]),
        ("", ["Li"], []),
        ("Their faults were many", [], []),
    ],
)
def test_blame_names_the_words_that_speak_of_a_person(text, names, found):
    assert blaming(text, names) == found


@pytest.fixture
def people(client, db):
    owner, checker = user("manager", name="Marta Keller", of=team()), user("quality", name="Sven Baum")
    client.force_login(owner)
    return owner, checker


def guard(held, owner) -> Action:
    """Put up a containment and have it done."""
    about = {"kind": ActionKind.CONTAINMENT, "text": "Courier from now on", "owner": owner}
    action = actions.plan_action(case=held, actor=owner, due_at=NOON + HOUR, now=NOON, **about)
    actions.finish_action(action=action, actor=owner, now=NOON)
    return action


def test_guard_stays_listed_until_the_fix_is_in_place(client, people):
    owner, checker = people
    held = case(owner=owner)
    cause, up = cause_of(owner, checker, of=held), guard(held, owner)
    assert "Guards still up" in words(client.get(f"/learnings/{cause.pk}/"))
    assert "Guards still up" in page_of(owner, held, 9)
    with pytest.raises(Refused, match="The fix is not in place yet"):
        actions.remove_containment(action=up, actor=owner, why=Action.Removal.FIXED, now=NOON)
    actions.finish_action(action=cause.actions.get(), actor=owner, now=NOON)
    client.post(f"/learnings/{cause.pk}/guards/{up.pk}/", {"why": "fixed"})
    up.refresh_from_db()
    event = Event.objects.get(kind="containment_removed")
    assert (up.removed_why, event.facts["why"]) == ("fixed", "fixed")
    assert "Guards still up" not in words(client.get(f"/learnings/{cause.pk}/"))


def test_s2_guard_of_a_case_behind_its_door_stands_on_no_other_case(client, people):
    owner, checker = people
    held, hidden = case(owner=owner), case(owner=checker)
    cause = cause_of(owner, checker, of=held)
    CaseCause.objects.create(case=hidden, cause=cause, at=NOON, by=checker)
    guard(hidden, checker)
    assert "Courier from now on" in page_of(owner, held, 9)
    Case.objects.filter(pk=hidden.pk).update(confidential=True)
    assert "Courier from now on" not in page_of(owner, held, 9)
    assert "Courier from now on" in page_of(checker, held, 9)


def test_guard_is_adopted_only_once_it_stands_in_the_register(client, people):
    owner, checker = people
    held = case(owner=owner)
    cause, up = cause_of(owner, checker, of=held), guard(held, owner)
    url = f"/cases/{held.number}/actions/{up.pk}/"
    assert "Enter it as a change first" in words(client.post(url, {"act": "adopted"}))
    Change.objects.create(cause=cause, words=held.words.first(), where="PR", owner=owner, since_on=NOON.date())
    client.post(url, {"act": "adopted"})
    up.refresh_from_db()
    assert up.removed_why == "adopted"
    assert "it stays, as a change" in words(client.get(f"/cases/{held.number}/?tab=actions"))


def test_guard_comes_down_once(people):
    owner, _ = people
    held = case(owner=owner)
    up = guard(held, owner)
    with pytest.raises(Refused, match="No cause is named"):
        actions.remove_containment(action=up, actor=owner, why=Action.Removal.FIXED, now=NOON)
    Action.objects.update(removed_at=NOON)
    with pytest.raises(Refused, match="off the list already"):
        actions.remove_containment(action=up, actor=owner, why=Action.Removal.FIXED, now=NOON)


def test_change_not_looked_at_for_a_year_is_found_and_looked_at_again(client, people, clock):
    owner, checker = people
    cause = cause_of(owner, checker)
    about = {"cause": cause, "words": cause.cases.first().words.first(), "where": "PR", "owner": owner}
    old = Change.objects.create(adopted_at=NOON - timedelta(days=400), since_on=NOON.date(), **about)
    Change.objects.create(adopted_at=NOON, since_on=NOON.date(), **about)
    clock.move_to(NOON + HOUR)
    client.force_login(owner)
    due = "/learnings/?shown=changes&review=due"
    assert [row.pk for row in client.get(due).context["page"].rows] == [old.pk]
    answer = client.post(f"/learnings/changes/{old.pk}/review/", {"back": due})
    old.refresh_from_db()
    assert (answer.url, old.reviewed_by, list(client.get(due).context["page"].rows)) == (due, owner, [])
    assert Event.objects.filter(kind="change_reviewed", facts__change=old.pk).count() == 1


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_change_looked_at_leads_nowhere_else(client, people, back):
    owner, checker = people
    cause = cause_of(owner, checker)
    change = Change.objects.create(cause=cause, words=cause.cases.first().words.first(), where="PR", owner=owner)
    assert client.post(f"/learnings/changes/{change.pk}/review/", {"back": back}).url == "/learnings/?shown=changes"


def test_change_is_not_looked_at_by_somebody_else(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    change = Change.objects.create(cause=cause, words=cause.cases.first().words.first(), where="PR", owner=owner)
    client.force_login(user("manager"))
    assert client.post(f"/learnings/changes/{change.pk}/review/").status_code == 403


def test_links_are_read_in_and_every_refused_row_is_named(client, people):
    customer(name="Halden AG")
    text = "Customer,Kind,Name\nHalden AG,carrier,Nordfracht\nNobody,carrier,X\nHalden AG,planet,X\nHalden AG,Lot,\n"
    for added, known in ((1, 0), (0, 1)):
        file = SimpleUploadedFile("links.csv", text.encode(), "text/csv")
        page = words(client.post("/learnings/links/file/", {"file": file}))
        assert f"{added} added, {known} known already, 3 refused." in page
    for said in ("Line 3: No customer has the name “Nobody”.", "Line 4: “planet” is none of", "Line 5: Nothing stands"):
        assert said in page
    (link,) = Link.objects.all()
    assert (link.kind, link.name, link.customers.count()) == ("carrier", "Nordfracht", 1)


def test_link_is_renamed_but_not_to_one_there_is(client, people):
    one, _ = (Link.objects.create(kind="lot", name=name) for name in ("A 1", "A 2"))
    assert "There is a lot of this name already." in words(client.post(f"/learnings/links/{one.pk}/", {"name": "a 2"}))
    client.post(f"/learnings/links/{one.pk}/", {"name": "  A  3 "})
    one.refresh_from_db()
    assert one.name == "A 3"


def test_p2_links_cost_the_same_at_one_and_at_thirty_rows(client, people, django_assert_num_queries):
    for count in (1, 29):
        for number in range(count):
            Link.objects.create(kind="lot", name=f"{count}-{number}").customers.add(customer())
        with django_assert_num_queries(4):  # session, person, rows, bell
            client.get("/learnings/links/")


def test_links_are_read_only_for_an_auditor(client, people):
    Link.objects.create(kind="lot", name="A 1")
    client.force_login(user("auditor"))
    assert "Read in from a file" not in words(client.get("/learnings/links/"))
    assert client.post("/learnings/links/file/").status_code == 403


def test_whys_grow_by_two_lines_and_lose_an_emptied_one(client, people):
    owner, checker = people
    cause = cause_of(owner, checker)
    url = f"/learnings/{cause.pk}/whys/occurrence/"
    page = client.post(url, {"why_1": "One", "why_2": "Two", "why_3": "Three", "more": "1"})
    assert 'name="why_5"' in page.content.decode() and cause.whys.filter(chain="occurrence").count() == 1
    client.post(url, {"why_1": "One", "why_2": "", "why_3": "Sven Baum forgot"})
    chain = cause.whys.filter(chain="occurrence")
    assert list(chain.values_list("position", "words__text")) == [(1, "One"), (2, "Sven Baum forgot")]
    assert "This speaks of a person: “Sven Baum”, “forgot”." in words(client.get(f"/learnings/{cause.pk}/"))


def test_evidence_of_an_answer_is_kept_and_shown(client, people):
    owner, _ = people
    held = case(owner=owner)
    typed = {"answer": "yes", "note": "", "evidence": "Order 4711, page 2"}
    client.post(f"/cases/{held.number}/discovery/{discovery.QUESTIONS[1]}/", typed)
    assert Discovery.objects.get(case=held).evidence == "Order 4711, page 2"
    assert "Evidence: Order 4711, page 2" in words(client.get(f"/cases/{held.number}/?tab=discovery"))
