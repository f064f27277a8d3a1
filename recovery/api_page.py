"""The description of the API as its page shows it: addresses by subject, each with what is sent and answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "patch")
ORDER = ("You", "Cases", "Record", "Customers", "Surveys", "Council")


@dataclass(frozen=True)
class Part:
    """One thing that may be sent or is answered. `kind` is in words, such as `whole number` or `list of Step`."""

    name: str
    kind: str
    told: str
    codes: tuple[str, ...]
    needed: bool


@dataclass(frozen=True)
class Operation:
    """One address with one method."""

    slug: str
    method: str
    path: str
    summary: str
    told: str
    asked: tuple[Part, ...]
    sent: tuple[Part, ...]
    answered: tuple[Part, ...]


@dataclass(frozen=True)
class Group:
    """Addresses about one subject."""

    name: str
    operations: tuple[Operation, ...]


def groups(schema: dict[str, Any]) -> list[Group]:
    """Return the addresses of the description by subject, in the order one reads them."""
    found = list(_operations(schema))
    return [Group(tag, tuple(one for name, one in found if name == tag)) for tag in ORDER]


def shapes(schema: dict[str, Any]) -> list[tuple[str, str, tuple[Part, ...]]]:
    """Return what answers and bodies are made of: name, what it is, parts. Pages of a list are left out."""
    named = schema["components"]["schemas"]
    return [
        (name, shape.get("description", ""), tuple(_parts(schema, shape)))
        for name, shape in named.items()
        if not name.endswith("Page")
    ]


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield methods[method]["tags"][0], _operation(schema, path, method, methods[method])


def _operation(schema: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> Operation:
    asked = [
        _part(schema, one["name"], one["schema"] | _words(one), one.get("required"))
        for one in told.get("parameters", ())
    ]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answer = next(iter(told["responses"].values()))["content"]["application/json"]["schema"]
    return Operation(
        slug=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        told=told.get("description", ""),
        asked=tuple(asked),
        sent=tuple(_parts(schema, body)),
        answered=tuple(_parts(schema, answer)),
    )


def _words(parameter: dict[str, Any]) -> dict[str, str]:
    return {"description": parameter["description"]} if parameter.get("description") else {}


def _parts(schema: dict[str, Any], shape: dict[str, Any]) -> Iterator[Part]:
    """Yield the parts of a shape, wherever it is written down."""
    whole = _followed(schema, shape)
    for name, part in whole.get("properties", {}).items():
        yield _part(schema, name, part, name in whole.get("required", ()))


def _part(schema: dict[str, Any], name: str, part: dict[str, Any], needed: bool | None) -> Part:
    codes = part.get("enum") or _followed(schema, part).get("enum") or ()
    told = (part.get("description") or "").split("\n\n* ")[0].split("* `")[0].strip()
    return Part(name, _kind(part), told, tuple(str(code) for code in codes if code not in ("", None)), bool(needed))


def _kind(part: dict[str, Any]) -> str:
    """Return in words what a part is."""
    named = part.get("$ref") or next((one["$ref"] for one in part.get("allOf", ()) if "$ref" in one), "")
    if named:
        return named.rpartition("/")[2]
    if part.get("type") == "array":
        return f"list of {_kind(part['items'])}"
    kinds = {"integer": "whole number", "boolean": "true or false", "number": "number", "object": "object"}
    formats = {"date-time": "moment", "date": "day", "email": "e-mail address", "uri": "address"}
    return formats.get(part.get("format", ""), kinds.get(part.get("type", ""), "text"))


def _followed(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    named = part.get("$ref") or next((one["$ref"] for one in part.get("allOf", ()) if "$ref" in one), "")
    return schema["components"]["schemas"][named.rpartition("/")[2]] if named else part
