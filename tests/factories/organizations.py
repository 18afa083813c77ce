"""The ground that tests stand on: Ningxia with two cities, their counties, a school, a hospital, and who works there.

Everything is made through the rooms' actions, so that a test never stands on a state nobody can reach.
"""

from dataclasses import dataclass, fields

from bole.accounts import actions as accounts
from bole.accounts.models import Account
from bole.kernel.actors import Actor, Way, system
from bole.organizations import actions
from bole.organizations.models import Appointment, Unit, UnitAccount
from bole.organizations.terms import Role, UnitKind
from bole.standards.queries.identity import check_character
from tests.factories.stages import staged

SITE = "ningxia"
SETUP = system("tests")
PASSWORD = "wan-Li-chang-Cheng-7"

# Synthetic numbers of the vectors in rules.md 5.1 (640104, 1990-01-01, one for each check character).
NUMBERS = {
    "林致远": "640104199001010050",
    "周敏": "640104199001010181",
    "陈国栋": "640104199001010042",
    "吴海燕": "640104199001010093",
    "孙晓": "640104199001010034",
    "马经办": "640104199001010085",
    "何经办": "640104199001010026",
}
SPARE_NUMBERS = ("640104199001010077", "640104199001010018", "640104199001010069", "64010419900101019X")
UNKNOWN_NUMBER = "11010519491231002X"

# Credit codes with a right check character; the inner code of the second and third is right as well.
SCHOOL_CODE = "126401004000004210"
HOSPITAL_CODE = "12640100400000376Y"
BUREAU_CODE = "1264010040000000XX"


@dataclass(frozen=True)
class Ground:
    """A province with two cities; each authority is the parent of the next, units hang under departments."""

    province: Unit
    yinchuan: Unit
    xingqing: Unit
    jinfeng: Unit
    shizuishan: Unit
    dawukou: Unit
    education: Unit
    school: Unit
    hospital: Unit
    institute: Unit


@dataclass(frozen=True)
class Cast:
    """Who acts. Lin applies; Zhou is the school's clerk; Chen reviews for the county, Wu for the province.

    Sun is a stranger from the hospital next door; Ma authorizes for the county, He for another city.
    """

    lin: Account
    zhou: Account
    chen: Account
    wu: Account
    sun: Account
    ma: Account
    he: Account


def make_unit(
    name: str, region: str, parent: Unit | None = None, kind: UnitKind = UnitKind.UNIT, code: str = ""
) -> Unit:
    """A unit, created by the installation."""
    return actions.create_unit(
        site=SITE,
        kind=kind,
        name=name,
        region=region,
        parent=parent.pk if parent else None,
        credit_code=code,
        by=SETUP,
    )


@staged
def make_ground() -> Ground:
    """Authorities of the region, two cities and three counties, a department, a school, a hospital, an institute."""
    authority = UnitKind.AUTHORITY
    province = make_unit("宁夏回族自治区人力资源和社会保障厅", "640000", kind=authority)
    yinchuan = make_unit("银川市人力资源和社会保障局", "640100", province, authority)
    xingqing = make_unit("银川市兴庆区人力资源和社会保障局", "640104", yinchuan, authority, BUREAU_CODE)
    jinfeng = make_unit("银川市金凤区人力资源和社会保障局", "640106", yinchuan, authority)
    shizuishan = make_unit("石嘴山市人力资源和社会保障局", "640200", province, authority)
    dawukou = make_unit("石嘴山市大武口区人力资源和社会保障局", "640202", shizuishan, authority)
    education = make_unit("兴庆区教育局", "640104", xingqing, UnitKind.DEPARTMENT)
    school = make_unit("兴庆区第一中学", "640104", education, code=SCHOOL_CODE)
    hospital = make_unit("兴庆区人民医院", "640104", xingqing, code=HOSPITAL_CODE)
    institute = make_unit("宁夏农林科学研究院", "640000", province)
    return Ground(province, yinchuan, xingqing, jinfeng, shizuishan, dawukou, education, school, hospital, institute)


def make_account(name: str, number: str = "", phone: str = "13800000000") -> Account:
    """A registered account whose log-in name is an identity number."""
    return accounts.create_account(login=number or NUMBERS[name], name=name, phone=phone, password=PASSWORD, by=SETUP)


@staged
def make_cast(ground: Ground, **ready: Account) -> Cast:
    """The cast with their roles; collection is open for the school and the hospital.

    `ready` holds accounts that exist already, by the cast's field: persons who registered themselves.
    """
    for unit in (ground.school, ground.hospital):
        actions.enable_collection(unit=unit.pk, by=SETUP)
    people = zip((field.name for field in fields(Cast)), NUMBERS, strict=True)
    cast = Cast(**{field: ready.get(field) or make_account(name) for field, name in people})
    give_role(ground.school, Role.COLLECTION_ADMINISTRATOR, cast.zhou)
    give_role(ground.hospital, Role.COLLECTION_ADMINISTRATOR, cast.sun)
    give_role(ground.xingqing, Role.REVIEWER, cast.chen)
    give_role(ground.province, Role.REVIEWER, cast.wu)
    give_role(ground.xingqing, Role.AUTHORIZER, cast.ma)
    give_role(ground.shizuishan, Role.AUTHORIZER, cast.he)
    return cast


def give_role(unit: Unit, role: Role, account: Account) -> Appointment:
    """A live role, given by the installation."""
    return actions.install_holder(unit=unit.pk, role=role, account=account.pk, by=SETUP)


def as_unit(account: Account, unit: Unit) -> Actor:
    """The account acting for a unit."""
    return Actor(way=Way.UNIT, account=account.pk, name=account.name, unit=unit.pk, site=SITE)


def as_person(account: Account) -> Actor:
    """The account acting for itself."""
    return Actor(way=Way.PERSON, account=account.pk, name=account.name, site=SITE)


def as_administrator(account: Account, unit: Unit) -> Actor:
    """The account managing the accounts of a unit."""
    return Actor(way=Way.ADMINISTRATOR, account=account.pk, name=account.name, unit=unit.pk, site=unit.site)


def as_unit_account(unit: Unit) -> Actor:
    """The 单位账号 of a unit; made in advance where there is none."""
    held = UnitAccount.objects.filter(unit=unit).first() or actions.open_unit_account(
        unit=unit.pk, holder_name="单位使用人", phone="13900000000", by=SETUP
    )
    return Actor(way=Way.UNIT_ACCOUNT, account=held.account_id, name=unit.name, unit=unit.pk, site=unit.site)


def resident_number(serial: int) -> str:
    """A well-formed synthetic identity number for each serial up to 9999."""
    first = f"64010419{85 + serial // 1000}0101{serial % 1000:03}"
    return first + check_character(first)


def make_administrator(unit: Unit, name: str, serial: int, role: Role = Role.ADMINISTRATOR) -> Actor:
    """Somebody new who administers the unit, acting as such."""
    account = make_account(name, resident_number(serial), phone=f"137{serial:08}")
    give_role(unit, role, account)
    return as_administrator(account, unit)
