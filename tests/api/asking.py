"""A program that asks the API in somebody's name."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.test import Client

from accounts import tokens
from accounts.models import User
from tests.builders import NOON


def token_of(person: User, *, reads_only: bool = False, now: datetime = NOON, **more: Any) -> str:
    """Make a token and return it."""
    about = {"name": "A program", "reads_only": reads_only, "expires_on": None, "by_company": False, **more}
    return tokens.make(user=person, now=now, **about)[1]


class Program:
    """Asks with one token; paths begin after `/api/v1/`."""

    def __init__(self, person: User, **about: Any) -> None:
        self.person, self.client, self.keys = person, Client(), _keys(person)
        self.head = {"Authorization": f"Bearer {token_of(person, **about)}"}

    def get(self, path: str, **asked: Any):
        """Read."""
        return self.client.get(_whole(path), asked, headers=self.head)

    def post(self, path: str, body: Any, *, key: str | None = "new"):
        """Make something new, under a key of its own unless one is given; None sends none."""
        named = {"Idempotency-Key": next(self.keys) if key == "new" else key} if key else {}
        return self.client.post(_whole(path), body, content_type="application/json", headers={**self.head, **named})

    def patch(self, path: str, body: Any):
        """Change something."""
        return self.client.patch(_whole(path), body, content_type="application/json", headers=self.head)

    def numbers(self, **asked: Any) -> list[str]:
        """Return the numbers of the cases listed."""
        return [row["number"] for row in self.get("cases/", **asked).json()["results"]]


def _whole(path: str) -> str:
    return path if path.startswith("http") else f"/api/v1/{path}"


def _keys(person: User) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"key-of-{person.pk}-{number:06}"
