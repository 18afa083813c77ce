"""The other portals: an authority, somebody who keeps its portal and its units, and a person of a unit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.organizations import actions as organizations
from bole.organizations import queries
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.portal import actions as portal
from bole.project.demo_data import portals, texts
from bole.project.demo_data.numbers import credit_code, identity_number, phone
from bole.project.demo_data.papers import handbook
from bole.project.demo_data.stage import SETUP, Stage


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One other portal's people. `prefix` is a city code whose …90 was never given to any place."""

    site: str
    region: str
    prefix: str
    unit: str
    operator: str
    person: str
    serial: int

    @property
    def operator_number(self) -> str:
        """The operator's identity number."""
        return identity_number(self.prefix, date(1979, 3, 3 + self.serial), self.serial, man=True)

    @property
    def operator_phone(self) -> str:
        """The operator's phone."""
        return phone(8800 + self.serial)

    @property
    def person_phone(self) -> str:
        """The person's phone."""
        return phone(8900 + self.serial)

    @property
    def person_number(self) -> str:
        """The person's identity number."""
        return identity_number(self.prefix, date(1983, 9, 3 + self.serial), self.serial + 50, man=False)


_BEGAN = timedelta(days=64)

ALL = (
    Elsewhere("shenzhen", "440300", "440300", "深圳前湾智能装备有限公司", "何启元", "梁书瑶", 1),
    Elsewhere("jilin", "220000", "220100", "吉林松原湖医院", "崔浩然", "金映雪", 2),
    Elsewhere("guizhou", "520000", "520100", "贵州乌江源水利设计院", "罗景行", "石云舒", 3),
    Elsewhere("henan", "410000", "410100", "河南嵩洛农业科学研究所", "郭守正", "申清禾", 4),
)


def load(stage: Stage, now: datetime) -> int:
    """Make the four; returns how many things were made."""
    with clock.travel(now - _BEGAN):
        return sum(_load(stage, each, now) for each in ALL)


def _load(stage: Stage, each: Elsewhere, now: datetime) -> int:
    site = queries.site(each.site)
    authority = organizations.create_unit(
        site=each.site, kind=UnitKind.AUTHORITY, name=site.authority, region=each.region,
        credit_code=credit_code("11", each.region, 9000 + each.serial), by=SETUP,
    )  # fmt: skip
    unit = organizations.create_unit(
        site=each.site, kind=UnitKind.UNIT, name=each.unit, region=each.region, parent=authority.pk,
        credit_code=credit_code("91", each.region, 9100 + each.serial), by=SETUP,
    )  # fmt: skip
    operator = _enter(stage, each, each.operator_number, each.operator, each.operator_phone, None)
    _enter(stage, each, each.person_number, each.person, each.person_phone, unit.pk)
    assert operator.account_id is not None  # noqa: S101  # it was just opened
    for role in (Role.AUTHORIZER, Role.EDITOR):
        organizations.install_holder(unit=authority.pk, role=role, account=operator.account_id, by=SETUP)
    by = Actor(way=Way.UNIT, account=operator.account_id, name=operator.name, unit=authority.pk, site=each.site)
    made = portals.publish(each.site, texts.elsewhere(site.authority, site.name), now, by)
    title = f"{site.name}{site.manual}"
    portal.add_download(
        site=each.site, title=title, data=handbook(site.manual, "", site.authority, texts.BEGINNING),
        name=f"{title}.pdf", manual=True, by=by,
    )  # fmt: skip
    return made + 7


def _enter(stage: Stage, each: Elsewhere, number: str, name: str, mobile: str, unit: UUID | None) -> Person:
    row = people.install_person(
        site=each.site, kind="resident", number=number, name=name, phone=mobile, password=stage.password,
        ethnic_group="01", unit=unit, by=SETUP,
    )  # fmt: skip
    stage.persons[number] = row
    return row
