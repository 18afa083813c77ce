"""Settings of a demonstration: known log-ins, invented people. `make run` uses them.

Only here can the fixed captcha and one-time code of BOLE_TEST_MODE=1 come into force, and start-up refuses
them unless the server is bound to loopback and the database is marked as a demonstration.
"""

from bole.project.settings import *  # noqa: F403  # settings modules extend each other by star
from bole.project.settings import BOLE_TEST_MODE_ASKED, LOGGING

DEMO = True
BOLE_TIME_TRAVEL = True
BOLE_OPERATOR_SECOND_FACTOR = False  # the log-ins of the demonstration are known; operators who set one up give it
BOLE_TEST_MODE = BOLE_TEST_MODE_ASKED
BOLE_FIXED_CODES = {"fixed_captcha": "0000", "fixed_code": "000000"}
LOGGING = {**LOGGING, "root": {"handlers": ["lines"], "level": "WARNING"}}
