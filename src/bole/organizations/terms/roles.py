"""Roles, the modules that they open, and the capacities in which an account may act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from bole.kernel.actors import Way
from bole.organizations.terms.units import UnitKind


class Role(StrEnum):
    """What the platform asks for before an act. Units grant these alone or bundled in a business role (GZ-07)."""

    ADMINISTRATOR = "administrator"
    DEPUTY = "deputy"
    COLLECTION_ADMINISTRATOR = "collection-administrator"
    REVIEWER = "reviewer"
    REGISTRAR = "registrar"
    AUTHORIZER = "authorizer"
    EDITOR = "editor"
    TITLE_KEEPER = "title-keeper"
    EXPERT = "expert"


ROLE_NAMES: dict[Role, str] = {
    Role.ADMINISTRATOR: "单位管理员",
    Role.DEPUTY: "副管理员",
    Role.COLLECTION_ADMINISTRATOR: "采集管理员",
    Role.REVIEWER: "审核员",
    Role.REGISTRAR: "账户审核员",
    Role.AUTHORIZER: "经办员",
    Role.EDITOR: "门户编辑",
    Role.TITLE_KEEPER: "资格目录管理员",
    Role.EXPERT: "评审专家",
}

# The administrator's roles manage accounts and do no business; all others are an operator's (GZ-01).
ADMINISTRATIVE = frozenset({Role.ADMINISTRATOR, Role.DEPUTY})

# Of each of these a unit has one holder; an authority has several, each for a range of business (GZ-04).
SOLE = ADMINISTRATIVE

# What comes with a role: whoever manages the accounts of a unit also reviews who wants to join it.
IMPLIED: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset({Role.REGISTRAR}),
    Role.DEPUTY: frozenset({Role.REGISTRAR}),
}


class Module(StrEnum):
    """A part of the platform that a role opens; menus are built from these."""

    COLLECTION = "collection"
    UNIT_PROFILE = "unit-profile"
    COLLECTION_AUTHORIZATION = "collection-authorization"
    REVIEW = "review"
    ACCOUNT_REVIEW = "account-review"
    STAFF = "staff"
    ORGANIZATIONS = "organizations"
    ROLES = "roles"
    TRANSFERS = "transfers"
    PORTAL = "portal"
    TITLES = "titles"


MODULE_NAMES: dict[Module, str] = {
    Module.COLLECTION: "信息采集",
    Module.UNIT_PROFILE: "单位信息",
    Module.COLLECTION_AUTHORIZATION: "采集授权",
    Module.REVIEW: "业务审核",
    Module.ACCOUNT_REVIEW: "审核账户",
    Module.STAFF: "用户管理",
    Module.ORGANIZATIONS: "组织机构管理",
    Module.ROLES: "业务角色管理",
    Module.TRANSFERS: "人员调转",
    Module.PORTAL: "门户管理",
    Module.TITLES: "资格目录管理",
}

_MANAGES = (Module.ORGANIZATIONS, Module.STAFF, Module.ROLES, Module.ACCOUNT_REVIEW, Module.TRANSFERS)
MODULES: dict[Role, tuple[Module, ...]] = {
    Role.ADMINISTRATOR: _MANAGES,
    Role.DEPUTY: _MANAGES,
    Role.COLLECTION_ADMINISTRATOR: (Module.COLLECTION, Module.UNIT_PROFILE),
    Role.REVIEWER: (Module.REVIEW,),
    Role.REGISTRAR: (Module.ACCOUNT_REVIEW, Module.TRANSFERS),
    Role.AUTHORIZER: (Module.COLLECTION_AUTHORIZATION,),
    Role.EDITOR: (Module.PORTAL,),
    Role.TITLE_KEEPER: (Module.TITLES,),
    Role.EXPERT: (),
}

# Where each role can be held: a school has no authorizer, an authority collects for nobody.
_ANYWHERE = frozenset(UnitKind)
ROLE_KINDS: dict[Role, frozenset[UnitKind]] = {
    Role.ADMINISTRATOR: _ANYWHERE,
    Role.DEPUTY: _ANYWHERE,
    Role.COLLECTION_ADMINISTRATOR: frozenset({UnitKind.UNIT, UnitKind.DEPARTMENT}),
    Role.REVIEWER: _ANYWHERE,
    Role.REGISTRAR: _ANYWHERE,
    Role.AUTHORIZER: frozenset({UnitKind.AUTHORITY}),
    Role.EDITOR: frozenset({UnitKind.AUTHORITY}),
    Role.TITLE_KEEPER: frozenset({UnitKind.AUTHORITY}),
    Role.EXPERT: _ANYWHERE,
}


def way_of(role: Role) -> Way:
    """The capacity in which a role is exercised."""
    return Way.ADMINISTRATOR if role in ADMINISTRATIVE else Way.UNIT


CAPACITY_NAMES: dict[Way, str] = {
    Way.PERSON: "个人",
    Way.UNIT: "单位经办",
    Way.ADMINISTRATOR: "单位管理员",
    Way.UNIT_ACCOUNT: "单位账号",
}


@dataclass(frozen=True, slots=True)
class Capacity:
    """A unit in which an account may act in one way, with the roles held there."""

    unit: UUID
    name: str
    kind: UnitKind
    site: str
    region: str
    roles: tuple[Role, ...]
    way: Way = Way.UNIT
    # Where each role is held for some services only (业务范围); a role that does not stand here is held for all.
    ranges: Mapping[Role, frozenset[str]] = field(default_factory=dict)
    path: str = ""  # of the unit in the tree

    @property
    def modules(self) -> tuple[Module, ...]:
        """What the roles open together, in the order of the menu."""
        opened = {module for role in self.roles for module in MODULES[role]}
        return tuple(module for module in Module if module in opened)
