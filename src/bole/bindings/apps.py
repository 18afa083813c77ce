"""Registers the room with Django and gives the names of the catalogue their functions."""

from django.apps import AppConfig


class BindingsConfig(AppConfig):
    """The bindings room."""

    name = "bole.bindings"
    label = "bindings"

    def ready(self) -> None:
        """Bind every effect."""
        from bole.bindings.effects import people
        from bole.review.actions import bind_effect

        bind_effect("people.offer_archive", people.offer_archive)
        bind_effect("people.verify_archive", people.verify_archive)
