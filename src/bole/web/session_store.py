"""Sessions in the database, as Django keeps them; only how one is read is written once (`bole.kernel.prepared`)."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from bole.kernel.prepared import Prepared


def _lasting(*, key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


_LASTING = Prepared(_lasting)


class SessionStore(DatabaseStore):
    """What SESSION_ENGINE names; everything but reading is Django's."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of Django."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        # By Django's clock, which wrote when it ends; what ends it before is asked in bole.web.sessions by ours.
        key = self.session_key or ""
        found = _LASTING(key=key, at=timezone.now()) if key and "\0" not in key else []  # PostgreSQL fails on a NUL
        if not found:
            self._session_key = None
            return None
        return found[0]
