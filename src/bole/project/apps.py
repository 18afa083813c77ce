"""Registers the project with Django, last of all."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Start-up checks and the wiring of rooms that may not know each other."""

    name = "bole.project"
    label = "project"

    def ready(self) -> None:
        """Register the checks of the settings."""
        from bole.project import checks  # noqa: F401  # registers on import; the settings are ready only now
