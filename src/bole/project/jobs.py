"""The background work of all rooms. Each job is one call of a room's public face."""

from django.contrib.sessions.backends.db import SessionStore

from bole.audit.actions import seal_pending
from bole.project.holding import deliver_unless_held
from bole.project.working import Job

JOBS = (
    Job("audit.seal", 5, seal_pending),
    Job("notices.deliver", 2, deliver_unless_held),
    Job("sessions.clear", 3600, SessionStore.clear_expired),
)
