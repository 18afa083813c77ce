"""Registers the room with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit room."""

    name = "bole.audit"
    label = "audit"
