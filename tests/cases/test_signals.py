"""Signals from our own books propose cases found by us; a bad line stays out and says why (promise R10)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from cases import signals
from cases.enums import Channel, Severity
from cases.importing.reading import rows_of
from cases.importing.signals import take_in
from cases.models import Case, Signal
from cases.refusals import Refused
from mail.models import Message
from tests import builders
from tests.builders import NOON

HEAD = "kind,reference,customer,date,amount,currency,text\n"
GOOD = HEAD + (
    "credit note,CN-1,Halden Precision AG,2026-11-10,1200.50,CHF,Wrong price on 40 housings\n"
    "Return,R-7,halden precision ag,11.11.2026,,,\n"
    "late_delivery,LD-3,Brunner GmbH,2026-11-12,0,,Four days late\n"
)


@pytest.fixture
def marta(db):
    person = builders.user(name="Marta Keller")
    builders.customer(name="Halden Precision AG", account_manager=person)
    builders.customer(name="Brunner GmbH")
    builders.defaults.install()
    return person


def taken(text, actor=None):
    return take_in(lines=rows_of(text.encode()), name="signals.csv", actor=actor, now=NOON)


def test_a_file_is_taken_in_with_customer_day_and_amount(marta):
    result = taken(GOOD)
    rows = Signal.objects.order_by("reference").values_list("kind", "reference", "customer__name", "on", "amount")
    assert [(kind, ref, name, str(on), amount) for kind, ref, name, on, amount in rows] == [
        ("credit_note", "CN-1", "Halden Precision AG", "2026-11-10", 120_050),
        ("late_delivery", "LD-3", "Brunner GmbH", "2026-11-12", 0),
        ("return", "R-7", "Halden Precision AG", "2026-11-11", None),
    ]
    assert (result.added, result.known, result.refused) == (3, 0, [])


def test_reading_it_again_adds_nothing(marta):
    taken(GOOD)
    again = taken(GOOD + "return,R-7,Brunner GmbH,2026-11-12,,,\n")
    assert (again.added, again.known, Signal.objects.count()) == (0, 4, 3)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("refund,X,Halden Precision AG,2026-11-10,,,", "kind is none of credit note, return, late delivery: refund"),
        ("return,,Halden Precision AG,2026-11-10,,,", "reference is empty"),
        ("return,X,Nobody AG,2026-11-10,,,", "no customer is called Nobody AG; write the name as on the customer page"),
        ("return,X,Twin AG,2026-11-10,,,", "more than one customer is called Twin AG"),
        ("return,X,Halden Precision AG,soon,,,", "the date is no date: soon; write it as 2026-11-30"),
        ("return,X,Halden Precision AG,2026-12-24,,,", "the date lies in the future: 2026-12-24"),
        ("return,X,Halden Precision AG,2026-11-10,many,,", "the amount is no number: many"),
        ("return,X,Halden Precision AG,2026-11-10,NaN,,", "the amount is no number: NaN"),
        ("return,X,Halden Precision AG,2026-11-10,5,Swiss,", "the currency is no three letters: SWISS"),
        ("return,X,Halden Precision AG,2026-11-10,5,CHF,a,b", "it has more cells than the header has columns"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_the_others_go_in(marta, line, why):
    builders.customer(name="Twin AG")
    builders.customer(name="Twin  AG")
    result = taken(HEAD + line + "\nreturn,R-9,Brunner GmbH,2026-11-12,,,\n")
    assert (result.refused, result.added) == ([(2, why)], 1)


def test_opening_makes_a_case_found_by_us_whose_first_step_is_to_tell_them(marta):
    taken(GOOD)
    case = signals.open_case(signal=Signal.objects.get(reference="CN-1"), actor=builders.user("lead"), now=NOON)
    kept = Signal.objects.get(reference="CN-1")
    assert (case.channel, case.owner, case.severity, kept.state, kept.case) == (
        Channel.FOUND, marta, Severity.NORMAL, "opened", case,
    )  # fmt: skip
    assert "Wrong price on 40 housings" in case.words.get(part="complaint").text
    assert case.seam[0][0] == "planned"
    assert not Message.objects.filter(template="receipt").exists()


def test_s2_case_behind_its_door_is_not_named_in_the_list(client, marta):
    taken(GOOD)
    case = signals.open_case(signal=Signal.objects.get(reference="CN-1"), actor=marta, now=NOON)
    Case.objects.filter(pk=case.pk).update(confidential=True)
    client.force_login(builders.user("quality"))
    page = client.get("/before/signals/?state=opened").content.decode()
    assert (case.number in page, "a confidential case" in page) == (False, True)


def test_nobody_opens_it_twice(marta):
    taken(GOOD)
    signal = Signal.objects.get(reference="CN-1")
    signals.open_case(signal=signal, actor=marta, now=NOON)
    with pytest.raises(Refused, match="in the meantime"):
        signals.open_case(signal=signal, actor=marta, now=NOON)
    with pytest.raises(Refused, match="in the meantime"):
        signals.dismiss(signal=signal, actor=marta, reason="No", now=NOON)
    assert Case.objects.count() == 1


def test_the_case_goes_to_whoever_opens_it_where_the_account_manager_has_left(marta):
    taken(GOOD)
    marta.left_at = NOON
    marta.save()
    lead = builders.user("lead")
    assert signals.open_case(signal=Signal.objects.get(reference="CN-1"), actor=lead, now=NOON).owner == lead


@pytest.mark.parametrize("role", ["auditor", "admin", "counsel"])
def test_who_may_not_log_decides_on_no_signal(marta, role):
    taken(GOOD)
    for act in (signals.open_case, lambda **facts: signals.dismiss(reason="x", **facts)):
        with pytest.raises(Refused, match="may log a complaint"):
            act(signal=Signal.objects.first(), actor=builders.user(role), now=NOON)
    assert set(Signal.objects.values_list("state", flat=True)) == {"proposed"}


def test_signals_are_looked_at_in_the_browser(client, clock, marta):
    clock.move_to(NOON + timedelta(hours=1))
    client.force_login(marta)
    file = SimpleUploadedFile("signals.csv", (GOOD + "refund,X,Brunner GmbH,2026-11-10,,,\n").encode())
    answer = client.post("/before/signals/file/", {"file": file}).content.decode()
    assert "3 added, 0 known already, 1 refused." in answer and "Line 5: kind is none of" in answer
    first, second = Signal.objects.order_by("pk")[:2]
    wrong = client.post(f"/before/signals/{second.pk}/dismiss/", {})
    assert (wrong.status_code, "Say why this makes no case." in wrong.content.decode()) == (422, True)
    client.post(f"/before/signals/{second.pk}/dismiss/", {f"s{second.pk}-reason": "They ordered too many"})
    opened = client.post(f"/before/signals/{first.pk}/open/")
    assert opened["Location"] == f"{Case.objects.get().get_absolute_url()}?step=1"
    assert "They ordered too many" in client.get("/before/signals/?state=dismissed").content.decode()


NO_CSV = [b"", b"\x00\x00", b"\xef\xbb\xbf", b"PK\x03\x04 a spreadsheet", b"kind,reference\nx," + b"y" * 4_000_001]


@pytest.mark.parametrize("content", NO_CSV)
def test_a_file_that_is_no_csv_is_refused_at_its_field(client, marta, content):
    client.force_login(marta)
    file = SimpleUploadedFile("signals.csv", content or b" ")
    answer = client.post("/before/signals/file/", {"file": file})
    assert (answer.status_code, Signal.objects.count()) == (422, 0)


def test_an_auditor_looks_and_changes_nothing(client, marta):
    taken(GOOD)
    client.force_login(builders.user("auditor"))
    page = client.get("/before/signals/").content.decode()
    assert ("CN-1" in page, "Open a case" in page, "Read it in" in page) == (True, False, False)
    assert client.post(f"/before/signals/{Signal.objects.first().pk}/open/").status_code == 403


def test_the_command_says_what_came_in_and_what_did_not(marta, tmp_path):
    path = tmp_path / "signals.csv"
    path.write_text(GOOD + "return,X,Nobody AG,2026-11-10,,,\n")
    said = StringIO()
    call_command("import_signals", str(path), stdout=said)
    assert said.getvalue().splitlines() == [
        "line 5 refused: no customer is called Nobody AG; write the name as on the customer page",
        "4 rows read: 3 added, 0 known already, 1 refused.",
    ]
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_signals", str(tmp_path / "none.csv"))


def test_the_list_costs_the_same_for_one_signal_and_many(client, marta, django_assert_max_num_queries):
    client.force_login(marta)
    taken(HEAD + "return,R-1,Brunner GmbH,2026-11-12,,,\n")
    with django_assert_max_num_queries(8) as one:
        client.get("/before/signals/")
    taken(HEAD + "".join(f"return,M-{n},Brunner GmbH,2026-11-12,,,note {n}\n" for n in range(60)))
    with django_assert_max_num_queries(8) as many:
        client.get("/before/signals/")
    assert len(one) == len(many)
