"""Answers from before Goldseam: taken in by a mapping of columns, once, bad rows named; the scores come out right."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases import erasure
from cases.importing.reading import Unreadable
from cases.models import Words
from surveys import past
from surveys.models import PastAnswer
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
GARDEN = Path(__file__).parents[3] / "shared" / "data" / "survey-nps-fr.csv"
MAP = ["reference=row", "customer=customer_id", "recommend=nps", "words=comment"]
KEEP = ["satisfaction", "intention"]


def run(path: Path, *, mapping=MAP, keep=(), **options) -> str:
    out = io.StringIO()
    call_command("import_answers", str(path), map=list(mapping), keep=list(keep), stdout=out, **options)
    return out.getvalue()


def written(folder: Path, text: str) -> Path:
    path = folder / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.skipif(not GARDEN.exists(), reason="the sample of a garden store's survey is not on this machine")
def test_garden_store_comes_out_as_counted(settings):
    said = run(GARDEN, keep=KEEP)
    assert "refused: it holds neither a mark nor a word" in said
    assert "5000 rows read: 4999 added, 0 known already, 1 refused." in said
    assert "NPS 52.79" in said and "over 4,870 answers: 3,008 promoters, 1,425 passive, 437 detractors." in said
    assert "1,355 answers have words." in said
    again = run(GARDEN, keep=KEEP)
    assert "5000 rows read: 0 added, 4999 known already, 1 refused." in again
    assert "NPS 52.79" in again
    assert (PastAnswer.objects.count(), Words.objects.filter(part="past answer").count()) == (4999, 1355)


def test_refused_rows_are_named_and_the_others_come_in(tmp_path):
    path = written(
        tmp_path,
        "row,nps,satisfied,comment\n1,10,5,Well done\n,9,4,\n3,11,4,\n4,good,4,\n5,7,6,\n6,,,\n7,0,,\n7,3,,\n"
        "8,9,4,x,y\n",
    )
    said = run(path, mapping=["reference=row", "recommend=nps", "satisfied=satisfied", "words=comment"])
    assert said.splitlines()[:-3] == [
        "line 3 refused: reference is empty",
        "line 4 refused: recommend is not from 0 to 10: 11",
        "line 5 refused: recommend is no whole number: good",
        "line 6 refused: satisfied is not from 1 to 5: 6",
        "line 7 refused: it holds neither a mark nor a word",
        "line 10 refused: it has more cells than the header has columns",
        "9 rows read: 2 added, 1 known already, 6 refused.",
    ]
    assert list(PastAnswer.objects.order_by("id").values_list("external_ref", "recommend", "satisfied")) == [
        ("1", 10, 5),
        ("7", 0, None),
    ]


def test_customer_is_found_by_name_and_marks_of_other_scales_are_kept(tmp_path):
    halden = builders.customer(name="Halden Precision AG")
    path = written(tmp_path, "id,who,nps,day,liking\n1,halden precision ag,9,2026-03-01,87\n2,Nobody we know,3,,12\n")
    run(path, mapping=["reference=id", "customer=who", "recommend=nps", "answered=day"], keep=["liking"])
    one, two = PastAnswer.objects.order_by("id")
    assert (one.customer, one.customer_ref, str(one.answered_on)) == (halden, "halden precision ag", "2026-03-01")
    assert (two.customer, two.customer_ref, one.others) == (None, "Nobody we know", {"liking": 87})


def test_two_sources_stand_side_by_side(tmp_path):
    path = written(tmp_path, "reference,recommend\n1,10\n")
    for source in ("shop", "web"):
        run(path, mapping=[], source=source)
    assert PastAnswer.objects.count() == 2
    assert past.scores_of("shop").recommend.n == 1


def test_mapping_may_stand_in_a_file(tmp_path):
    mapping = tmp_path / "columns.json"
    mapping.write_text(json.dumps({"reference": "nr", "recommend": "nps"}))
    run(written(tmp_path, "nr;nps\n1;9\n2;8\n"), mapping=[str(mapping)])
    assert PastAnswer.objects.count() == 2


@pytest.mark.parametrize("mapping", [["recommend=nps"], ["reference=id", "colour=c"], ["nowhere.json"]])
def test_mapping_that_says_nothing_is_refused(mapping):
    with pytest.raises(Unreadable):
        past.columns_of(mapping)


def test_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CommandError):
        run(tmp_path / "nothing.csv")


def test_moment_of_the_import_is_the_moment_of_the_words(tmp_path):
    path = written(tmp_path, "reference,words\n1,Late again\n")
    past.import_answers(path=path, columns=past.columns_of([]), source="x", now=NOON)
    assert PastAnswer.objects.get().words.written_at == NOON


def test_results_show_past_surveys_apart_from_ours(client, tmp_path):
    run(written(tmp_path, "reference,recommend\n1,10\n2,3\n3,9\n4,8\n"), mapping=[], source="Garden survey")
    client.force_login(builders.user("council"))
    answer = client.get("/surveys/results/")
    assert [(source, one.value, one.n) for source, one in answer.context["past"]] == [("Garden survey", 25.0, 4)]
    assert "Garden survey" in answer.content.decode()
    assert answer.context["found"].nps is None


# Who gave them


@pytest.fixture
def halden():
    company = builders.customer(name="Halden Precision AG")
    builders.contact(company, name="Ruth Aebi", email="ruth@halden.example")
    return company


PEOPLE = ["reference=id", "customer=who", "contact=person", "recommend=nps", "words=said"]


@pytest.mark.parametrize(
    ("who", "person", "found"),
    [
        ("", "RUTH@halden.example", True),
        ("Halden Precision AG", "ruth@halden.example", True),
        ("halden precision ag", "ruth  aebi", True),
        ("", "Ruth Aebi", False),  # a name alone is anybody's
        ("Somebody else AG", "Ruth Aebi", False),
        ("Halden Precision AG", "Ruth", False),
        ("Halden Precision AG", "", False),
    ],
)
def test_past_answer_is_tied_to_whoever_gave_it(tmp_path, halden, who, person, found):
    said = run(written(tmp_path, f"id,who,person,nps,said\n1,{who},{person},9,Fine\n"), mapping=PEOPLE)
    row = PastAnswer.objects.get()
    assert (row.contact, f"{int(found)} tied to a person" in said) == (halden.contacts.get() if found else None, True)
    assert row.customer == (halden if found or who == "Halden Precision AG" else None)


def test_two_people_of_one_name_are_not_guessed_between(tmp_path, halden):
    builders.contact(halden, name="Ruth Aebi", email="aebi@halden.example")
    run(written(tmp_path, "id,who,person,nps,said\n1,Halden Precision AG,Ruth Aebi,9,\n"), mapping=PEOPLE)
    assert PastAnswer.objects.get().contact is None


def test_answer_that_came_in_without_its_person_is_tied_by_a_repetition(tmp_path, halden):
    path = written(tmp_path, "id,who,person,nps,said\n1,,ruth@halden.example,9,Fine\n")
    run(path, mapping=["reference=id", "recommend=nps", "words=said"])
    assert PastAnswer.objects.get().contact is None
    assert "0 added, 1 known already" in run(path, mapping=PEOPLE)
    assert PastAnswer.objects.get().contact == halden.contacts.get()


def test_past_answer_is_given_and_erased_with_its_person_and_stays_gone(settings, tmp_path, halden):
    settings.DATA_DIR = tmp_path
    ruth, admin = halden.contacts.get(), builders.user("admin")
    path = written(tmp_path, "id,who,person,nps,said\n1,,ruth@halden.example,3,My desk is by the door\n")
    run(path, mapping=PEOPLE)
    given = erasure.export(contact=ruth, reader=admin, now=NOON)["answers"]
    assert [(one["marks"], one["text"]) for one in given] == [({"recommend": 3}, "My desk is by the door")]
    erasure.erase(contact=ruth, actor=admin, reason="asked", now=NOON)
    run(path, mapping=PEOPLE)
    row = PastAnswer.objects.get()
    assert (row.recommend, row.words.text) == (3, "[erased]")
    assert not Words.objects.filter(text__contains="desk").exists()
