"""Registers the room with Django."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """The organizations room."""

    name = "bole.organizations"
    label = "organizations"
