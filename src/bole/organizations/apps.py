"""Registers the room with Django."""

from pathlib import Path

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """The organizations room."""

    name = "bole.organizations"
    label = "organizations"

    def ready(self) -> None:
        """Reads the portals; a broken sites.yaml stops the start."""
        from django.conf import settings

        from bole.organizations import portals

        portals.load_sites(Path(settings.BOLE_CATALOGUE) / "sites.yaml")
