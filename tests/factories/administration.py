"""Who manages accounts in tests: administrators of the county and of the school, an operator, a unit account."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client

from bole.accounts.models import Account
from bole.kernel.actors import Actor, Way
from bole.organizations import actions
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from tests.factories.browsers import as_administrator, as_unit_account, at_unit
from tests.factories.organizations import (
    SETUP,
    SITE,
    Cast,
    Ground,
    as_person,
    give_role,
    make_account,
    make_cast,
    make_ground,
)
from tests.factories.stages import staged


@dataclass(frozen=True)
class Managers:
    """The ground with its cast, and administrators of the region, the county and the school, each with a browser."""

    ground: Ground
    cast: Cast
    head: Account
    keeper: Account
    bursar: Account

    @property
    def region(self) -> Client:
        return as_administrator(self.head, self.ground.province)

    @property
    def county(self) -> Client:
        return as_administrator(self.keeper, self.ground.xingqing)

    @property
    def school(self) -> Client:
        return as_administrator(self.bursar, self.ground.school)

    @property
    def operator(self) -> Client:
        """An operator of the county, who may look."""
        return at_unit(self.cast.chen, self.ground.xingqing)


@staged
def make_managers() -> Managers:
    """Everybody in place."""
    ground = make_ground()
    cast = make_cast(ground)
    head = make_account("厅管理员", "640104199001010077")
    keeper = make_account("区管理员", "640104199001010018")
    bursar = make_account("校管理员", "640104199001010069")
    give_role(ground.province, Role.ADMINISTRATOR, head)
    give_role(ground.xingqing, Role.ADMINISTRATOR, keeper)
    give_role(ground.school, Role.ADMINISTRATOR, bursar)
    return Managers(ground, cast, head, keeper, bursar)


def manage(account: Account, unit: Unit) -> Actor:
    """The account as the unit's administrator."""
    return Actor(way=Way.ADMINISTRATOR, account=account.pk, name=account.name, unit=unit.pk, site=SITE)


def unit_account(unit: Unit, password: str = "wan-Li-chang-Cheng-7") -> tuple[Account, Client]:
    """The unit's own account, with its browser."""
    made = actions.open_unit_account(unit=unit.pk, holder_name="持有人", phone="13800000001", by=SETUP)
    account = made.account
    account.set_password(password)
    account.is_active = True
    account.save()
    return account, as_unit_account(account, unit)


def accept(account: Account, unit: Unit) -> Appointment:
    """The account takes on what the unit offers it."""
    offer = Appointment.objects.waiting().get(unit=unit)
    return actions.accept_appointment(appointment=offer.pk, by=as_person(account))


def page(response: Any) -> str:
    """What a page says."""
    return unescape(response.content.decode())
