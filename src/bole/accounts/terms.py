"""Words of the accounts room: what codes are for, what limits hold, what a device and a captcha look like."""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bole.kernel.errors import Invalid

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
SLIP_LIFETIME = timedelta(hours=24)
SLIP_TRIES = 20
# No 0 and O, 1 and I, 2 and Z, 5 and S, 8 and B: they look the same on paper and once they are bent.
CLEAR_SIGNS = "34679ACDEFGHJKLMNPQRTUVWXY"
CAPTCHA_LIFETIME = timedelta(minutes=10)
REMEMBERED = timedelta(days=14)  # 「两周内免登录」
DEVICES_MOST = 20
SESSION_LONGEST = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=30)
FACTORS_MOST = 10
RECOVERY_CODES = 10
PASSWORD_LEAST = 12
PASSWORD_MOST = 128

WRONG_LOG_IN = "账户或密码错误"
WRONG_CODE = "验证码错误"
NOT_YET = "此账号还未被审核"
CLOSED = "此账号已停用。需要恢复请联系您的单位管理员或当地人社部门。"

_PHONE = re.compile(r"1[3-9][0-9]{9}")


class AccountKind(StrEnum):
    """Whose account it is: a person's, or a unit's (单位账号)."""

    PERSON = "person"
    UNIT = "unit"


class AliasKind(StrEnum):
    """What a further log-in name is: 用户名, or the proven phone number."""

    NAME = "name"
    PHONE = "phone"


class FactorKind(StrEnum):
    """What is given beside the password: a code of 身份验证器, or a 通行密钥."""

    TOTP = "totp"
    PASSKEY = "passkey"


ALIAS_NAMES = {AliasKind.NAME: "用户名", AliasKind.PHONE: "手机号码"}
FACTOR_NAMES = {FactorKind.TOTP: "身份验证器", FactorKind.PASSKEY: "通行密钥"}


class Purpose(StrEnum):
    """What a one-time code is for; a code for one purpose opens nothing else."""

    REGISTER = "register"
    RESET = "reset"
    UNLOCK = "unlock"
    LOG_IN = "log-in"
    PHONE = "phone"
    CONFIRM = "confirm"
    ATTEST = "attest"
    ACTIVATE = "activate"
    SLIP = "slip"
    FACTOR = "factor"
    PHONE_NAME = "phone-name"


PURPOSE_NAMES = {
    Purpose.REGISTER: "注册账户",
    Purpose.RESET: "找回密码",
    Purpose.UNLOCK: "解除登录限制",
    Purpose.LOG_IN: "登录",
    Purpose.PHONE: "更换手机号码",
    Purpose.CONFIRM: "确认本人操作",
    Purpose.ATTEST: "确认单位代您填报的内容",
    Purpose.ACTIVATE: "激活账号",
    Purpose.SLIP: "激活账号或重设密码",
    Purpose.FACTOR: "登录时的身份验证",
    Purpose.PHONE_NAME: "用手机号码登录",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts on one subject `within` a time; then locked.

    A growing lock starts at `lock` and doubles with each further one up to `longest`; otherwise the lock lasts
    until the time is over. `sentence` is what the person reads, with {wait} for the time.
    """

    scope: str
    most: int
    within: timedelta
    sentence: str
    lock: timedelta | None = None
    longest: timedelta = timedelta(hours=24)


# Three wrong passwords (GZ-09), counted for all unknown devices of an account together and for each known device
# by itself: a stranger uses up only the strangers' tries (security.md §3.1, AC-11).
LOG_IN = Limit(
    scope="log-in",
    most=3,
    within=timedelta(minutes=15),
    lock=timedelta(minutes=15),
    sentence="密码已连续输错 3 次，{wait}后可以再试。急用可以用短信验证码立即解除，或点「忘记密码」重设。",
)
LOG_IN_DEVICE = Limit(scope="log-in-device", most=3, within=LOG_IN.within, lock=LOG_IN.lock, sentence=LOG_IN.sentence)
# All names of an account together; silent, so that two names of one account do not show to be one (AC-09).
LOG_IN_ACCOUNT = Limit(scope="log-in-account", most=3, within=LOG_IN.within, lock=LOG_IN.lock, sentence=LOG_IN.sentence)
FACTOR = Limit(
    scope="factor",
    most=3,
    within=timedelta(minutes=15),
    lock=timedelta(minutes=15),
    sentence="第二验证已连续输错 3 次，{wait}后可以再试。手边没有验证器的，可以用恢复码。",
)
CONFIRM = Limit(scope="confirm", most=3, within=LOG_IN.within, lock=LOG_IN.lock, sentence=LOG_IN.sentence)
LOG_IN_ADDRESS = Limit(
    scope="log-in-address",
    most=600,
    within=timedelta(minutes=10),
    sentence="这个网络的登录次数过多，请{wait}后再试。",
)
CODE_PAUSE = Limit(
    scope="code-pause", most=1, within=timedelta(seconds=60), sentence="验证码刚刚发送过，请{wait}后再获取。"
)
CODE_TARGET = Limit(
    scope="code-target", most=5, within=timedelta(hours=1), sentence="获取验证码的次数过多，请{wait}后再试。"
)
CODE_ADDRESS = Limit(
    scope="code-address", most=30, within=timedelta(hours=1), sentence="这个网络获取验证码的次数过多，请{wait}后再试。"
)


@dataclass(frozen=True, slots=True)
class Captcha:
    """A challenge: the token goes into the form, the image onto the page."""

    token: str
    image: bytes


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device as its owner sees it listed."""

    id: UUID
    name: str
    seen_at: datetime
    remembered_until: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A log-in that is still open, as its owner sees it listed."""

    id: UUID
    name: str
    address: str
    opened_at: datetime
    seen_at: datetime


# What the ledger calls the ways in, and what their owner reads.
LOG_IN_ACTIONS = {
    "accounts.account.logged_in": "密码登录",
    "accounts.account.logged_in_by_code": "短信验证码登录",
    "accounts.account.logged_in_by_identity": "统一身份认证登录",
    "accounts.account.resumed": "免登录进入",
}


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in out of the ledger, as the owner sees it listed."""

    at: datetime
    way: str
    address: str
    done: bool


@dataclass(frozen=True, slots=True)
class EnrolledFactor:
    """A second factor, as its owner sees it listed."""

    id: UUID
    kind: FactorKind
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnAlias:
    """A further log-in name, as its owner sees it listed."""

    id: UUID
    kind: AliasKind
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """A password hashed by `hash_password` before there was an account; only the installation may hand one in."""

    encoded: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an account can be reached."""

    name: str
    phone: str = field(repr=False)
    email: str = field(repr=False)


def clean_login(text: str) -> str:
    """A log-in name as it is stored and looked up: no spaces, capitals, full-width forms made plain."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def clean_user_name(text: str) -> str:
    """A user name in its stored form: 6 to 14 letters or digits, at least one letter. Raises Invalid at "name"."""
    plain = clean_login(text)
    if not re.fullmatch(r"[A-Z0-9]{6,14}", plain):
        raise Invalid.at("name", "用户名应为 6 到 14 位字母或数字")
    if plain.isdigit():
        raise Invalid.at("name", "用户名不能全是数字，请加上字母")
    return plain


def clean_phone(text: str) -> str:
    """A mobile number as it is stored. Raises Invalid at "phone"."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    if not _PHONE.fullmatch(plain):
        raise Invalid.at("phone", "手机号码应为 11 位数字，以 1 开头")
    return plain


def clean_email(text: str) -> str:
    """An e-mail address as it is stored. Raises Invalid at "email"."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", plain) or len(plain) > 200:
        raise Invalid.at("email", "电子邮箱应为「名称@域名」的形式，如 zhang@example.cn")
    return plain


def said(wait: timedelta) -> str:
    """A waiting time in words, rounded up so that it is never too short."""
    seconds = max(math.ceil(wait.total_seconds()), 1)
    if seconds <= 90:
        return f" {seconds} 秒"
    minutes = -(-seconds // 60)
    return f" {minutes} 分钟" if minutes < 120 else f" {-(-minutes // 60)} 小时"
