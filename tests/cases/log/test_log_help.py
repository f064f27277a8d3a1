"""What the form shows while somebody types: clocks, the same thing, names."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts import drafts
from accounts.models import Role
from cases.enums import Severity
from cases.log import title_of
from cases.models import Case
from tests import builders
from tests.builders import NOON
from tests.cases.log.form import TOKEN, typed


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.COUNSEL])
@pytest.mark.parametrize("url", ["", "preview/", "customers/", "contacts/", "discard/"])
def test_log_is_closed_to_who_only_looks_on(client, db, role, url):
    client.force_login(builders.user(role))
    send = client.post if url in ("preview/", "discard/") else client.get
    assert (send(f"/cases/new/{url}").status_code, client.post("/cases/new/", typed()).status_code) == (403, 403)


# While it is typed


@pytest.mark.parametrize("strange", [{"received_at": ["a", "b"]}, {"split": "999999"}, {"intake": ["1", "2"]}])
def test_log_opens_whatever_a_draft_holds(client, halden, marta, strange):
    drafts.keep(user=marta, key="log", body={"text": "half a sent", **strange}, now=NOON)
    page = client.get("/cases/new/")
    assert (page.status_code, page.context["form"].initial["text"]) == (200, "half a sent")


def test_log_brings_the_draft_back_with_a_token_of_its_own(client, halden, marta):
    drafts.keep(user=marta, key="log", body={"token": TOKEN, "text": "half a sent", "loss": "on"}, now=NOON)
    page = client.get("/cases/new/").content.decode()
    assert "half a sent</textarea>" in page and TOKEN not in page
    client.post("/cases/new/discard/")
    assert "half a sent" not in client.get("/cases/new/").content.decode()


def test_log_shows_what_would_start_and_saves_nothing(client, ruth):
    shown = client.post("/cases/new/preview/", typed(stopped="on")).context
    assert [(clock.step.label, clock.due_at) for clock in shown["clocks"]] == [
        ("Acknowledge", datetime(2026, 11, 17, 8, 12, tzinfo=UTC)),
        ("Contain", datetime(2026, 11, 17, 11, 12, tzinfo=UTC)),
        ("Resolve", datetime(2026, 11, 19, 16, 0, tzinfo=UTC)),
    ]
    assert (shown["severity"], shown["stake"].likely) == (Severity.CRITICAL, 128_400_000)
    assert not Case.objects.exists()


def test_log_shows_the_clocks_the_case_then_has(client, ruth):
    shown = client.post("/cases/new/preview/", typed(loss="on")).context["clocks"]
    client.post("/cases/new/", typed(loss="on"))
    dues = Case.objects.get().dues.filter(kind="step", ref__in=(1, 2, 3)).order_by("ref")
    assert [due.due_at for due in dues] == [clock.due_at for clock in shown]


def test_log_points_to_cases_that_look_the_same(client, ruth, halden, marta):
    case = builders.case(owner=marta, of=halden, title="Third late delivery")
    builders.case(owner=marta)
    shown = client.post("/cases/new/preview/", typed()).context
    assert ([one.pk for one in shown["alike"]], shown["nth"]) == ([case.pk], 2)


def test_log_does_not_point_to_a_case_the_reader_may_not_see(client, ruth, halden):
    builders.case(owner=builders.user("manager", of=builders.team("South")), of=halden, sensitive=True)
    assert client.post("/cases/new/preview/", typed()).context["alike"] == []


def test_log_previews_whatever_is_half_typed(client, marta):
    answer = client.post("/cases/new/preview/", {"received_at": "x", "severity": "y", "customer": "z"})
    assert (answer.status_code, answer.context["severity"]) == (200, Severity.NORMAL)


def test_log_finds_customers_while_typing(client, halden, marta):
    builders.case(owner=marta, of=halden)
    page = client.get("/cases/new/customers/", {"customer_name": "HALD"}).content.decode()
    assert f'data-value="{halden.pk}" data-text="Halden Precision AG"' in page
    assert "<mark>Hald</mark>en Precision AG" in page and "1 open case<" in page and "New customer “HALD”" in page


def test_log_finds_people_of_the_chosen_customer_only(client, ruth, halden):
    builders.contact(builders.customer(), name="Ruth Elsewhere")
    page = client.get("/cases/new/contacts/", {"customer": halden.pk, "contact_name": "ru"}).content.decode()
    assert page.count('role="option"') == 2 and "Ruth</mark>" not in page and "<mark>Ru</mark>th Aebi" in page


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("“Late again. Third time.”", "Late again"),
        ("Why is it late? Tell me", "Why is it late?"),
        ("  \n ", ""),
        ("one\n two", "one two"),
        ("word " * 40, ("word " * 17).strip() + "…"),
        ("x" * 300, "x" * 89 + "…"),
    ],
)
def test_title_is_made_from_the_first_sentence(text, title):
    assert title_of(text) == title


def test_log_page_is_whole_before_anything_is_typed(client, marta):
    page = client.get("/cases/new/").content.decode()
    assert page.count("<form") >= 3 and "What starts now" in page and "style=" not in page
    assert f'value="{(NOON + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")}"' in page
