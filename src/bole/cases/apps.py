"""Registers the room with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases room."""

    name = "bole.cases"
    label = "cases"
