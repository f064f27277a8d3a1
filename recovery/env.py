"""What the environment says, read once and refused in plain words."""

import hashlib
import hmac
import os
import secrets
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

_ROLES = ("manager", "lead", "quality", "council", "chair", "sponsor", "counsel", "auditor", "admin")
_KEY_LENGTH, _KEY_VARIETY = 50, 5

_SQLITE_OPTIONS = {
    # A read followed by a write must take the write lock at once: SQLite refuses the upgrade otherwise.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA foreign_keys=ON;"
    ),
}
_KEPT_OPEN = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}


def data_dir() -> Path:
    """Return the folder of everything that must survive, made if it is missing."""
    folder = Path(env.str("GOLDSEAM_DATA_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def logo() -> Path | None:
    """Return the picture customers see beside the company's name, None for ours. Raises ImproperlyConfigured."""
    given = env.str("GOLDSEAM_LOGO", default="").strip()
    if not given:
        return None
    path = Path(given).expanduser().resolve()
    if path.suffix.lower() not in LOGO_TYPES or not path.is_file():
        known = ", ".join(LOGO_TYPES)
        raise ImproperlyConfigured(f"GOLDSEAM_LOGO must be the path of a picture ({known}), not {given!r}.")
    return path


def debug(public_url: str) -> bool:
    """Return whether errors are shown with their details. Raises ImproperlyConfigured where customers come."""
    wanted = env.bool("DEBUG", default=False)
    if wanted and public_url.startswith("https://"):
        raise ImproperlyConfigured(
            "DEBUG shows the inside of every error, and PUBLIC_URL says that people come here by https. "
            "Leave DEBUG out, or set PUBLIC_URL to an http:// address of your own machine."
        )
    return wanted


def secret_key(folder: Path, *, production: bool) -> str:
    """Return SECRET_KEY; outside production it is made once and kept in `folder`.

    Raises ImproperlyConfigured in production where it is missing, since a key made up at start would differ in each
    program, and where it could be guessed.
    """
    given = env.str("SECRET_KEY", default="")
    if given and production and (len(given) < _KEY_LENGTH or len(set(given)) < _KEY_VARIETY):
        raise ImproperlyConfigured(
            f"SECRET_KEY is too easy to guess: it has {len(given)} characters, {len(set(given))} of them different. "
            "Sessions, customers' links and second factors hang on it: set it to 50 or more random characters."
        )
    if given:
        return given
    if production:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. With DATABASE_URL set it must come from the environment: set it to 50 "
            "or more random characters, the same for the web, worker and beat programs."
        )
    return _kept_key(folder / "secret_key")


def _kept_key(path: Path) -> str:
    """Read the key kept in `path`, or make it; two programs starting at once end up with one key."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key


def pass_key(secret: str) -> bytes:
    """Return the key customer links are made with: GOLDSEAM_PASS_KEY, or one derived from SECRET_KEY."""
    given = env.str("GOLDSEAM_PASS_KEY", default="")
    if given:
        return given.encode()
    return hmac.new(secret.encode(), b"goldseam customer links", hashlib.sha256).digest()


def databases(folder: Path) -> dict:
    """Return DATABASES: PostgreSQL by DATABASE_URL, and its copy; else SQLite in `folder` as it stands many writers."""
    test = {"NAME": env.str("GOLDSEAM_TEST_DB", default=str(folder / "test.sqlite3"))}
    if not env.str("DATABASE_URL", default=""):
        if env.str("DATABASE_REPLICA_URL", default=""):
            raise ImproperlyConfigured("DATABASE_REPLICA_URL names a copy of nothing: set DATABASE_URL too.")
        name = str(folder / "goldseam.sqlite3")
        engine = "django.db.backends.sqlite3"
        return {"default": {"ENGINE": engine, "NAME": name, "OPTIONS": _SQLITE_OPTIONS, "TEST": test}}
    found = env.db_url("DATABASE_URL")
    if "sqlite" in found["ENGINE"]:
        return {"default": {**found, "OPTIONS": _SQLITE_OPTIONS, "TEST": test}}
    return {"default": _tuned(found), **_replica()}


def _replica() -> dict:
    """Return the copy that figures are read from by DATABASE_REPLICA_URL; nothing where there is none."""
    if not env.str("DATABASE_REPLICA_URL", default=""):
        return {}
    return {"replica": {**_tuned(env.db_url("DATABASE_REPLICA_URL")), "TEST": {"MIRROR": "default"}}}


def _tuned(found: dict) -> dict:
    """Return a PostgreSQL connection that is kept open, and whose statements are never compiled before they run.

    Compiling takes a second where the planner takes a page for costly, and pages read too few rows to win it back.
    """
    options = found.get("OPTIONS", {})
    told = f"{options.get('options', '')} -c jit=off".strip()
    return {**found, **_KEPT_OPEN, "OPTIONS": {**options, "options": told}}


def mail_out() -> dict:
    """Return how letters leave as EMAIL_BACKEND_KIND: "provider" by EMAIL_PROVIDER, "smtp" by EMAIL_URL, else "files".

    A provider's keys come from variables beginning ANYMAIL_, such as ANYMAIL_POSTMARK_SERVER_TOKEN.
    """
    nowhere = {"EMAIL_HOST": "localhost", "EMAIL_PORT": 25}
    if provider := env.str("EMAIL_PROVIDER", default="").strip().lower():
        return {"EMAIL_BACKEND_KIND": "provider", "EMAIL_PROVIDER": _known_provider(provider), **nowhere}
    if not env.str("EMAIL_URL", default=""):
        return {"EMAIL_BACKEND_KIND": "files", **nowhere}
    found = env.email_url("EMAIL_URL")
    if not found["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        raise ImproperlyConfigured(
            "EMAIL_URL must begin with smtp://, smtp+tls:// or smtp+ssl://, such as "
            "smtp+tls://name:password@mail.example.com:587. Leave it out to have letters written as files."
        )
    names = (
        "EMAIL_HOST",
        "EMAIL_PORT",
        "EMAIL_HOST_USER",
        "EMAIL_HOST_PASSWORD",
        "EMAIL_USE_TLS",
        "EMAIL_USE_SSL",
    )
    port = found["EMAIL_PORT"] or 25
    given = {name: found[name] for name in names if found.get(name) is not None}
    return {"EMAIL_BACKEND_KIND": "smtp", **given, "EMAIL_PORT": port}


def _known_provider(name: str) -> str:
    if not name.isidentifier() or find_spec(f"anymail.backends.{name}") is None:
        raise ImproperlyConfigured(
            f"EMAIL_PROVIDER names no provider that django-anymail knows: {name!r}. Write it like postmark, mailgun "
            "or amazon_ses, or leave it out and set EMAIL_URL to your mail server."
        )
    return name


def inbound_provider() -> str:
    """Return whose webhooks bring messages, by INBOUND_PROVIDER or else EMAIL_PROVIDER; "" for nobody's."""
    name = env.str("INBOUND_PROVIDER", default=env.str("EMAIL_PROVIDER", default="")).strip().lower()
    return _known_provider(name) if name else ""


def trusted_mail_servers() -> list[str]:
    """Return the names our own mail servers sign Authentication-Results with, by GOLDSEAM_TRUSTED_MAIL_SERVERS."""
    names = env.list("GOLDSEAM_TRUSTED_MAIL_SERVERS", default=[])
    return [name.strip().lower() for name in names if name.strip()]


def provider_keys() -> dict[str, str]:
    """Return what django-anymail is told: every variable that begins ANYMAIL_, without that beginning."""
    mark = "ANYMAIL_"
    return {name.removeprefix(mark): value for name, value in os.environ.items() if name.startswith(mark)}


def survey_delay() -> timedelta | None:
    """Return how long a survey waits after the confirmation, or None where the policy says it."""
    minutes = env.str("GOLDSEAM_SURVEY_DELAY_MINUTES", default="").strip()
    if not minutes:
        return None
    try:
        return timedelta(minutes=float(minutes))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"GOLDSEAM_SURVEY_DELAY_MINUTES must be a number of minutes, not {minutes!r}."
        ) from error


def second_factor_roles(*, production: bool) -> list[str]:
    """Return the roles that must use a second factor. Raises ImproperlyConfigured for a role there is not."""
    wanted = [role.strip() for role in env.list("GOLDSEAM_SECOND_FACTOR", default=["admin"] if production else [])]
    if unknown := [role for role in wanted if role not in _ROLES]:
        raise ImproperlyConfigured(
            f"GOLDSEAM_SECOND_FACTOR names {', '.join(unknown)}. Roles are: {', '.join(_ROLES)}."
        )
    return wanted


def company_sign_in() -> dict:
    """Return the company's own sign-in (OpenID Connect) as allauth takes it, or nothing where OIDC_URL is not set."""
    server = env.str("OIDC_URL", default="")
    if not server:
        return {}
    client, secret = (env.str(name, default="") for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"))
    if not (client and secret):
        raise ImproperlyConfigured("OIDC_URL is set: OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set beside it.")
    app = {
        "provider_id": "company",
        "name": env.str("OIDC_NAME", default="your company's account"),
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def company_sign_in_origin() -> list[str]:
    """Return where the sign-in form may lead beside ourselves: the browser checks it on the redirect too."""
    server = urlsplit(env.str("OIDC_URL", default=""))
    return [f"{server.scheme}://{server.netloc}"] if server.netloc else []
