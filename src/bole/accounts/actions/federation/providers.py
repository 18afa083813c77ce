"""Which identity providers an installation trusts: read from its configuration, never from the database (AC-23)."""

import ipaddress
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from bole.kernel.errors import Absent

# Signatures that only the provider can make. None and the shared-secret ones (HS…) are not to be had by any setting.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")
_MOST_ISSUER = 255
_WORDS = {"missing": "缺少这一项", "extra_forbidden": "没有这个设置项", "unexpected_keyword_argument": "没有这个设置项"}


class BrokenProviders(ValueError):
    """The configuration cannot be used; `sentences` say where and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class ClaimNames:
    """What the provider calls what Bole needs; blank where it does not say it.

    `verified` names a claim that must be true before the others count: without it, every word of the provider counts.
    """

    number: str = ""
    name: str = ""
    phone: str = ""
    verified: str = ""

    @property
    def personal(self) -> frozenset[str]:
        """The claims that tell who somebody is."""
        return frozenset({self.number, self.name, self.phone} - {""})


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Provider:
    """One identity provider; each key is explained in docs/operations/identity-providers.md."""

    code: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    client_secret_file: str = ""
    client_authentication: str = "client_secret_basic"
    sites: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("openid",)
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    claims: ClaimNames = ClaimNames()
    acr_values: tuple[str, ...] = ()
    factor_acr: tuple[str, ...] = ()
    max_age: int | None = None
    hosts: tuple[str, ...] = ()
    private_network: bool = False
    ca_file: str = ""

    @property
    def origins(self) -> frozenset[str]:
        """Where requests may go: the issuer's own host, and those that the installation names beside it."""
        return frozenset({origin(self.issuer), *(f"https://{host.lower()}" for host in self.hosts)})

    def serves(self, site: str) -> bool:
        """Whether the site offers this provider."""
        return not self.sites or site in self.sites


def origin(address: str) -> str:
    """Scheme, host and port of an address in one form; raises ValueError where there is none."""
    parts = urlsplit(address)
    default = {"https": 443, "http": 80}.get(parts.scheme)
    if not parts.hostname or default is None or parts.username is not None:
        raise ValueError("no address")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port and parts.port != default else "")


def on_loopback(host: str) -> bool:
    """Whether the host can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_providers(configured: str, sites: frozenset[str] | None = None) -> tuple[Provider, ...]:
    """The providers of BOLE_IDENTITY_PROVIDERS: JSON, or the path of a file that holds it; blank means none.

    Raises BrokenProviders with everything that is wrong, so that the start is refused.
    """
    if not configured.strip():
        return ()
    entries = _entries(configured)
    found, faults = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            provider = _READER.validate_python(entry)
        except ValidationError as wrong:
            faults += [_said(number, each["loc"], each["type"]) for each in wrong.errors()]
            continue
        found.append(_with_secret(provider, number, faults))
        faults += [f"第 {number} 项（{provider.code}）：{say}" for say in _faults(provider, sites)]
    for what in ("code", "issuer"):
        values = [getattr(each, what) for each in found]
        faults += [f"{what}「{value}」出现了两次，每个认证来源只能配置一次" for value in _twice(values)]
    if faults:
        raise BrokenProviders(*(f"身份认证来源配置有误（BOLE_IDENTITY_PROVIDERS）：{fault}。" for fault in faults))
    return tuple(found)


_READER = TypeAdapter(Provider)


def _entries(configured: str) -> list[Any]:
    text, place = configured.strip(), ""
    if not text.startswith(("[", "{")):
        place = text
        try:
            if _is_open(place):
                raise BrokenProviders(f"身份认证来源的配置文件可被其他用户读取。请执行：chmod 600 {place}")
            text = Path(place).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise BrokenProviders(f"BOLE_IDENTITY_PROVIDERS 指向的文件读不到：{place}。请检查路径和权限。") from None
    try:
        entries = json.loads(text)
    except ValueError as wrong:
        place = place or "BOLE_IDENTITY_PROVIDERS"
        raise BrokenProviders(f"{place} 不是正确的 JSON：{wrong}。请按 identity-providers.md 的样例修改。") from None
    if not isinstance(entries, list):
        raise BrokenProviders("BOLE_IDENTITY_PROVIDERS 应是一个列表，用方括号 [ ] 括起每个认证来源。")
    return entries


def _is_open(place: str) -> bool:
    """Whether others than the owner can read the file."""
    return os.name == "posix" and bool(Path(place).stat().st_mode & 0o077)


def _said(number: int, place: tuple[int | str, ...], kind: str) -> str:
    at = ".".join(str(each) for each in place)
    return f"第 {number} 项 {at}：{_WORDS.get(kind, '填写的格式不对')}"


def _with_secret(provider: Provider, number: int, faults: list[str]) -> Provider:
    if not provider.client_secret_file:
        return provider
    try:
        if _is_open(provider.client_secret_file):
            faults.append(f"密钥文件可被其他用户读取，请执行：chmod 600 {provider.client_secret_file}")
        secret = Path(provider.client_secret_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        faults.append(f"第 {number} 项 client_secret_file：读不到 {provider.client_secret_file}")
        return provider
    return Provider(**{**_plain(provider), "client_secret": secret})


def _plain(provider: Provider) -> Mapping[str, Any]:
    return {name: getattr(provider, name) for name in Provider.__dataclass_fields__}


def _faults(provider: Provider, sites: frozenset[str] | None) -> list[str]:
    found = []
    if not _CODE.fullmatch(provider.code):
        found.append("code 只能用小写字母、数字和连字符，以字母开头，最多 30 个字符")
    found += [f"{what} 不能为空" for what in ("name", "client_id") if not getattr(provider, what).strip()]
    found += _issuer_faults(provider)
    if not (provider.client_secret or provider.client_secret_file):
        found.append("请填写 client_secret 或 client_secret_file，由认证来源的管理方发给本系统")
    if provider.client_authentication not in ("client_secret_basic", "client_secret_post"):
        found.append("client_authentication 只能是 client_secret_basic 或 client_secret_post")
    if "openid" not in provider.scopes:
        found.append("scopes 必须包含 openid")
    if not provider.algorithms or set(provider.algorithms) - set(ALGORITHMS):
        found.append(f"algorithms 只能从 {'、'.join(ALGORITHMS)} 中选择：不接受未签名或用共享密钥签名的身份令牌")
    if provider.max_age is not None and provider.max_age < 0:
        found.append("max_age 是秒数，不能小于 0")
    if bool(provider.claims.number) != bool(provider.claims.name):
        found.append("claims 中 number 与 name 要么都填，要么都不填：证件号码和姓名须一起核对")
    if provider.ca_file and not Path(provider.ca_file).is_file():
        found.append(f"ca_file 读不到：{provider.ca_file}")
    if sites is not None and (unknown := sorted(set(provider.sites) - sites)):
        found.append(f"sites 中没有这个办事大厅：{'、'.join(unknown)}")
    return found


def _issuer_faults(provider: Provider) -> list[str]:
    try:
        parts = urlsplit(provider.issuer)
        origin(provider.issuer)
        for host in provider.hosts:
            if origin(f"https://{host}") != f"https://{host.lower()}":
                raise ValueError("more than a host")
    except ValueError:
        return ["issuer 应为认证来源公布的完整地址；hosts 只写主机名，可带端口"]
    if len(provider.issuer) > _MOST_ISSUER:
        return [f"issuer 最多 {_MOST_ISSUER} 个字符"]
    if parts.query or parts.fragment:
        return ["issuer 不能带 ? 或 #"]
    if parts.scheme == "http" and not on_loopback(parts.hostname or ""):
        return ["issuer 必须以 https:// 开头"]
    return []


def _twice(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})


_trusted: dict[str, Provider] = {}


def configure(providers: tuple[Provider, ...]) -> None:
    """Trust these providers and no others. Called at start-up and by tests."""
    _trusted.clear()
    _trusted.update({each.code: each for each in providers})


def providers(site: str) -> tuple[Provider, ...]:
    """The providers that a site offers, in the order of the configuration."""
    return tuple(each for each in _trusted.values() if each.serves(site))


def provider(code: str, site: str) -> Provider:
    """One provider of a site. Raises Absent."""
    found = _trusted.get(code)
    if found is None or not found.serves(site):
        raise Absent("没有这种登录方式，请回到登录页重新选择。")
    return found


def provider_names() -> Mapping[str, str]:
    """What the trusted issuers are called."""
    return {each.issuer: each.name for each in _trusted.values()}
