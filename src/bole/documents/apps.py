"""Registers the room with Django."""

from pathlib import Path

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The documents room; takes its places from the settings."""

    name = "bole.documents"
    label = "documents"

    def ready(self) -> None:
        from django.conf import settings

        from bole.documents import derived, pdf, storage

        storage.configure(storage.LocalStorage(Path(settings.BOLE_FILES)))
        derived.configure(Path(settings.BOLE_DERIVED))
        pdf.configure(Path(settings.BOLE_CATALOGUE), [Path(p) for p in getattr(settings, "BOLE_FONT_PATHS", [])])
