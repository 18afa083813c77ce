"""Settings under which the tests run: throw-away keys and files, quick hashing, everything else as in production.

SQLite in a throw-away file, unless BOLE_DATABASE_URL names a PostgreSQL; the test runner makes its own database there.
"""

import os
import tempfile

os.environ["BOLE_VAR"] = tempfile.mkdtemp(prefix="bole-test-")
for _name in (
    "BOLE_SECRET_FILE",
    "BOLE_SQLITE",
    "BOLE_HOSTS",
    "BOLE_BIND",
    "BOLE_HTTPS",
    "BOLE_PROXY",
    "BOLE_TEST_MODE",
    "BOLE_IDENTITY_PROVIDERS",
):
    os.environ.pop(_name, None)  # the developer's own installation is not what is tested

from bole.project.settings import *  # noqa: E402, F403  # settings modules extend each other by star
from bole.project.settings import ALLOWED_HOSTS, BOLE_VAR, DATABASES, LOGGING, STATIC_ROOT, STORAGES  # noqa: E402  # the environment is set before settings are read

STATIC_ROOT.mkdir(parents=True)
# A file, so that every thread of a live server has a connection and real locks as in production: one in memory is
# shared by all threads, and what two requests do at once fails or mixes.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(BOLE_VAR / "test.sqlite3")}
BOLE_TIME_TRAVEL = True
BOLE_OPERATOR_SECOND_FACTOR = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING = {**LOGGING, "root": {"handlers": [], "level": "INFO"}}
