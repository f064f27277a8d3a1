"""The project's settings with what tests need otherwise: quick passwords, plain static files, no limits."""

import os

from recovery.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # A name of its own for each run: other runs may use the same server.
    DATABASES["default"]["TEST"] = {"NAME": f"test_goldseam_{os.getpid()}"}  # noqa: F405
