"""Registers the room with Django."""

from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    """The definitions room."""

    name = "bole.definitions"
    label = "definitions"
