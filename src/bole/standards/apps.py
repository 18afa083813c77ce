"""Registers the room with Django."""

from pathlib import Path

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """The standards room."""

    name = "bole.standards"
    label = "standards"

    def ready(self) -> None:
        """Says where the catalogue is; nothing is read until it is asked for."""
        from django.conf import settings

        from bole.standards import queries

        queries.configure(Path(settings.BOLE_CATALOGUE))
