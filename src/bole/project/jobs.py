"""The background work of all rooms. Each job is one call of a room's public face."""

from django.contrib.sessions.backends.db import SessionStore

from bole.accounts.actions import clear_expired
from bole.audit.actions import seal_pending
from bole.documents.actions import sweep
from bole.project.holding import deliver_unless_held
from bole.project.working import Job

JOBS = (
    Job("audit.seal", 5, seal_pending),
    Job("notices.deliver", 2, deliver_unless_held),
    Job("accounts.clear", 3600, clear_expired),
    Job("documents.sweep", 3600, sweep),
    Job("sessions.clear", 3600, SessionStore.clear_expired),
)
