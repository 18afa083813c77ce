"""Words of the people room: archive entries, ties, answers to registration."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from bole.kernel.errors import Fault

# One sentence for every outcome: a stranger cannot tell from it who is registered (NX-03, AC-09).
REGISTRATION_SENTENCE = (
    "注册信息已提交，现在可以用证件号码和密码登录。如果不能登录，可能是该证件号码此前已经注册，"
    "或姓名、手机号与单位登记的不一致：请使用「忘记密码」找回，或请单位核对登记信息。"
)

# One sentence for unknown, untied and foreign numbers alike (NX-15, AC-29).
NOT_TIED_SENTENCE = (
    "该证件号码没有登记在本单位，不能由单位代为填报。请本人注册后选择本单位为所在单位，"
    "或请所属地区人社部门导入本单位人员名册。"
)


class TieBasis(StrEnum):
    """What a tie between a person and a unit rests on."""

    PERSON = "person"  # the person named the unit
    ROSTER = "roster"  # an authority imported a roster
    CASE = "case"  # an approved case


@dataclass(frozen=True, slots=True)
class Registration:
    """The answer to a registration; the same whatever happened."""

    sentence: str = REGISTRATION_SENTENCE


@dataclass(frozen=True, slots=True)
class Entry:
    """One archive record as other rooms see it."""

    id: UUID
    kind: str
    key: str
    data: Mapping[str, Any]
    source: str
    source_case: str
    entered_at: datetime
    verified_at: datetime | None
    verified_by: str
    ended_at: datetime | None

    @property
    def verified(self) -> bool:
        """Whether an authority checked exactly this content."""
        return self.verified_at is not None


@dataclass(frozen=True, slots=True)
class Offered:
    """A record of a case that is offered to the archive: the key of the same record, and its content."""

    key: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """What an offer changed in the archive."""

    added: int
    changed: int
    unchanged: int
    ended: int


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw this person's record in full (ALL-09)."""

    at: datetime
    who: str
    unit: str
    what: str


@dataclass(frozen=True, slots=True)
class TiedPerson:
    """A person of a unit as its lists show it."""

    id: UUID
    name: str
    number: str  # masked
    since: date


def name_faults(name: str, at: str = "name") -> list[Fault]:
    """What is wrong with a person's name: any script, rare characters and middle dots are right (ALL-16)."""
    if not name:
        return [Fault(at, "请填写姓名，与证件保持一致")]
    if len(name) > 100:
        return [Fault(at, "姓名最多 100 个字")]
    for char in name:
        # Letters, combining marks, private-use characters (a name that waits for its code point), dots and hyphens.
        if unicodedata.category(char)[0] not in "LM" and unicodedata.category(char) != "Co" and char not in "·-'’. ,〇":
            return [Fault(at, f"姓名中不能有「{char}」，请与证件保持一致")]
    return []
