"""Settings of the benchmarks: throw-away keys and files as for tests, everything that costs time as in production.

So: compiled templates, hashed static files collected beforehand, a log line for each request (to nowhere).
"""

import os

from bench.database import address

os.environ["BOLE_DATABASE_URL"] = address()

from bole.project.testing import *  # noqa: F403  # settings modules extend each other by star
from bole.project.testing import LOGGING, STORAGES, TEMPLATES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "bole.web.storage.HashedFiles"}}
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
LOGGING = {
    **LOGGING,
    "handlers": {"lines": {"class": "logging.FileHandler", "filename": os.devnull, "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "INFO"},
}
ROOT_URLCONF = "bench.urls"
TEMPLATES = [{**TEMPLATES[0], "DIRS": [os.path.join(os.path.dirname(__file__), "templates")]}]
