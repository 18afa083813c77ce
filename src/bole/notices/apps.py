"""Registers the room with Django."""

from pathlib import Path

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The notices room."""

    name = "bole.notices"
    label = "notices"

    def ready(self) -> None:
        """Take the connectors from the settings and listen to the rooms below.

        Everything goes to the file BOLE_OUTBOX; with BOLE_MAIL = "smtp" mail goes to the EMAIL_* server instead.
        """
        from django.conf import settings

        from bole.accounts import events
        from bole.kernel.events import listen
        from bole.notices import actions, connectors, tasks
        from bole.notices.terms import Channel, Route
        from bole.organizations.events import (
            AppointmentAccepted,
            AppointmentEnded,
            AppointmentGranted,
            AppointmentOffered,
            UnitAttached,
        )

        outbox = Route(connectors.FileOutbox(Path(settings.BOLE_OUTBOX)), at_once=True)
        smtp = Route(connectors.Smtp(), at_once=False)
        mail = smtp if getattr(settings, "BOLE_MAIL", "file") == "smtp" else outbox
        actions.configure({Channel.SMS: outbox, Channel.MAIL: mail})
        listen(events.CodeIssued, tasks.send_code)
        listen(events.CodeWithheld, tasks.spend_time)
        listen(events.PasswordChanged, tasks.tell_password_changed)
        listen(events.PhoneChanged, tasks.tell_phone_changed)
        listen(events.FactorChanged, tasks.tell_factor_changed)
        listen(events.IdentityLinked, tasks.tell_identity_linked)
        listen(events.IdentityUnlinked, tasks.tell_identity_unlinked)
        listen(events.ResetStarted, tasks.tell_reset_started)
        listen(events.AccountActivated, tasks.tell_activated)
        listen(events.LogInLocked, tasks.tell_log_in_locked)
        listen(AppointmentOffered, tasks.tell_offer)
        listen(AppointmentEnded, tasks.tell_role_ended)
        listen(AppointmentGranted, tasks.tell_granted)
        listen(AppointmentAccepted, tasks.tell_accepted)
        listen(UnitAttached, tasks.tell_attached)
