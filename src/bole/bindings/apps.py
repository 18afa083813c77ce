"""Registers the room with Django and gives the names of the catalogue their functions."""

from django.apps import AppConfig


class BindingsConfig(AppConfig):
    """The bindings room."""

    name = "bole.bindings"
    label = "bindings"

    def ready(self) -> None:
        """Bind every effect, and hear what people announce."""
        from bole.bindings import tasks
        from bole.bindings.effects import people
        from bole.kernel.events import listen
        from bole.people.events import PersonTied, RegistrationHeld, RegistrationRepeated
        from bole.review.actions import bind_effect

        listen(RegistrationRepeated, tasks.tell_registration_repeated)
        listen(RegistrationHeld, tasks.tell_registration_held)
        listen(PersonTied, tasks.tell_person_tied)
        bind_effect("people.offer_archive", people.offer_archive)
        bind_effect("people.verify_archive", people.verify_archive)
