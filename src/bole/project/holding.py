"""Holding back outgoing messages: after a restore nothing may be sent a second time."""

from pathlib import Path

from django.conf import settings

from bole.notices.tasks import deliver_pending


def _mark() -> Path:
    return Path(settings.BOLE_VAR) / "messages-held"


def hold() -> None:
    """Send nothing until `release`."""
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()


def release() -> None:
    """Send again from now on."""
    _mark().unlink(missing_ok=True)


def is_held() -> bool:
    """Whether messages wait."""
    return _mark().exists()


def deliver_unless_held() -> None:
    """The background job: deliver what is due, unless messages are held."""
    if not is_held():
        deliver_pending()
