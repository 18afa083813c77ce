"""A site: the portal of an authority, and the habits by which its accounts and units come to be."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import ConfigDict, with_config


class PersonsCome(StrEnum):
    """How a person comes to an account on a site."""

    THEMSELVES = "themselves"  # 自行注册
    APPROVED = "approved"  # 注册后由所在单位审核 (HA-02)
    INVITED = "invited"  # 由单位新增，本人激活 (SZ-03)


class TiesCome(StrEnum):
    """How a person comes to belong to a unit on a site."""

    CHOICE = "choice"  # chosen at the registration and changed in 「基本资料」
    CASE = "case"  # 「个人绑定推荐单位」 and 「人员调转」 only (JL-03, HA-13)


class UnitsCome(StrEnum):
    """A way in which units come to be on a site; a site may have several."""

    AUTHORIZED = "authorized"  # imported, and opened by an authority's operator (NX-18)
    CREATED = "created"  # created by the superior's administrator (GZ-02)
    CHECKED = "checked"  # self-registered, the administrator checked against the insurance register (SZ-01)
    APPROVED = "approved"  # self-registered by a service, approved above (HA-07)
    ACTIVATED = "activated"  # made in advance, activated by the unit (JL-01)


class EntryTarget(StrEnum):
    """Where an entry of a site's service page leads."""

    PERSON_LOGIN = "person-login"
    UNIT_LOGIN = "unit-login"
    PERSON_REGISTRATION = "person-registration"
    UNIT_REGISTRATION = "unit-registration"
    ACTIVATION = "activation"
    FORGOTTEN = "forgotten"


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class SiteEntry:
    """One entry of the home page; entries with the same `group` stand together under that name (HA-01).

    `service` is the registration service of UNIT_REGISTRATION; blank: the checked registration (SZ-01).
    """

    name: str
    to: EntryTarget
    group: str = ""
    service: str = ""
    note: str = ""
    icon: str = ""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Site:
    """One portal: its title, the authority behind it, the ground it covers, and its habits."""

    code: str
    name: str
    short: str
    authority: str
    office: str
    region: str
    hotline: str
    manual: str
    persons: PersonsCome = PersonsCome.THEMSELVES
    ties: TiesCome = TiesCome.CHOICE
    units: tuple[UnitsCome, ...] = (UnitsCome.AUTHORIZED,)
    entries: tuple[SiteEntry, ...] = ()
    menu: tuple[str, ...] = ()  # the headings of services in the order of the site's own menu (JL-12)
    business: str = ""  # what persons are asked to choose first after the log-in, one of the menu's headings (SZ-04)
    unbinding: bool = True  # a unit may leave its superior by its own act (JL-02); where not, a case decides (HA-08)
    unit_way: str = "单位"  # the word for the unit's log-in: 「法人登录」 in 吉林
