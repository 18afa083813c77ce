"""Grounds of the other sites: an authority with one employer and its administrator, for each site's habits."""

from dataclasses import dataclass

from django.test import TestCase

from bole.accounts.models import Account
from bole.kernel import events
from bole.kernel.actors import Actor, Way
from bole.organizations import actions
from bole.organizations.models import Unit
from bole.organizations.queries import site as site_of
from bole.organizations.terms import Role, UnitKind
from bole.people.events import PersonInvited
from tests.factories.organizations import NUMBERS, SETUP, make_account

invited: list[PersonInvited] = []
events.listen(PersonInvited, invited.append)


@dataclass(frozen=True)
class Employer:
    """A unit of a site below the site's own authority, its administrator and another unit."""

    site: str
    authority: Unit
    unit: Unit
    other: Unit
    administrator: Account

    @property
    def by(self) -> Actor:
        """The administrator acting for the unit."""
        return as_administrator(self.administrator, self.unit)


def make_employer(site: str) -> Employer:
    """Authority, two units, and 周敏 as administrator of the first."""
    region = site_of(site).region
    authority = _unit(site, "人力资源和社会保障厅", region, None, UnitKind.AUTHORITY)
    unit, other = _unit(site, "第一设计院", region, authority), _unit(site, "第二设计院", region, authority)
    administrator = make_account("周敏")
    actions.install_holder(unit=unit.pk, role=Role.ADMINISTRATOR, account=administrator.pk, by=SETUP)
    return Employer(site, authority, unit, other, administrator)


def _unit(site: str, name: str, region: str, parent: Unit | None, kind: UnitKind = UnitKind.UNIT) -> Unit:
    return actions.create_unit(
        site=site, kind=kind, name=name, region=region, parent=parent.pk if parent else None, by=SETUP
    )


def as_administrator(account: Account, unit: Unit) -> Actor:
    """The account acting as the unit's administrator."""
    return Actor(Way.ADMINISTRATOR, account.pk, account.name, unit=unit.pk, site=unit.site)


def obtain_invitation(act: object) -> str:
    """The code that an invitation brings, by running the act that sends it."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        act()  # type: ignore[operator]  # whatever invites
    return invited[-1].code


LIN = NUMBERS["林致远"]
