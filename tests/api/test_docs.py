"""docs/api.md: every example in it is asked as it stands there, and works."""

import re
import shlex
from pathlib import Path

import pytest
from django.test import Client

from tests.api.asking import token_of

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = [
    line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in re.sub(r"\\\n\s*", " ", block).splitlines()
]


def asked(example: str, known: dict[str, str]):
    """Ask what a line of curl asks."""
    words = shlex.split(re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], example))
    head, body, method, url = {}, None, "GET", ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(": ")
            head[name] = value
        elif word == "-d":
            body, method = next(rest), "POST" if method == "GET" else method
        elif word == "-X":
            method = next(rest)
        else:
            url = word
    about = {"data": body, "content_type": head.pop("Content-Type")} if body else {}
    return Client().generic(method, url.removeprefix("http://testserver"), headers=head, **about)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_the_handbook_works(alice, case, example):
    numbers = {"CASE": case.pk, "CUSTOMER": case.customer_id, "CONTACT": case.reporter_id, "REV": case.rev}
    known = {"TOKEN": token_of(alice), "URL": "http://testserver", **{name: str(pk) for name, pk in numbers.items()}}
    assert asked(example, known).status_code in (200, 201)


def test_handbook_has_an_example_of_every_address():
    addresses = {re.sub(r'.*\$URL/api/v1/|"?\s*$|\?.*', "", example) for example in EXAMPLES}
    assert addresses == {
        "me/", "cases/", "cases/$CASE/", "cases/$CASE/timeline/", "cases/$CASE/entries/",
        "customers/", "customers/$CUSTOMER/", "answers/", "docket/",
    }  # fmt: skip
