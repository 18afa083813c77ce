"""The background work of all rooms. Each job is one call of a room's public face."""

from django.contrib.sessions.backends.db import SessionStore

from bole.accounts.actions import clear_expired
from bole.audit.actions import seal_pending
from bole.bindings.tasks import carry_out_due
from bole.documents.actions import sweep
from bole.organizations.actions import lapse_due
from bole.project.holding import deliver_unless_held
from bole.project.working import Job
from bole.review.actions import clear_exports
from bole.review.tasks import tell_released
from bole.web.tasks import take_imports, write_exports

JOBS = (
    Job("audit.seal", 5, seal_pending),
    Job("notices.deliver", 2, deliver_unless_held),
    Job("web.exports", 1, write_exports),
    Job("web.imports", 1, take_imports),
    Job("review.release", 15, tell_released),
    Job("bindings.attach", 300, carry_out_due),
    Job("organizations.lapse", 300, lapse_due),
    Job("review.exports", 3600, clear_exports),
    Job("accounts.clear", 3600, clear_expired),
    Job("documents.sweep", 3600, sweep),
    Job("sessions.clear", 3600, SessionStore.clear_expired),
)
