"""The description of the API: every address in it, every answer as it says, and no hostile request breaks anything."""

import json

import jsonschema
import pytest

from cases.api import bodies
from cases.enums import EscalationReason, Severity
from cases.models import Case, Event
from recovery import api, api_page
from tests import builders
from tests.api.asking import Program
from tests.api.test_beside import answered
from tests.architecture.audiences import AUDIENCES, TOKEN
from tests.builders import NOON


def shape(path: str, method: str, code: str) -> dict:
    """Return the schema of one answer, with what it points to, nullable parts as JSON schema writes them."""
    told = api.described()["paths"][f"/api/v1/{path}"][method]["responses"][code]
    found = told["content"]["application/json"]["schema"]
    return _closed({**found, "components": api.described()["components"]})


def _closed(part):
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {name: _closed(one) for name, one in part.items() if name != "nullable"}
    if "properties" in closed and isinstance(closed["properties"], dict):
        closed["additionalProperties"] = False
    return {"anyOf": [closed, {"type": "null"}]} if part.get("nullable") is True else closed


def holds(answer, path: str, method: str = "get") -> None:
    """Fail unless the answer is exactly what the description says."""
    jsonschema.validate(answer.json(), shape(path, method, str(answer.status_code)))


@pytest.fixture
def busy(alice):
    """A case with something of everything."""
    case = builders.acknowledged(builders.case(owner=alice, sensitive=True))
    answered(case, satisfied=4, recommend=9)
    builders.on_the_docket(case, EscalationReason.BROKEN_PROMISE, now=NOON)
    builders.case(owner=None, severity=Severity.LOW)
    return case


def test_every_address_of_the_api_is_described():
    listed = [name for name, audience in AUDIENCES.items() if audience == TOKEN]
    assert len(api.described()["paths"]) == len(listed)


def test_description_is_for_everybody_and_shows_nothing_of_anybody(client, busy):
    told = client.get("/api/v1/schema/")
    assert (told.status_code, told["Content-Type"], told.json()["openapi"][:2]) == (200, "application/json", "3.")
    assert busy.title not in told.text and busy.customer.name not in told.text


def test_every_answer_is_as_described(program, busy):
    one = {
        "cases/{id}/": busy.pk,
        "cases/{id}/timeline/": busy.pk,
        "cases/{id}/entries/": busy.pk,
        "customers/{id}/": busy.customer_id,
    }
    paths = [path.removeprefix("/api/v1/") for path in api.described()["paths"]]
    for path in paths:
        answer = program.get(path.replace("{id}", str(one.get(path, ""))))
        assert answer.status_code == 200
        holds(answer, path)
    assert len(paths) == 9


def test_every_refusal_is_as_described(program, busy, charlie):
    body = {"customer": busy.customer_id, "contact": busy.reporter_id, "text": "It broke."}
    holds(program.post("cases/", body, key="order-4711"), "cases/", "post")
    holds(program.post("cases/", body, key="order-4711"), "cases/", "post")
    for answer, code in ((program.post("cases/", {}), 422), (program.post("cases/", {}, key=None), 400)):
        assert answer.status_code == code
        holds(answer, "cases/", "post")
    stale = program.patch(f"cases/{busy.pk}/", {"rev": busy.rev + 1, "title": "Else"})
    assert stale.status_code == 409
    holds(stale, "cases/{id}/", "patch")
    holds(Program(charlie).patch(f"cases/{busy.pk}/", {"rev": 1}), "cases/{id}/", "patch")


def test_page_explains_every_address_and_part(client, alice):
    client.force_login(alice)
    page = client.get("/api/v1/").content.decode()
    for path, methods in api.described()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    assert [group.name for group in api_page.groups(api.described())] == list(api_page.ORDER)
    assert "You may not" not in page and "{}" not in page


HOSTILE = [
    "",
    "\x00",
    "é" * 300,
    "-1",
    "9" * 400,
    "1e309",
    "<script>",
    "%",
    "~",
    "null",
    "2026-13-45T99:99:99Z",
    "١",
]
BODIES = [
    None,
    True,
    -1,
    2**70,
    1e308,
    [],
    {},
    [{}],
    {"a": [1]},
    "",
    "\x00",
    "\ud800",
    "x" * 9_000,
    "0001-01-01T00:00:00Z",
]


def _parameters() -> list[tuple[str, str]]:
    """Return every list of the API with each of its parameters."""
    paths = api.described()["paths"]
    found = [
        (path, one["name"])
        for path in paths
        for one in paths[path]["get"].get("parameters", ())
        if one["in"] == "query"
    ]
    return [(path.removeprefix("/api/v1/"), name) for path, name in found]


def test_no_value_of_a_filter_breaks_a_list(program, busy):
    for path, name in _parameters():
        for value in HOSTILE:
            answer = program.get(path.replace("{id}", str(busy.pk)), **{name: value})
            assert answer.status_code in (200, 422), (path, name, value)
    assert len(_parameters()) > 30


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "9223372036854775808"])
def test_no_number_breaks_an_address(program, busy, number):
    for path in ("cases/{}/", "cases/{}/timeline/", "cases/{}/entries/", "customers/{}/"):
        assert program.get(path.format(number)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("post", "cases/", bodies.Complaint), ("post", "entries/", bodies.Entry), ("patch", "", bodies.Change)],
)
def test_no_body_breaks_the_api_and_none_closes_a_case(program, busy, method, path, body):
    """Every part with every hostile value, beside what is right otherwise; what is refused writes nothing."""
    right = {
        "cases/": {"customer": busy.customer_id, "contact": busy.reporter_id, "text": "It broke."},
        "entries/": {"kind": "call", "side": "ours", "contact": busy.reporter_id, "text": "Called."},
        "": {"rev": busy.rev},
    }[path]
    whole = path if path == "cases/" else f"cases/{busy.pk}/{path}"
    for name in body().fields:
        for value in BODIES:
            before = Event.objects.count()
            answer = getattr(program, method)(whole, json.dumps({**right, name: value}))
            assert answer.status_code in (200, 201, 409, 422), (name, value, answer.json())
            assert answer.status_code < 300 or Event.objects.count() == before
    assert not Case.objects.exclude(state="open").exists()
