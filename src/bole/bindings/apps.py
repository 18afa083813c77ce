"""Registers the room with Django and gives the names of the catalogue their functions."""

from django.apps import AppConfig


class BindingsConfig(AppConfig):
    """The bindings room."""

    name = "bole.bindings"
    label = "bindings"

    def ready(self) -> None:
        """Bind every effect and look-up, and hear what people announce."""
        from bole.bindings import events, tasks
        from bole.bindings.effects import EFFECTS
        from bole.bindings.lookups import LOOKUPS
        from bole.bindings.titles import CATALOGUES
        from bole.definitions.actions import bind_governed, bind_lookup
        from bole.kernel.events import listen
        from bole.organizations.events import UnitClosed
        from bole.people import events as people
        from bole.review.actions import bind_effect

        listen(people.RegistrationRepeated, tasks.tell_registration_repeated)
        listen(people.RegistrationHeld, tasks.tell_registration_held)
        listen(people.PersonTied, tasks.tell_person_tied)
        listen(people.PersonAdmitted, tasks.tell_person_admitted)
        listen(people.RegistrationRefused, tasks.tell_registration_refused)
        listen(people.PersonInvited, tasks.tell_person_invited)
        listen(people.InvitationRepeated, tasks.tell_invitation_repeated)
        listen(people.PersonTransferred, tasks.tell_person_transferred)
        listen(people.UnitRegistered, tasks.tell_unit_registered)
        listen(events.AttachmentFailed, tasks.tell_attachment_failed)
        listen(UnitClosed, tasks.tell_people_of_closed_unit)
        for name, effect in EFFECTS.items():
            bind_effect(name, effect)
        for name, lookup in LOOKUPS.items():
            bind_lookup(name, lookup)
        for name, catalogue in CATALOGUES.items():
            bind_governed(name, catalogue)
