"""The project's settings with what tests need otherwise: quick passwords, plain static files, no limits."""

import os

# Runs side by side (pytest -n) get a queue and a data folder of their own; a worker process they start inherits both.
_SIDE = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
if _SIDE and not os.environ.get("GOLDSEAM_TEST_SIDE"):
    os.environ["GOLDSEAM_TEST_SIDE"] = _SIDE
    if "REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{int(_SIDE) + 1}"
    if "GOLDSEAM_DATA_DIR" in os.environ:
        os.environ["GOLDSEAM_DATA_DIR"] += f"-{_SIDE}"

from recovery.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"asking": None, "writing": None}  # noqa: F405
SECOND_FACTOR_ROLES = []
# A database of its own for each run: another run may be under way beside this one.
_RUN = os.getpid()
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"test_goldseam_{_RUN}"}  # noqa: F405
elif "GOLDSEAM_TEST_DB" not in os.environ:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / f"test-{_RUN}.sqlite3")}  # noqa: F405
