"""Kinds of unit, and the ground that a region covers."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class UnitKind(StrEnum):
    """What a unit is for the routes: an employer, an authority, a competent department, a training base."""

    UNIT = "unit"
    AUTHORITY = "authority"
    DEPARTMENT = "department"
    BASE = "base"


UNIT_KIND_NAMES: dict[UnitKind, str] = {
    UnitKind.UNIT: "单位",
    UnitKind.AUTHORITY: "人社部门",
    UnitKind.DEPARTMENT: "主管部门",
    UnitKind.BASE: "继续教育基地",
}

# What a superior of each kind may have directly under it: an authority lower authorities, departments, units and
# bases, a department units and bases, a unit its own branches (GZ-02, HA-07).
BELOW: dict[UnitKind, frozenset[UnitKind]] = {
    UnitKind.AUTHORITY: frozenset(UnitKind),
    UnitKind.DEPARTMENT: frozenset({UnitKind.DEPARTMENT, UnitKind.UNIT, UnitKind.BASE}),
    UnitKind.UNIT: frozenset({UnitKind.UNIT}),
    UnitKind.BASE: frozenset(),
}


class Level(StrEnum):
    """A step of the administrative division, highest first."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit as a pick list shows it."""

    id: UUID
    name: str
    code: str
    region: str


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
