"""The WSGI application, for `bole serve` and for any other server. Does not come up unfit."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # as in command.py, for other servers
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.project.settings")
application = get_wsgi_application()

from bole.project.startup import StartRefused, refuse_unless_fit  # noqa: E402  # reads tables: after set-up only

try:
    refuse_unless_fit()
except StartRefused as _refusal:
    sys.exit(str(_refusal))
