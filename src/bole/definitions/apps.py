"""Registers the room with Django."""

from pathlib import Path

from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    """The definitions room."""

    name = "bole.definitions"
    label = "definitions"

    def ready(self) -> None:
        """Says where the catalogue is; nothing is read until it is asked for."""
        from django.conf import settings

        from bole.definitions import queries

        queries.configure(Path(settings.BOLE_CATALOGUE))
