"""Registers the room with Django."""

from django.apps import AppConfig


class TitlesConfig(AppConfig):
    """The titles room."""

    name = "bole.titles"
    label = "titles"
