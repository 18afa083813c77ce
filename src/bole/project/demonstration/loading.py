"""Loads the parts of the demonstration in order, inside one transaction."""

from collections.abc import Callable, Sequence

from django.db import transaction

from bole.project.demonstration.accounts import DemoAccount

# Each part makes its rows through actions and returns how many things it made. Later parts may rely on earlier ones.
PARTS: Sequence[Callable[[], int]] = ()
# Each source lists log-ins without touching the database: they are computed the same way as they are loaded.
SOURCES: Sequence[Callable[[], Sequence[DemoAccount]]] = ()


def load() -> int:
    """Load everything or nothing; the number of things made."""
    with transaction.atomic():
        return sum(part() for part in PARTS)


def accounts() -> list[DemoAccount]:
    """Every demo log-in."""
    return [account for source in SOURCES for account in source()]
