"""Settings under which the tests run: throw-away keys, quick hashing, everything else as in production."""

import os
import tempfile

os.environ.setdefault("BOLE_VAR", tempfile.mkdtemp(prefix="bole-test-"))

from bole.project.settings import *  # noqa: E402, F403  # settings modules extend each other by star

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
