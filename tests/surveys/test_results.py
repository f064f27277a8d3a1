"""The results page: figures over the right answers, each opening them; tags, words, and a file safe to open."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from cases import check_ins
from cases.models import Case, CheckIn, Due
from surveys import answering, exporting, questions, results
from surveys.models import Answer, AnswerTag, Invitation
from tests import builders
from tests.surveys import making
from tests.surveys.making import DAY, LEAVES

pytestmark = pytest.mark.django_db
AT = LEAVES + timedelta(hours=1)
URL = "/surveys/results/"


@pytest.fixture(autouse=True)
def an_hour_later():
    with travel(AT, tick=False) as clock:
        yield clock


def answered(text="", at=AT, *, owner=None, of=None, **marks) -> Invitation:
    known = {name: value for name, value in (("owner", owner), ("of", of)) if value is not None}
    invitation = making.invited(**known)
    answering.send(invitation=invitation, marks=marks, text=text, now=at)
    return invitation


@pytest.fixture
def reader(client):
    person = builders.user("council", name="Cora Council")
    client.force_login(person)
    return person


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def found(client, **asked) -> results.Results:
    return client.get(URL, asked).context["found"]


def test_figures_come_from_what_was_answered(client, reader):
    answered(satisfied=5, heard=4, easy=3, recommend=10)
    answered(satisfied=4, recommend=9)
    answered(satisfied=2, heard=2, easy=2, recommend=3)
    making.invited()
    got = found(client)
    assert (got.sent, got.delivered, round(got.response.value), got.response.n) == (4, 4, 75, 4)
    assert (round(got.completion.value), got.completion.n) == (67, 3)
    assert (round(got.csat.value), round(got.satisfied.value, 2), got.csat.n) == (67, 3.67, 3)
    assert (round(got.nps.value), got.nps.n, got.easy.n, got.heard.value) == (33, 3, 2, 3.0)


def test_held_answers_are_left_out(client, reader):
    answered(satisfied=5, recommend=10)
    answered(satisfied=1, at=LEAVES + timedelta(seconds=2))
    got = found(client)
    assert (got.csat.value, got.csat.n) == (100.0, 1)


def test_answers_of_cases_nobody_may_see_are_in_no_figure(client, reader):
    hidden = answered(satisfied=1)
    Case.objects.filter(pk=hidden.case_id).update(about_user=reader)
    answered(satisfied=5)
    assert found(client).csat.n == 1
    assert "No such answer" in words_of(client.get("/surveys/", {"customer": hidden.case.customer_id}))


def test_narrowed_by_customer_owner_period_and_lateness(client, reader):
    owner, _ = making.team_of_two()
    one = answered(satisfied=5, owner=owner)
    answered(satisfied=2)
    assert found(client, customer=one.case.customer_id).satisfied.value == 5
    assert found(client, owner=owner.pk).satisfied.n == 1
    assert found(client, company=one.case.customer.name[:9] + "zz").satisfied is None
    day = LEAVES.date()
    assert found(client, since=day.isoformat(), until=day.isoformat()).satisfied.n == 2
    assert found(client, until=(day - DAY).isoformat()).satisfied is None
    Due.objects.filter(kind="step", ref__lte=3).update(due_at=AT + DAY)
    Due.objects.filter(case=one.case, kind="step", ref=1).update(closed_at=AT + 2 * DAY)
    assert (found(client, late="late").satisfied.value, found(client, late="on_time").satisfied.value) == (5, 2)


def test_what_cannot_be_understood_narrows_nothing(client, reader):
    answered(satisfied=5)
    assert found(client, since="yesterday", owner="x", late="maybe", customer="-1").satisfied.n == 1
    assert found(client, since="0001-01-01", until="9999-12-31").satisfied.n == 1


@pytest.mark.parametrize("by", results.GROUPS)
def test_side_by_side_by_each_kind(client, reader, by):
    answered(satisfied=5, recommend=10)
    answered(satisfied=1, recommend=0)
    groups = client.get(URL, {"by": by}).context["groups"]
    assert sum(group.n for group in groups) == 2
    assert len(groups) == (2 if by in ("customer", "owner") else 1)


def test_each_figure_opens_its_answers(client, reader):
    one = answered(satisfied=5)
    answered(recommend=9)
    shown = words_of(client.get(URL, {"owner": one.case.owner_id}))
    assert f"/surveys/?measure=satisfied&amp;owner={one.case.owner_id}" in shown
    rows = client.get("/surveys/", {"measure": "satisfied"}).context["page"].rows
    assert [row.pk for row in rows] == [Answer.objects.get(invitation=one).pk]


def test_month_opens_its_days(client, reader):
    answered(satisfied=5)
    assert "since=2026-11-01&amp;until=2026-11-30" in words_of(client.get(URL, {"by": "month"}))


def test_trust_is_its_own_figure_and_opens_its_marks(client, reader):
    case = making.resolved()
    mark = check_ins.mark_trust(case=case, contact=case.reporter, trust=2, text="We shall see", now=AT)
    assert (found(client).trust.value, found(client).trust.n) == (2.0, 1)
    shown = words_of(client.get(f"{URL}trust/"))
    assert ("We shall see" in shown, "2 of 5" in shown, "with what we changed" in shown) == (True, True, True)
    assert CheckIn.objects.get(pk=mark.pk).trust == 2


def test_pages_cost_the_same_for_one_answer_and_for_many(client, reader):
    """Promise P2: figures at most 14 statements, a list at most 8; session, user and bell among them."""
    answered(satisfied=5, text="Good")
    costs = [_costs(client)]
    for _ in range(3):
        answer = Answer.objects.get(invitation=answered(satisfied=3, text="Late"))
        AnswerTag.objects.create(answer=answer, name="late", by=reader, at=AT)
    costs.append(_costs(client))
    assert costs[0] == costs[1]
    assert (costs[0][0] <= 14, costs[0][1] <= 8) == (True, True)


def _costs(client) -> list[int]:
    spent = []
    for url in (URL, "/surveys/"):
        client.get(url)
        with CaptureQueriesContext(connection) as context:
            client.get(url)
        spent.append(len(context))
    return spent


def test_tag_is_set_found_and_taken_away(client, reader):
    one = answered(satisfied=3, text="Late again")
    answered(satisfied=4, text="Good")
    answer = Answer.objects.get(invitation=one)
    client.post(f"/surveys/{answer.pk}/tag/", {"name": "  Carrier  LATE ", "query": "?verdict=look"})
    assert AnswerTag.objects.get().name == "carrier late"
    assert [row.pk for row in client.get("/surveys/", {"tag": "carrier late"}).context["page"].rows] == [answer.pk]
    client.post(f"/surveys/{answer.pk}/tag/", {"remove": "carrier late"})
    assert AnswerTag.objects.count() == 0


def test_tag_without_a_word_is_refused_and_leads_back(client, reader):
    answer = Answer.objects.get(invitation=answered(satisfied=3))
    response = client.post(
        f"/surveys/{answer.pk}/tag/", {"name": " ", "query": "https://elsewhere.example"}, follow=True
    )
    assert "Write a word or two." in words_of(response)
    assert response.redirect_chain[0][0] == f"/surveys/#answer-{answer.pk}"


def test_auditor_reads_and_sets_no_tag(client):
    answer = Answer.objects.get(invitation=answered(satisfied=3))
    client.force_login(builders.user("auditor"))
    client.post(f"/surveys/{answer.pk}/tag/", {"name": "late"})
    assert AnswerTag.objects.count() == 0


def test_words_are_found(client, reader):
    answered(satisfied=3, text="The bearing was late")
    answered(satisfied=4, text="Good")
    rows = client.get("/surveys/", {"q": "BEARING"}).context["page"].rows
    assert [row.words.text for row in rows] == ["The bearing was late"]


def test_file_holds_the_chosen_answers_and_no_formula(client, reader):
    one = answered(satisfied=2, recommend=3, text="=HYPERLINK(1)\nsecond line")
    answered(satisfied=5)
    AnswerTag.objects.create(answer=Answer.objects.get(invitation=one), name="@late", by=reader, at=AT)
    text = b"".join(client.get(f"{URL}answers.csv", {"measure": "recommend"}).streaming_content).decode()
    header, row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    cells = dict(zip(header, row, strict=True))
    assert (cells["Case"], cells["satisfied"], cells["easy"]) == (one.case.number, "2", "")
    assert (cells["Words"], cells["Tags"]) == ("'=HYPERLINK(1)\nsecond line", "'@late")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1"])
def test_cell_that_a_spreadsheet_would_run_is_made_text(cell):
    assert exporting.safe(cell) == f"'{cell}"


def test_plain_cells_stay_as_they_are():
    assert [exporting.safe(cell) for cell in ("Late - again", 3, None, "")] == ["Late - again", 3, "", ""]


def test_customer_page_shows_what_they_say(client, reader):
    one = answered(satisfied=3, recommend=7, text="The carrier is late again")
    shown = words_of(client.get(f"/customers/{one.case.customer_id}/"))
    assert ("The carrier is late again" in shown, "satisfied 3 of 5 · recommends us 7 of 10" in shown) == (True, True)
    Case.objects.filter(pk=one.case_id).update(about_user=reader)
    assert "The carrier is late again" not in words_of(client.get(f"/customers/{one.case.customer_id}/"))


def test_optional_questions_stand_in_list_and_case(client, reader):
    admin = builders.user("admin")
    asked = [{"kind": "marks", "wording": {"en": "Did the parts fit?"}}]
    version = questions.adopt(wordings={}, asked=asked, actor=admin, now=LEAVES)
    invitation = making.invited()
    more = {version.facts["extra"][0]["key"]: 2}
    answering.send(invitation=invitation, marks={"satisfied": 5}, text="", more=more, now=AT)
    for url in ("/surveys/", invitation.case.get_absolute_url()):
        assert "Did the parts fit?" in words_of(client.get(url))


def test_tag_of_a_case_nobody_may_see_is_offered_to_nobody(client, reader):
    hidden, shown = answered(satisfied=1), answered(satisfied=5)
    for invitation, name in ((hidden, "harassed by a colleague"), (shown, "courier")):
        AnswerTag.objects.create(answer=invitation.answer, name=name, by=reader, at=AT)
    Case.objects.filter(pk=hidden.case_id).update(about_user=reader)
    page = words_of(client.get("/surveys/"))
    assert ("courier" in page, "harassed" in page) == (True, False)


def test_tag_that_no_database_can_hold_is_no_error(client, reader):
    invitation = answered(satisfied=5)
    url = f"/surveys/{invitation.answer.pk}/tag/"
    assert [client.post(url, {name: "a\x00b"}).status_code for name in ("name", "remove")] == [302, 302]
    assert not AnswerTag.objects.exists()


def test_rates_open_the_answers_they_count(client, reader):
    whole = answered(satisfied=4, heard=4, easy=4, recommend=9)
    answered(satisfied=4)
    answered(satisfied=1, at=LEAVES + timedelta(seconds=2))  # held
    got = found(client)
    for measure, n in (("answered", 2), ("complete", 1)):
        rows = client.get("/surveys/", {"measure": measure}).context["page"].rows
        assert (measure, len(rows)) == (measure, n)
        assert f"/surveys/?measure={measure}&amp;" in words_of(client.get(URL))
    assert (round(got.response.value / 100 * got.response.n), got.completion.n) == (2, 2)
    assert rows[0].invitation_id == whole.pk


def test_side_by_side_compares_every_figure(client, reader):
    one = answered(satisfied=5, heard=4, easy=2, recommend=10)
    making.invited(of=one.case.customer)
    check_ins.mark_trust(case=one.case, contact=one.case.reporter, trust=3, text="", now=AT)
    group = client.get(URL, {"by": "customer", "customer": one.case.customer_id}).context["groups"][0]
    figures = [group.response, group.csat, group.nps, group.easy_top, group.heard_top, group.trust]
    assert [(figure.value, figure.n) for figure in figures] == [(50, 2), (100, 1), (100, 1), (0, 1), (100, 1), (3, 1)]


def test_file_has_optional_questions_and_days_where_we_are(client, reader):
    asked = [{"kind": "marks", "wording": {"en": "Did the parts fit?"}}]
    version = questions.adopt(wordings={}, asked=asked, actor=builders.user("admin"), now=LEAVES)
    invitation = making.invited()
    more = {version.facts["extra"][0]["key"]: 2}
    answering.send(invitation=invitation, marks={"satisfied": 5}, text="", more=more, now=AT)
    answer = client.get("/surveys/results/answers.csv")
    assert "Did the parts fit? 2" in b"".join(answer.streaming_content).decode()
