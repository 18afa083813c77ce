"""Registers the room with Django."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """The standards room."""

    name = "bole.standards"
    label = "standards"
