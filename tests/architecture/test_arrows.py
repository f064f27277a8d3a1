"""Who may import whom; the contracts stand in pyproject.toml, and what import-linter cannot see is here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["accounts", "mail", "cases", "surveys", "council", "recovery"]
_DYNAMIC = {"get_model", "import_module", "import_string", "__import__"}
_CONNECTS = {"receiver", "connect"}
_NO_SIGNALS = {"sqlite3", "sociallogin"}  # whose `connect` opens a database, and joins a sign-in to a person


def sources() -> Iterator[Path]:
    """Yield every module of ours."""
    for app in ORDER:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def named(path: Path, names: set[str]) -> list[str]:
    """Return where one of `names` is called or used as decorator in `path`, as "file:line name"."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        on = getattr(getattr(node, "value", None), "id", "")
        if name in names and on not in _NO_SIGNALS:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    return found


def test_arrows_point_downward(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert code == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_arrows_of_keys_point_downward():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ORDER
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model._meta.app_label in ORDER
        if ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert upward == []


def test_arrows_hide_behind_no_dynamic_import():
    assert [where for path in sources() for where in named(path, _DYNAMIC)] == []


def test_signals_are_connected_in_app_configs_only():
    others = (path for path in sources() if path.name != "apps.py" and path.parts[-2:] != ("recovery", "embedded.py"))
    assert [where for path in others for where in named(path, _CONNECTS) if "psycopg" not in where] == []


@pytest.mark.parametrize("app", ORDER)
def test_modules_are_named_for_their_subject(app):
    vague = {"services.py", "utils.py", "helpers.py", "managers.py"}
    assert [path.name for path in (ROOT / app).rglob("*.py") if path.name in vague] == []
