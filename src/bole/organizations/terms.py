"""Words of the organizations room: kinds of unit, roles and what they open, sites, answers to look-ups."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class UnitKind(StrEnum):
    """What a unit is for the routes: an employer, a human-resources authority, or a competent department."""

    UNIT = "unit"
    AUTHORITY = "authority"
    DEPARTMENT = "department"


UNIT_KIND_NAMES: dict[UnitKind, str] = {
    UnitKind.UNIT: "单位",
    UnitKind.AUTHORITY: "人社部门",
    UnitKind.DEPARTMENT: "主管部门",
}


class Level(StrEnum):
    """A step of the administrative division, highest first."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Role(StrEnum):
    """What somebody may be appointed to in a unit. The province names the roles; units only grant them (GZ-07)."""

    COLLECTION_ADMINISTRATOR = "collection-administrator"
    REVIEWER = "reviewer"
    AUTHORIZER = "authorizer"
    EDITOR = "editor"


ROLE_NAMES: dict[Role, str] = {
    Role.COLLECTION_ADMINISTRATOR: "采集管理员",
    Role.REVIEWER: "审核员",
    Role.AUTHORIZER: "经办员",
    Role.EDITOR: "门户编辑",
}


class Module(StrEnum):
    """A part of the platform that a role opens; menus are built from these."""

    COLLECTION = "collection"
    UNIT_PROFILE = "unit-profile"
    COLLECTION_AUTHORIZATION = "collection-authorization"
    REVIEW = "review"
    PORTAL = "portal"


MODULE_NAMES: dict[Module, str] = {
    Module.COLLECTION: "信息采集",
    Module.UNIT_PROFILE: "单位信息",
    Module.COLLECTION_AUTHORIZATION: "采集授权",
    Module.REVIEW: "业务审核",
    Module.PORTAL: "门户管理",
}

MODULES: dict[Role, tuple[Module, ...]] = {
    Role.COLLECTION_ADMINISTRATOR: (Module.COLLECTION, Module.UNIT_PROFILE),
    Role.REVIEWER: (Module.REVIEW,),
    Role.AUTHORIZER: (Module.COLLECTION_AUTHORIZATION,),
    Role.EDITOR: (Module.PORTAL,),
}

# Where each role can be held: a school has no authorizer, an authority collects for nobody.
ROLE_KINDS: dict[Role, frozenset[UnitKind]] = {
    Role.COLLECTION_ADMINISTRATOR: frozenset({UnitKind.UNIT, UnitKind.DEPARTMENT}),
    Role.REVIEWER: frozenset({UnitKind.AUTHORITY, UnitKind.DEPARTMENT}),
    Role.AUTHORIZER: frozenset({UnitKind.AUTHORITY}),
    Role.EDITOR: frozenset({UnitKind.AUTHORITY}),
}


@dataclass(frozen=True, slots=True)
class Site:
    """One portal: its title, the authority behind it, and the ground it covers."""

    code: str
    name: str
    short: str
    authority: str
    office: str
    region: str
    hotline: str
    manual: str


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit as a pick list shows it."""

    id: UUID
    name: str
    code: str
    region: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """A unit in which an account may act, with the roles held there."""

    unit: UUID
    name: str
    kind: UnitKind
    site: str
    region: str
    roles: tuple[Role, ...]

    @property
    def modules(self) -> tuple[Module, ...]:
        """What the roles open together, in the order of the menu."""
        opened = {module for role in self.roles for module in MODULES[role]}
        return tuple(module for module in Module if module in opened)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the appointing side is told: nothing but what it typed itself, masked (AC-09)."""

    id: UUID
    unit: UUID
    role: Role
    invitee: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An appointment that waits for the appointee's own acceptance."""

    id: UUID
    unit: UUID
    unit_name: str
    role: Role
    appointed_at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role in a unit."""

    account: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One role or offer in a unit as its authority sees it: masked, with how far it has come."""

    id: UUID
    role: Role
    invitee: str
    live: bool
    appointed_at: datetime

    @property
    def state(self) -> str:
        """The word shown in the list."""
        return "已生效" if self.live else "待本人接受"


_DOTS = dict.fromkeys(map(ord, "•‧∙・･．."), "·")


def person_name(text: str) -> str:
    """A person's name as it is stored and compared: one kind of middle dot, single spaces, rare characters kept."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    # A full stop between Chinese characters is a mistyped middle dot; in a Latin name it stays one.
    return clean.translate(_DOTS) if any(char >= "\u3400" for char in clean) else clean


def ancestor(region: str, level: Level) -> str | None:
    """The region of that level which `region` is or lies in; None when it lies above that level."""
    if level is Level.PROVINCE:
        return region[:2] + "0000"
    if level is Level.CITY:
        return region[:4] + "00" if region[2:4] != "00" else None
    return region if region[4:6] != "00" else None


def span(region: str) -> tuple[str, str]:
    """The first and the last code of the ground that a region covers: 640100 → (640100, 640199)."""
    stem = region
    while len(stem) > 2 and stem.endswith("00"):
        stem = stem[:-2]
    return region, stem.ljust(6, "9")


def covers(region: str, other: str) -> bool:
    """Whether `other` is the region itself or lies in it."""
    first, last = span(region)
    return len(other) == 6 and first <= other <= last
