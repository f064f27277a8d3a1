"""Settings for every way of running; what differs comes from the environment (README.md lists it)."""

from urllib.parse import urlsplit

from recovery import env as given
from recovery.env import BASE_DIR, env
from recovery.logs import logging_for

DATA_DIR = given.data_dir()
PRODUCTION = bool(env.str("DATABASE_URL", default=""))
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
DEBUG = given.debug(PUBLIC_URL)
SECRET_KEY = given.secret_key(DATA_DIR, production=PRODUCTION and not DEBUG)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", urlsplit(PUBLIC_URL).hostname or "localhost"]
ALLOWED_HOSTS += env.list("ALLOWED_HOSTS", default=[])

# The installation
COMPANY_NAME = env.str("GOLDSEAM_COMPANY", default="Alder Castings")
LOGO = given.logo()
HOME_CURRENCY = env.str("GOLDSEAM_HOME_CURRENCY", default="CHF")
HOME_ZONE = env.str("GOLDSEAM_HOME_ZONE", default="Europe/Zurich")
DEMONSTRATION = env.bool("GOLDSEAM_DEMONSTRATION", default=False)
DEMO_PASSWORD = env.str("GOLDSEAM_DEMO_PASSWORD", default="golden-seam-2041")
PASS_KEY = given.pass_key(SECRET_KEY)
SURVEY_DELAY = given.survey_delay()
REPORT_PAGE = env.bool("GOLDSEAM_REPORT_PAGE", default=DEMONSTRATION)
# Private networks whose addresses webhooks may be sent to all the same, such as 10.1.0.0/16
WEBHOOK_NETWORKS = env.list("GOLDSEAM_WEBHOOK_NETWORKS", default=[])
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

INSTALLED_APPS = [
    "recovery",
    "council",
    "surveys",
    "cases",
    "mail",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "recovery.middleware.permissions_policy",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Every page asks for a sign-in unless its view says @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.readers_zone",
    "accounts.middleware.second_factor_first",
    "recovery.middleware.private_pages",
    "recovery.middleware.forms_only",
]

ROOT_URLCONF = "recovery.urls"
WSGI_APPLICATION = "recovery.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mail.context.bell",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("house",)
CRISPY_TEMPLATE_PACK = "house"

# Data
DATABASES = given.databases(DATA_DIR)
DATABASE_ROUTERS = ["council.figures.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
_LOCAL_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "goldseam"}
_SHARED_CACHE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": "goldseam",
    "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
}
CACHES = {"default": _SHARED_CACHE if REDIS_URL else _LOCAL_CACHE}

# The queue. In memory it lives and dies with one process: every job is a row first, and sweeps find it again.
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_timeout": 30, "socket_connect_timeout": 5, "socket_keepalive": True}
    if REDIS_URL
    else {"polling_interval": 0.05}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# Letters go through the outbox; only its delivery speaks SMTP.
globals().update(given.mail_out())
ANYMAIL = given.provider_keys()
# Whose webhooks are taken, with ANYMAIL_WEBHOOK_SECRET ("name:password") as their key.
INBOUND_PROVIDER = given.inbound_provider()
EMAIL_BACKEND = "mail.backend.OutboxBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("GOLDSEAM_MAIL_FROM", default=f"{COMPANY_NAME} <care@demo.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# An address of its own for each letter to come back to (mail.return_paths).
RETURN_PATHS = env.bool("GOLDSEAM_RETURN_PATHS", default=False)
# Whose word on who wrote a message counts (mail.inbound.proof): servers of ours, as they name themselves.
TRUSTED_MAIL_SERVERS = given.trusted_mail_servers()

# Files of ours
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"

# A text of this size is still refused at its field and kept; beyond it the page says so (recovery.views.unreadable).
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Sign-in
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail addresses are unique without regard to case, by a constraint
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapters.StaffDoor"
ACCOUNT_FORMS = {"login": "accounts.sign_in_forms.DoorForm", "reset_password": "accounts.sign_in_forms.ForgottenForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.adapters.shown_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # One machine is stopped well before the account is: guessing from one place locks nobody else out.
    "login_failed": "10/m/ip,15/10m/ip,50/10m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "accounts.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered by an administrator, never by a stranger
MFA_TOTP_ISSUER = "Goldseam"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_URL.startswith("http://")
SECOND_FACTOR_ROLES = given.second_factor_roles(production=PRODUCTION)
OIDC_SECOND_FACTOR = env.bool("OIDC_SECOND_FACTOR", default=False)
SOCIALACCOUNT_ADAPTER = "accounts.adapters.CompanyDoor"
SOCIALACCOUNT_PROVIDERS = given.company_sign_in()

# The API: JSON for programs, by personal tokens; no page of the framework is served
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.asking.Bearer"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.asking.MayAsk"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.asking.Asking", "accounts.api.asking.Writing"],
    "DEFAULT_THROTTLE_RATES": {"asking": "600/m", "writing": "60/m"},
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "accounts.api.described.Described",
    "EXCEPTION_HANDLER": "accounts.api.answers.worded",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Goldseam",
    "DESCRIPTION": "Cases of customer recovery, for programs. See docs/api.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_PATCH": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": [],  # a list of codes stands where it is used
}

# Security: PUBLIC_URL says whether people come by https
_HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "goldseam"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if _HTTPS else 0)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *given.company_sign_in_origin()],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Language and time: stored in UTC, shown in the reader's zone
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
LANGUAGE_COOKIE_NAME = "goldseam_language"  # customers' pages only; colleagues work in English
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = logging_for(machine_readable=PRODUCTION)
