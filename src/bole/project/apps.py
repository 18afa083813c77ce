"""Registers the project with Django, last of all."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Start-up checks and the wiring of rooms that may not know each other."""

    name = "bole.project"
    label = "project"
