"""Settings under which the tests run: throw-away keys and files, quick hashing, everything else as in production.

SQLite in memory unless BOLE_DATABASE_URL names a PostgreSQL; the test runner makes a database of its own there.
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
):
    os.environ.pop(_name, None)  # the developer's own installation is not what is tested

from bole.project.settings import *  # noqa: E402, F403  # settings modules extend each other by star
from bole.project.settings import ALLOWED_HOSTS, LOGGING, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir(parents=True)
BOLE_TIME_TRAVEL = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING = {**LOGGING, "root": {"handlers": [], "level": "INFO"}}
