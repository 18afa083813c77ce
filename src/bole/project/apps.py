"""Registers the project with Django, last of all."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Start-up checks and the wiring of rooms that may not know each other."""

    name = "bole.project"
    label = "project"

    def ready(self) -> None:
        """Register the checks of the settings; wire what rooms may not fetch."""
        from bole.project import checks, wiring  # noqa: F401  # checks register on import

        wiring.allow_fixed_codes()
        wiring.allow_time_travel()
