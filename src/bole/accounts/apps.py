"""Registers the room with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts room."""

    name = "bole.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Take the identity providers from the settings; broken ones are none, and the start-up check says why."""
        from contextlib import suppress

        from django.conf import settings

        from bole.accounts.actions import federation

        with suppress(federation.BrokenProviders):
            federation.configure(federation.read_providers(settings.BOLE_IDENTITY_PROVIDERS))
