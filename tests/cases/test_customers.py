"""Customers: what is typed becomes rows, what is wrong is said at its field, and nobody's words are lost."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import AdminEvent
from cases import customers
from cases.forms.customers import CustomerForm, read_amount
from cases.models import Chain, Contact, Customer, Link
from cases.stake import at_stake
from tests.builders import NOON, acknowledged, case, contact, customer, user
from tests.reading import words

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Halden Precision AG",
    "place": "Winterthur",
    "tier": "key",
    "currency": "chf",
    "yearly_revenue": "390'000",
    "margin": "28 %",
    "expected_years": "10",
    "term_years": "3",
    "replacement_cost": "CHF 192,000.00",
    "reach": "9",
    "renewal_on": "2027-03-31",
    "since_on": "",
    "account_manager": "",
    "team": "",
}


@pytest.fixture
def marta(client):
    person = user("manager", name="Marta Keller")
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("390'000", "390000"),
        ("390’000.50", "390000.50"),
        ("390,000.50", "390000.50"),
        ("390.000,50", "390000.50"),
        ("390 000", "390000"),
        ("390.000", "390000"),
        ("1,284,000", "1284000"),
        ("27.5", "27.5"),
        ("27,5", "27.5"),
        ("CHF 45.–", "45"),
        ("€ 1.250,00", "1250.00"),
        ("0", "0"),
    ],
)
def test_amount_is_read_as_people_write_it(text, amount):
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["much", "12 francs more", "1e9", "--4", "", ",", "1.2.3,4,5x"])
def test_amount_that_is_none_is_refused(text):
    with pytest.raises(ValueError):
        read_amount(text)


def test_new_customer_keeps_money_in_minor_units(client, marta):
    answer = client.post("/customers/new/", TYPED)
    row = Customer.objects.get()
    assert (answer.status_code, answer["location"]) == (302, f"/customers/{row.pk}/")
    assert (row.currency, row.yearly_revenue, row.margin_bp, row.replacement_cost) == (
        "CHF",
        39_000_000,
        2800,
        19_200_000,
    )
    assert at_stake(row, NOON.date()).likely == 128_400_000
    assert list(AdminEvent.objects.values_list("kind", "facts")) == [("customer_added", {"customer": row.pk})]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", " ", "Write the customer&#x27;s name."),
        ("yearly_revenue", "lots", "This is not a number. Write it like 390&#x27;000 or 27.5."),
        ("yearly_revenue", "-5", "This cannot be less than nothing."),
        ("yearly_revenue", "9" * 20, "This is too much. Check the figures."),
        ("margin", "128", "A margin is at most 100 %."),
        ("expected_years", "120", "More than 99 years is too much."),
        ("currency", "Franken", "Write the three letters of the currency, such as CHF."),
        ("currency", "C1", "Write the three letters of the currency, such as CHF."),
        ("renewal_on", "2027-02-30", "This is not a day. Write it like 2026-11-20."),
        ("renewal_on", "9999-01-01", "This year is too far away. Check the date."),
        ("reach", "many", "Write a whole number."),
    ],
)
def test_customer_with_bad_input_is_refused_at_its_field_and_keeps_what_was_typed(client, marta, field, value, message):
    answer = client.post("/customers/new/", {**TYPED, "place": "Wil SG", field: value})
    assert (answer.status_code, Customer.objects.count()) == (422, 0)
    assert message in words(answer)
    assert 'value="Wil SG"' in words(answer)


def test_customer_form_reads_back_what_it_wrote(marta):
    row = customer(yearly_revenue=39_000_050, margin_bp=2750)
    form = CustomerForm(customer=row)
    assert (form.initial["yearly_revenue"], form.initial["margin"]) == ("390,000.5", "27.5")
    again = CustomerForm({name: form.initial.get(name) or "" for name in form.fields}, customer=row)
    assert again.is_valid(), again.errors
    assert {name: getattr(row, name) for name in customers.FIELDS} == {
        name: again.given()[name] for name in customers.FIELDS
    }


def test_customer_of_the_same_name_and_place_is_refused(client, marta):
    client.post("/customers/new/", TYPED)
    answer = client.post("/customers/new/", {**TYPED, "name": "HALDEN  Précision AG"})
    assert (answer.status_code, Customer.objects.count()) == (422, 1)
    assert "A customer of this name and place is entered already." in words(answer)


def test_r6_second_saver_of_a_customer_sees_both_versions_and_loses_no_word(client, marta):
    row = customer(name="Halden AG", place="Bern")
    theirs = {**{name: getattr(row, name) for name in customers.FIELDS}, "place": "Basel"}
    customers.edit(actor=user("lead", name="Lena Brandt"), customer=row, fields=theirs, rev=1, now=NOON)
    answer = client.post(f"/customers/{row.pk}/edit/", {**TYPED, "rev": 1, "place": "Biel"})
    page = words(answer)
    assert answer.status_code == 409
    assert "Lena Brandt changed this while you were writing" in page
    assert '<p class="words">Basel</p>' in page and '<p class="words">Biel</p>' in page
    assert 'name="rev" value="2"' in page and 'value="Biel"' in page
    client.post(f"/customers/{row.pk}/edit/", {**TYPED, "rev": 2, "place": "Biel"})
    row.refresh_from_db()
    assert (row.place, row.rev) == ("Biel", 3)


def test_renamed_customer_is_searched_for_by_the_new_name(marta):
    held = case()
    Chain.objects.filter(case=held).update(indexed_seq=9)
    row = held.customer
    fields = {**{name: getattr(row, name) for name in customers.FIELDS}, "name": "Ébauches SA"}
    customers.edit(actor=marta, customer=row, fields=fields, rev=1, now=NOON)
    row.refresh_from_db()
    assert (row.folded, Chain.objects.get(case=held).indexed_seq) == ("ebauches sa", 0)


def test_link_is_shared_by_name_whatever_its_case(client, marta):
    one, other = customer(), customer()
    client.post(f"/customers/{one.pk}/links/", {"kind": "carrier", "name": "Nordfracht"})
    client.post(f"/customers/{other.pk}/links/", {"kind": "carrier", "name": " NORDFRACHT "})
    link = Link.objects.get()
    assert (link.name, link.customers.count()) == ("Nordfracht", 2)
    client.post(f"/customers/{one.pk}/links/{link.pk}/")
    assert list(link.customers.all()) == [other]


def test_link_noted_already_is_refused_in_place(client, marta):
    row = customer()
    customers.share(actor=marta, customer=row, kind="site", name="Plant 2", now=NOON)
    answer = client.post(f"/customers/{row.pk}/links/", {"kind": "site", "name": "plant 2"})
    assert answer.status_code == 422
    assert "Plant 2 is noted for this customer already." in words(answer)


def test_contact_with_a_new_address_has_not_bounced(client, marta):
    row = customer()
    person = contact(row, email="old@customer.example", bounced_at=NOON)
    typed = {"name": "Ruth Aebi", "email": "new@customer.example", "level": "3", "language": "de"}
    client.post(f"/customers/{row.pk}/people/{person.pk}/", {**typed, "seen": customers.mark_of(person)})
    person.refresh_from_db()
    assert (person.email, person.level, person.language, person.bounced_at) == ("new@customer.example", 3, "de", None)


def test_r6_second_saver_of_a_contact_sees_both_versions(client, marta):
    row = customer()
    person = contact(row, phone="1")
    seen = customers.mark_of(person)
    Contact.objects.filter(pk=person.pk).update(phone="22 22")
    typed = {"name": person.name, "email": person.email, "phone": "33 33", "level": "1", "language": "en"}
    answer = client.post(f"/customers/{row.pk}/people/{person.pk}/", {**typed, "seen": seen})
    assert answer.status_code == 409
    assert '<p class="words">22 22</p>' in words(answer) and '<p class="words">33 33</p>' in words(answer)


def test_contact_address_of_somebody_else_there_is_refused_at_its_field(client, marta):
    row = customer()
    contact(row, email="ruth@customer.example")
    answer = client.post(
        f"/customers/{row.pk}/people/new/",
        {"name": "Urs", "email": "RUTH@customer.example", "level": "1", "language": "en"},
    )
    assert (answer.status_code, Contact.objects.count()) == (422, 1)
    assert "Somebody at this customer has this address already." in words(answer)


def test_contact_of_another_customer_is_not_found(client, marta):
    person = contact(customer())
    assert client.get(f"/customers/{customer().pk}/people/{person.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["quality", "council", "chair", "sponsor", "counsel", "auditor"])
def test_customers_are_read_by_everyone_and_changed_by_few(client, role):
    row = customer(name="Halden AG")
    client.force_login(user(role))
    assert "Halden AG" in words(client.get("/customers/"))
    assert f"/customers/{row.pk}/edit/" not in words(client.get(f"/customers/{row.pk}/"))
    answers = [client.post(f"/customers/{row.pk}/edit/", TYPED), client.post("/customers/new/", TYPED)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert list(Customer.objects.values_list("name", flat=True)) == ["Halden AG"]


def test_list_pages_by_name_both_ways_and_reaches_everybody_once(client, marta):
    for number in range(60):
        customer(name=f"Muster {number % 30:02} AG")
    seen, url = [], "/customers/"
    while url:
        page = client.get(url).context["page"]
        seen += [row.pk for row in page.rows]
        url, back = (f"/customers/{page.older_url}" if page.older_url else ""), page.newer_url
    assert seen == list(Customer.objects.order_by("folded", "id").values_list("pk", flat=True))
    before = client.get(f"/customers/{back}").context["page"]
    assert [row.pk for row in before.rows] == seen[25:50]


def test_list_narrows_by_name_tier_and_manager(client, marta):
    mine = customer(name="Alpen Söhne", tier="key", account_manager=marta)
    customer(name="Berg AG", tier="small")
    for asked in ("q=sohne", "tier=key", "manager=me", f"manager={marta.pk}"):
        assert [row.pk for row in client.get(f"/customers/?{asked}").context["page"].rows] == [mine.pk]
    assert len(client.get("/customers/?manager=nobody&tier=gold&after=x~y").context["page"].rows) == 1


def test_p2_list_costs_the_same_at_one_and_at_thirty_customers(client, marta, django_assert_num_queries):
    for count in (1, 29):
        for _ in range(count):
            case(of=customer(account_manager=marta))
        with django_assert_num_queries(6):  # session, person, customers, open cases, managers, bell
            client.get("/customers/")


def test_p2_customer_page_costs_the_same_at_one_and_at_thirty_cases(client, marta, django_assert_num_queries):
    row = customer()
    for count in (1, 29):
        for _ in range(count):
            case(of=row, severity="low")
        with django_assert_num_queries(13):
            client.get(f"/customers/{row.pk}/")


def test_customer_page_shows_the_sum_and_the_trust(client, marta):
    held = acknowledged(case(owner=marta))
    page = words(client.get(f"/customers/{held.customer_id}/"))
    assert "CHF 1,284,000" in page
    assert "0 kept since their complaints, 1 to come" in page


def test_customer_page_hides_confidential_cases(client, marta):
    held = case(owner=user("manager"), now=NOON + timedelta(days=1), sensitive=True, title="Somebody was hurt")
    assert "Somebody was hurt" not in words(client.get(f"/customers/{held.customer_id}/"))


def test_customer_not_there_is_not_found(client, marta):
    assert client.get("/customers/999999/").status_code == 404
