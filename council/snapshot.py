"""A case as rows: taken before and after a decision, so that what it wrote can be put back exactly.

Words, events and letters are left out: what was said and what happened is never taken back. Derived rows need no
care, because only what the decision itself wrote is kept.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from cases.models import Case, Chain, Due, Escalation, Event, Words
from council.models import Decision, Tally, Undo

LEFT_OUT = {Case, Chain, Decision, Event, Tally, Undo, Words}
Row = dict[str, Any]
Picture = dict[str, dict[str, Row]]


def take(case_id: int) -> Picture:
    """Return every row of a case and of its clocks and docket entries: by model, by key. One statement a model."""
    rows = {Case._meta.label: Case.objects.filter(pk=case_id)}
    for model, path in _parts():
        found = model._base_manager.filter(**{path: case_id})
        rows[model._meta.label] = rows[model._meta.label] | found if model._meta.label in rows else found
    picture = {
        label: {str(row.pop("pk")): row for row in found.order_by("pk").values("pk", *_fields(found.model))}
        for label, found in rows.items()
    }
    return json.loads(json.dumps(picture, cls=DjangoJSONEncoder))


def difference(before: Picture, after: Picture) -> dict[str, dict]:
    """Return by model what has to be put back: `changed` and `gone` as they were, and the keys that are `new`."""
    found = {label: _part(before.get(label, {}), rows) for label, rows in after.items()}
    return {label: part for label, part in found.items() if any(part.values())}


def restore(difference: dict[str, dict]) -> None:
    """Put back what a difference names: what is new goes, what is gone comes, the rest is as it was.

    The case comes first, because a closed one takes no planned step.
    """
    models = {model._meta.label: model for model in (Case, *(model for model, _ in _parts()))}
    _put_back(Case, difference.get(Case._meta.label, {}))
    others = [(models[label], part) for label, part in difference.items() if label != Case._meta.label]
    for model, part in others:
        model._base_manager.filter(pk__in=part["new"]).delete()
    for model, part in others:
        model._base_manager.bulk_create(_instance(model, pk, row) for pk, row in part["gone"].items())
        _put_back(model, part)


def _parts() -> Iterator[tuple[type[Model], str]]:
    """Yield what belongs to a case and the way from there: its own rows, those of its clocks and docket entries."""
    for owner, prefix in ((Case, ""), (Due, "case"), (Escalation, "case")):
        for relation in owner._meta.related_objects:
            model, name = relation.related_model, relation.field.name
            if model not in LEFT_OUT and not relation.many_to_many:
                yield model, f"{name}__{prefix}" if prefix else name


def _fields(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


def _part(before: dict[str, Row], after: dict[str, Row]) -> dict[str, Any]:
    changed = {
        pk: {name: value for name, value in row.items() if after[pk][name] != value}
        for pk, row in before.items()
        if pk in after and after[pk] != row
    }
    gone = {pk: row for pk, row in before.items() if pk not in after}
    return {"changed": changed, "gone": gone, "new": [int(pk) for pk in after if pk not in before]}


def _put_back(model: type[Model], part: dict[str, Any]) -> None:
    for pk, row in part.get("changed", {}).items():
        model._base_manager.filter(pk=pk).update(**_values(model, row))


def _instance(model: type[Model], pk: str, row: Row) -> Model:
    return model(pk=int(pk), **_values(model, row))


def _values(model: type[Model], row: Row) -> Row:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) if value is not None else None for name, value in row.items()}
