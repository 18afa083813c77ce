"""Words of the people room: archive entries, ties, answers to registration."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from bole.kernel.errors import Fault

# One sentence for every outcome: a stranger cannot tell from it who is registered (NX-03, AC-09).
REGISTRATION_SENTENCE = (
    "注册信息已提交，现在可以用证件号码和密码登录。如果不能登录，可能是该证件号码此前已经注册，"
    "或姓名、手机号与单位登记的不一致：请使用「忘记密码」找回，或请单位核对登记信息。"
)

# The words of the manual, for every outcome of a registration that the unit approves (HA-02).
APPROVAL_SENTENCE = "注册信息已经提交审核，请耐心等待"
APPROVAL_HINT = (
    "单位审核通过后，可以用证件号码和密码登录，结果发送到您填写的手机。"
    "该证件号码此前已经注册的，请直接登录或使用「忘记密码」找回。"
)

INVITED_SENTENCE = (
    "本办事大厅的申报人员由所在单位新增，本人凭短信中的邀请码激活账户。请联系所在单位的管理员在「申报人员」中新增您。"
)

# One sentence for an invitation taken with the code, whoever holds an account already (AC-09).
TAKEN_SENTENCE = (
    "邀请已提交，现在可以用证件号码或登录账号和密码登录。如果不能登录，可能是该证件号码此前已经注册，"
    "或姓名、手机号与登记的不一致：请用原来的账号登录，在首页接受单位的邀请，或使用「忘记密码」找回。"
)
# What a registration tells besides: name of the column, label of the manual, longest text.
DETAILS: dict[str, tuple[str, int]] = {
    "native_place": ("籍贯", 6),
    "school": ("毕业院校", 60),
    "major": ("所学专业", 60),
    "telephone": ("电话", 20),
}
# One sentence for a unit that registered itself, whoever holds an account already (SZ-01, AC-09).
UNIT_SENTENCE = (
    "单位注册信息已提交。单位管理员现在可以用证件号码或用户名登录，管理本单位。如果不能登录，可能是该证件号码此前已经注册，"
    "或姓名、手机号与登记的不一致：请用原来的账号登录，在首页接受「单位管理员」授权，或使用「忘记密码」找回。"
    "单位账号也已建立，登录名是单位的机构代码，由单位管理员用登记的手机在「账号激活」中启用，用来设置、变更单位管理员。"
)
NOT_OF_UNIT = "不是本单位现在的人员，可能刚刚调出或解除。请刷新名单。"
RESET_SENTENCE = "已发起重置：本人登记的手机会收到重设密码的办法，原密码在重设前仍然有效。没有注册的人员不会收到。"
INVITED_LIFETIME = timedelta(days=30)

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
    INVITED = "invited"  # the unit invited, the person accepted


class PersonState(StrEnum):
    """How far somebody has come at a unit; what lists and counts of people are narrowed by."""

    ACTIVE = "active"  # belongs to the unit and can log in
    ROSTER = "roster"  # belongs to the unit by its roster, has not registered
    WAITING = "waiting"  # registered, waits for the unit's approval


PERSON_STATE_NAMES: dict[PersonState, str] = {
    PersonState.ACTIVE: "正常",
    PersonState.ROSTER: "未注册",
    PersonState.WAITING: "待审核",
}


@dataclass(frozen=True, slots=True)
class Registration:
    """The answer to a registration; the same whatever happened."""

    sentence: str = REGISTRATION_SENTENCE
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """What the inviting unit is told: nothing but what it typed itself, masked (AC-09)."""

    id: UUID
    invitee: str
    until: date

    @property
    def sentence(self) -> str:
        """The same for registered and unknown numbers."""
        return (
            f"已向 {self.invitee} 发出邀请，{self.until.year}年{self.until.month}月{self.until.day}日前有效。"
            "本人凭短信中的邀请码设置密码，或用已有的账号登录后在首页接受，接受后即成为本单位申报人员。"
        )


@dataclass(frozen=True, slots=True)
class WaitingInvitation:
    """An invitation as the invited person sees it."""

    id: UUID
    unit: UUID
    unit_name: str
    invited_at: datetime
    until: date


@dataclass(frozen=True, slots=True)
class InsuranceQuestion:
    """Is this person insured at this unit? Numbers in stored form; nothing of it belongs in a log."""

    site: str
    organization_code: str
    insurance_number: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    computer_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InsuranceFinding:
    """What the register says; name and region of the unit only where everything agrees.

    Which of the person's three data disagrees is never told: that alone would tell who is insured where.
    """

    unit_agrees: bool
    person_agrees: bool
    unit_name: str = ""
    region: str = ""


class InsuranceRegister(Protocol):
    """The connector to the insurance register: a table by default, an authority's own service where there is one."""

    def ask(self, question: InsuranceQuestion) -> InsuranceFinding:
        """Compare. Raises Refused with a sentence while the register cannot be reached."""
        ...


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of one person of a clean-up."""

    person: UUID
    ok: bool
    say: str


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
