"""Registers the room with Django."""

from pathlib import Path

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room."""

    name = "bole.audit"
    label = "audit"

    def ready(self) -> None:
        """Tell the room where checkpoints are kept outside the database."""
        from django.conf import settings

        from bole.audit import actions

        actions.configure(checkpoints=Path(settings.BOLE_VAR) / "audit" / "checkpoints.jsonl")
