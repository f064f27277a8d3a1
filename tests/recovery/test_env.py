"""Promise S10 and the ways of running: what the environment says decides, and a wrong word is refused plainly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from recovery import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgres://goldseam:secret@127.0.0.1/goldseam",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "PUBLIC_URL": "https://goldseam.example.com",
    "SECRET_KEY": "kW7c" * 20 + "0123456789abcdefghi",
}


def started(tmp_path: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    """Run a command of manage.py with nothing in the environment but what is given."""
    plain = {"PATH": os.environ["PATH"], "GOLDSEAM_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env={**plain, **environment}, capture_output=True, text=True, check=False)


def test_production_settings_pass_the_deployment_check(tmp_path):
    done = started(tmp_path, "check", "--deploy", "--fail-level", "INFO", **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")


def test_production_without_a_secret_key_does_not_start(tmp_path):
    done = started(tmp_path, "check", **{**PRODUCTION, "SECRET_KEY": ""})
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "django.core.exceptions.ImproperlyConfigured: SECRET_KEY is missing."
    )


@pytest.mark.parametrize("key", ["x", "changeme" * 3, "abcd" * 20])
def test_s10_secret_key_that_could_be_guessed_stops_production(monkeypatch, tmp_path, key):
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is too easy to guess"):
        env.secret_key(tmp_path, production=True)


def test_s10_errors_are_not_shown_in_detail_where_customers_come(monkeypatch):
    monkeypatch.setenv("DEBUG", "1")
    assert env.debug("http://127.0.0.1:8000")
    with pytest.raises(ImproperlyConfigured, match="DEBUG shows the inside of every error"):
        env.debug("https://goldseam.example.com")


def test_secret_key_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = env.secret_key(tmp_path, production=False)
    assert (len(made) >= 50, env.secret_key(tmp_path, production=False)) == (True, made)
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_pass_key_differs_from_the_secret_it_comes_from(monkeypatch):
    monkeypatch.delenv("GOLDSEAM_PASS_KEY", raising=False)
    assert env.pass_key("one") not in (b"one", env.pass_key("two"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"EMAIL_BACKEND_KIND": "files", "EMAIL_HOST": "localhost", "EMAIL_PORT": 25}),
        (
            "smtp+tls://me:pa%40ss@mail.example.com:587",
            {
                "EMAIL_BACKEND_KIND": "smtp",
                "EMAIL_HOST": "mail.example.com",
                "EMAIL_PORT": 587,
                "EMAIL_HOST_USER": "me",
                "EMAIL_HOST_PASSWORD": "pa@ss",
                "EMAIL_USE_TLS": True,
            },
        ),
    ],
)
def test_mail_settings_come_from_one_address(monkeypatch, url, expected):
    monkeypatch.setenv("EMAIL_URL", url)
    assert env.mail_out() == expected


def test_mail_address_of_another_kind_is_refused(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "consolemail://")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must begin with smtp://"):
        env.mail_out()


def test_survey_delay_that_is_no_number_is_refused(monkeypatch):
    monkeypatch.setenv("GOLDSEAM_SURVEY_DELAY_MINUTES", "soon")
    with pytest.raises(ImproperlyConfigured, match="must be a number of minutes, not 'soon'"):
        env.survey_delay()


def test_sqlite_takes_the_write_lock_at_once(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    options = env.databases(tmp_path)["default"]["OPTIONS"]
    assert (options["transaction_mode"], "journal_mode=WAL" in options["init_command"]) == ("IMMEDIATE", True)


def test_postgres_connections_are_kept_and_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", PRODUCTION["DATABASE_URL"])
    found = env.databases(tmp_path)["default"]
    assert (found["NAME"], found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == ("goldseam", 60, True)
