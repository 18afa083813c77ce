"""Hands to rooms what they may not fetch themselves."""

from pathlib import Path

from django.conf import settings

from bole.accounts import actions as accounts
from bole.definitions import queries as definitions
from bole.definitions.terms import Known
from bole.kernel import clock
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review.actions import bound_effects


def known_names() -> Known:
    """The names that definitions may refer to, as the code knows them; tables and templates lie in the catalogue."""
    return Known(
        effects=bound_effects(),
        roles=frozenset(role.value for role in Role),
        lookups=definitions.lookup_names(),
        sites=frozenset(site.code for site in organizations.sites()),
    )


def catalogue_faults() -> list[str]:
    """What stands against using the catalogue, each with its file and line; warnings do not."""
    problems = definitions.check_catalogue(Path(settings.BOLE_CATALOGUE), known_names())
    return [f"事项目录有错误：{problem}" for problem in problems if not problem.warning]


def allow_fixed_codes() -> None:
    """Let the accounts room accept the fixed captcha and code, where the demo settings say so (C56)."""
    if settings.BOLE_TEST_MODE:
        accounts.configure(**settings.BOLE_FIXED_CODES)


def allow_time_travel() -> None:
    """Let the demo loader and tests act in the past; refused under any other settings."""
    if settings.BOLE_TIME_TRAVEL:
        clock.allow_travel()
