"""Hands to rooms what they may not fetch themselves."""

from pathlib import Path

from django.conf import settings

from bole.accounts import actions as accounts
from bole.definitions.terms import Known
from bole.kernel import clock
from bole.organizations.terms import Role
from bole.review.actions import bound_effects
from bole.standards.queries import table_codes


def known_names() -> Known:
    """The names that definitions may refer to, as this installation knows them."""
    catalogue = Path(settings.BOLE_CATALOGUE)
    templates = {f"{path.parent.parent.name}/{path.stem}" for path in catalogue.glob("*/print/*.typ")}
    return Known(
        tables=frozenset(table_codes()),
        effects=bound_effects(),
        roles=frozenset(role.value for role in Role),
        templates=frozenset(templates),
    )


def allow_fixed_codes() -> None:
    """Let the accounts room accept the fixed captcha and code, where the demo settings say so (C56)."""
    if settings.BOLE_TEST_MODE:
        accounts.configure(**settings.BOLE_FIXED_CODES)


def allow_time_travel() -> None:
    """Let the demo loader and tests act in the past; refused under any other settings."""
    if settings.BOLE_TIME_TRAVEL:
        clock.allow_travel()
