"""What is written on a case is found within a minute, by whoever may see it, in any spelling."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from cases import access, entries, search
from cases.enums import EntryKind
from cases.folding import name_key
from cases.models import Case, Chain, SetAside, Words
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(seconds=50)


def logged(*, name: str = "Halden Pumpen AG", **fields) -> Case:
    of = builders.customer(name=name, folded=name_key(name))
    return builders.case(owner=builders.user(), of=of, **fields)


def found(text: str, cases=None, **options) -> list[int]:
    search.index_due(SOON)
    return search.find(text=text, cases=Case.objects.all() if cases is None else cases, **options)


@pytest.mark.parametrize(
    "text",
    [
        "spindle",
        "SPINDLE HOUS",
        "third year",
        "forty",
        "halden",
        "PÜMPEN",
        "aebi ruth",
        "order-77/b",
        "delivery spindle delivery",
    ],
)
def test_search_finds_a_case_by_any_of_its_words(text):
    case = logged(external_ref="ORDER-77/B", source="shop")
    assert found(text) == [case.pk]


@pytest.mark.parametrize("text", ["spindles", "halden tuesday", "pindle", "", " ", "s", "é", "?", "\x00", "\ud800"])
def test_search_finds_nothing_where_nothing_fits(text):
    logged()
    assert found(text) == []


@pytest.mark.parametrize("text", ['spin"dle', "AND", "spindle AND", "NEAR(a b)", "col:x", "^spindle)", "x' spin\\dle"])
def test_search_takes_every_sign_as_a_sign(text):
    case = logged(text="A (spindle) AND a spin dle near the col x broke.", remedy=None)
    assert found(text) == [case.pk]


@pytest.mark.parametrize("text", ["(", "a*", "'; --", "&|!<->", "%", "\\", '"', "*"])
def test_search_for_signs_alone_finds_nothing(text):
    logged(text="A (a*) '; -- &|!<-> % broke.", remedy=None)
    assert found(text) == []


def test_search_means_the_word_and_not_the_operator():
    case = logged(text="Neither this and that", remedy=None)
    logged(text="Neither this nor that", remedy=None)
    assert found("AND") == [case.pk]


@pytest.mark.parametrize("text", ["RC-{}", "rc{}", "{}", " #{} ", "rc - {}"])
def test_search_finds_a_number_before_it_is_indexed(text):
    case = logged()
    assert search.find(text=text.format(case.pk), cases=Case.objects.all()) == [case.pk]


def test_search_puts_the_number_asked_for_before_cases_that_mention_it():
    case = logged()
    later = logged(text=f"The same as RC-{case.pk}.", remedy=None)
    assert found(f"RC-{case.pk}") == [case.pk, later.pk]
    assert found(f"RC-{case.pk}", before=later.pk) == []


def test_search_is_newest_first_and_pages_without_loss():
    ids = sorted((logged().pk for _ in range(7)), reverse=True)
    first = found("spindle", limit=3)
    second = found("spindle", limit=3, before=first[-1])
    assert (first, second, found("spindle", limit=3, before=second[-1])) == (ids[:3], ids[3:6], ids[6:])


def test_search_shows_nobody_a_case_they_may_not_see():
    stranger = builders.user()
    hidden = logged(about_person=True)
    seen = logged()
    assert found("spindle", cases=access.visible_to(stranger)) == [seen.pk]
    assert found(f"RC-{hidden.pk}", cases=access.visible_to(stranger)) == []
    assert found("spindle", cases=access.visible_to(hidden.owner)) == [seen.pk, hidden.pk]


def test_search_among_no_cases_is_empty():
    logged()
    assert found("spindle", cases=Case.objects.none()) == []


def test_search_finds_an_entry_after_the_next_sweep():
    case = logged()
    assert found("courier") == []
    entries.add_entry(case=case, actor=case.owner, kind=EntryKind.NOTE, text="The courier is late.", now=NOON)
    assert found("courier") == [case.pk]


def test_search_forgets_erased_words_at_once():
    case = logged()
    assert found("spindle third") == [case.pk]
    Words.objects.filter(case=case).update(text="", salt="", erased_at=NOON)
    search.forget(Case.objects.filter(pk=case.pk))
    assert search.find(text="third time", cases=Case.objects.all()) == []
    assert (found("time"), found("spindle")) == ([], [case.pk])


def test_search_renewed_finds_a_customer_by_the_new_name():
    case = logged()
    assert found("halden") == [case.pk]
    case.customer.name = "Nordwind AG"
    case.customer.save(update_fields=["name"])
    assert search.renew(Case.objects.filter(customer=case.customer)) == 1
    assert (found("nordwind"), found("halden")) == ([case.pk], [])


def test_search_holds_a_document_of_any_length():
    case = logged(text="needle " + " ".join(f"wort{number}ß" for number in range(60_000)), remedy=None)
    assert found("needle") == [case.pk]
    assert SetAside.objects.count() == 0


def test_index_due_costs_one_statement_when_nothing_is_due(django_assert_num_queries):
    logged()
    search.index_due(SOON)
    with django_assert_num_queries(1):
        assert search.index_due(SOON) == 0


def test_index_due_costs_the_same_for_one_case_and_for_thirty(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(search.indexing, "BUDGET", 60)
    logged()
    with django_assert_num_queries(8):
        assert search.index_due(SOON) == 1
    for _ in range(30):
        logged()
    with django_assert_num_queries(8):
        assert search.index_due(SOON) == 30


def test_index_due_takes_the_newest_first_and_keeps_to_its_limit():
    ids = [logged().pk for _ in range(3)]
    assert search.index_due(SOON, limit=2) == 2
    assert search.find(text="spindle", cases=Case.objects.all()) == [ids[2], ids[1]]


def test_index_due_out_of_time_goes_on_in_a_further_batch(monkeypatch):
    monkeypatch.setattr(search.indexing, "BUDGET", 0)
    monkeypatch.setattr(search.indexing, "REST", 0)
    ids = [logged().pk for _ in range(3)]
    assert search.index_due(SOON) == 3
    assert search.find(text="spindle", cases=Case.objects.all()) == ids[::-1]


@pytest.mark.django_db(transaction=True)
def test_index_due_by_two_at_once_reads_each_case_once():
    ids = [logged().pk for _ in range(20)]
    with ThreadPoolExecutor(2) as two:
        counts = list(two.map(lambda _: _index_and_close(), range(2)))
    assert sum(counts) == 20
    assert search.find(text="spindle", cases=Case.objects.all(), limit=50) == ids[::-1]


def _index_and_close() -> int:
    try:
        return search.index_due(SOON)
    finally:
        connection.close()


def test_index_due_sets_a_breaking_case_aside_and_goes_on(monkeypatch):
    good, bad, other = logged(), logged(text="poison", remedy=None), logged()
    write = search.indexing.store_of(connection).write

    def breaking(self, cursor, documents):
        if any("poison" in document.words for document in documents):
            raise ValueError("cannot be read")
        write(cursor, documents)

    monkeypatch.setattr(type(search.indexing.store_of(connection)), "write", breaking)
    assert search.index_due(SOON) == 2
    assert search.find(text="spindle", cases=Case.objects.all()) == [other.pk, good.pk]
    assert list(SetAside.objects.values_list("sweep", "kind", "ref", "error", "at")) == [
        ("search", "case", bad.pk, "cannot be read", SOON)
    ]
    assert search.index_due(SOON) == 0


def test_install_of_a_lost_index_reads_every_case_again():
    case = logged()
    search.index_due(SOON)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cases_search")
    search.install(connection)
    assert Chain.objects.get(case=case).indexed_seq == 0
    assert found("spindle") == [case.pk]


@pytest.mark.parametrize("newest", [0, 3_000])
@pytest.mark.parametrize("few", [-1, 20_000])
@pytest.mark.parametrize("very_few", [-1, 5_000])
def test_search_answers_the_same_by_every_plan(monkeypatch, newest, few, very_few):
    for name, value in {"NEWEST": newest, "FEW": few, "VERY_FEW": very_few}.items():
        monkeypatch.setattr(search.store, name, value)
    hidden, *seen = logged(about_person=True), *(logged() for _ in range(4))
    logged(text="A spindle, and no more.", title="Other", remedy=None)
    visible = access.visible_to(builders.user()).exclude(title__contains="%")  # a sign drivers read as theirs
    ids = [case.pk for case in reversed(seen)]
    assert found("spindle hous", cases=visible, limit=3) == ids[:3]
    assert found("spindle hous", cases=visible, limit=3, before=ids[2]) == ids[3:]
    assert hidden.pk not in found("spindle", cases=visible)


def test_find_costs_at_most_five_statements(django_assert_max_num_queries):
    case = logged()
    search.index_due(SOON)
    with django_assert_max_num_queries(5):
        search.find(text=f"RC-{case.pk}", cases=Case.objects.all())
    with django_assert_max_num_queries(4):
        search.find(text="spindle hous", cases=Case.objects.all())


def test_customers_are_found_by_beginning_then_by_any_part():
    for name in ("Zürich Guss", "Alte Zürcher", "Zug Stahl", "Guss & Co", "50% Metall"):
        builders.customer(name=name, folded=name_key(name))
    assert [customer.name for customer in search.customers("ZUR")] == ["Zürich Guss", "Alte Zürcher"]
    assert [customer.name for customer in search.customers("gus", 1)] == ["Guss & Co"]
    assert [customer.name for customer in search.customers("0%")] == ["50% Metall"]


@pytest.mark.parametrize("text", ["", " ", "z", "\x00", "\ud800\ud800", "qq"])
def test_customers_are_not_found_by_next_to_nothing(text):
    builders.customer(name="Zürich Guss", folded="zurich guss")
    assert search.customers(text) == []


def test_customers_leave_out_the_merged():
    kept = builders.customer(name="Halden AG", folded="halden ag")
    builders.customer(name="Halden", folded="halden", merged_into=kept)
    assert search.customers("halden") == [kept]
