"""Registers the room with Django."""

from django.apps import AppConfig


class BindingsConfig(AppConfig):
    """The bindings room."""

    name = "bole.bindings"
    label = "bindings"
