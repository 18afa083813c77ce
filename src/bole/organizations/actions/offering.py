"""What all ways of giving a role share: the locks, the offer, the end, the line in the ledger.

Locks are taken in one order: the unit, then its appointments; so whoever appoints or ends in a unit does so after one
another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid, Refused, TooMany
from bole.kernel.events import announce
from bole.kernel.privacy import mask_name, mask_number
from bole.organizations import queries
from bole.organizations.events import AppointmentEnded, AppointmentOffered
from bole.organizations.models import Appointment, BusinessRole, Unit
from bole.organizations.terms import ROLE_NAMES, SOLE, Offer, Role, UnitKind, person_name
from bole.standards import queries as standards

MOST_OFFERS_A_DAY = 200  # a figure for operators in the threat model (AC-09)
MOST_IMPORTED_A_DAY = 5_000  # the same by workbooks, which leave a line of their own in the ledger

_SERVICE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_MOST_SERVICES = 200


@dataclass(frozen=True, slots=True)
class Post:
    """What is offered: a role or a business role, for which business and days, in whose place, why."""

    role: Role | None = None
    business_role: BusinessRole | None = None
    services: tuple[str, ...] = ()
    since_on: date | None = None
    until_on: date | None = None
    replaces: Appointment | None = None
    emergency: bool = False
    reason: str = ""

    @property
    def title(self) -> str:
        """The role's name as people read it."""
        return self.business_role.name if self.business_role else ROLE_NAMES[self.role or Role.REVIEWER]

    @property
    def asked(self) -> Role | BusinessRole:
        """What the rules are asked about."""
        return self.business_role or self.role or Role.REVIEWER


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who was typed, cleaned: name and number."""

    name: str
    number: str

    @property
    def index(self) -> str:
        """The look-up key of the number."""
        return queries.invitee_index(self.number)

    @property
    def masked(self) -> str:
        """As lists of the appointing side show it."""
        return f"{mask_name(self.name)} {mask_number(self.number)}"


def read_invitee(*, number: str, name: str, kind: str = "resident") -> Invitee:
    """The person as typed. Raises Invalid at "name" and "number", both at once."""
    clean, faults, found = person_name(name), [], ""
    if not 0 < len(clean) <= 50:
        faults.append(Fault("name", "请填写与证件一致的姓名"))
    try:
        found = standards.identity(kind, number).number
    except Invalid as wrong:
        faults += wrong.faults
    if faults:
        raise Invalid(*faults)
    return Invitee(clean, found)


def read_post(
    *,
    role: Role | None,
    business_role: UUID | None,
    services: Sequence[str],
    since_on: date | None,
    until_on: date | None,
) -> Post:
    """What is to be given. Raises Invalid at "role", "services", "since_on" and "until_on", Absent."""
    if (role is None) == (business_role is None):
        raise Invalid.at("role", "请选择要授予的角色")
    bundle = None
    if business_role is not None:
        bundle = BusinessRole.objects.select_related("keeper").filter(pk=business_role).first()
        if bundle is None:
            raise Absent("没有找到这个业务角色，请重新选择。")
    faults = date_faults(role, since_on, until_on)
    return Post(role, bundle, read_services(services, faults), since_on, until_on)


def read_services(services: Sequence[str], faults: Sequence[Fault] = ()) -> tuple[str, ...]:
    """A range of business, without repetition. Raises Invalid with the other faults handed in."""
    clean = tuple(dict.fromkeys(code.strip() for code in services if code.strip()))
    found = list(faults)
    if len(clean) > _MOST_SERVICES or not all(_SERVICE.fullmatch(code) for code in clean):
        found.append(Fault("services", "业务范围不在选项中，请重新选择"))
    if found:
        raise Invalid(*found)
    return clean


def date_faults(role: Role | None, since_on: date | None, until_on: date | None) -> list[Fault]:
    """What is wrong with the days between which a role is given; both belong to it."""
    faults = []
    if role in SOLE and (since_on or until_on):
        faults.append(Fault("until_on", "单位管理员和副管理员不设起止日期，更换时请移交或变更"))
    elif since_on and until_on and until_on < since_on:
        faults.append(Fault("until_on", "截止日期不能早于起始日期"))
    elif until_on and until_on < clock.today():
        faults.append(Fault("until_on", "截止日期已经过去，请重新填写"))
    return faults


def read_reason(reason: str, say: str) -> str:
    """A reason that has to be given. Raises Invalid at "reason" with `say`."""
    clean = " ".join(reason.split())
    if not clean:
        raise Invalid.at("reason", say)
    if len(clean) > 200:
        raise Invalid.at("reason", f"原因最多 200 个字，现在有 {len(clean)} 个字")
    return clean


def locked_unit(unit: UUID) -> Unit:
    """The unit, held against other appointing. Raises Absent."""
    row = Unit.objects.select_for_update(no_key=True).filter(pk=unit).first()
    if row is None:
        raise Absent
    return row


def locked(appointment: UUID) -> Appointment:
    """The appointment, held after its unit. Raises Absent."""
    place = Appointment.objects.filter(pk=appointment).values_list("unit_id", flat=True).first()
    if place is None:
        raise Absent
    locked_unit(place)
    rows = Appointment.objects.select_related("unit", "business_role__keeper")
    return rows.select_for_update(of=("self",)).get(pk=appointment)


def sole_key(unit: Unit, role: Role | None) -> str | None:
    """The key that only one live appointment of the unit can have; None where there may be several (GZ-04)."""
    if role not in SOLE or unit.kind == UnitKind.AUTHORITY.value:
        return None
    return f"{unit.pk}/{role.value}" if role else None


def write_offer(unit: Unit, post: Post, who: Invitee, by: Actor, *, in_bulk: bool = False) -> Offer:
    """Write the offer, or answer one again that waits on the same terms. The unit is held, the rule was asked.

    Raises Refused for oneself and for somebody who holds the role, TooMany after 200 offers in a day, 5,000 where they
    are rows of workbooks.
    """
    demand_measure(by, MOST_IMPORTED_A_DAY if in_bulk else MOST_OFFERS_A_DAY)
    refuse_oneself(by, who.number, post)
    registered = accounts.account_by_login(who.number)
    standing = _standing(unit, post, who.index)
    if standing and _lapsed(standing):
        end(standing, by, "到期")
    elif standing and standing.accepted_at:
        raise Refused(f"该人员已经是{unit.name}的{post.title}，无需重复设置。")
    elif standing and standing.invitee_name == who.name and _same(standing, post):
        return told(standing)
    elif standing:
        end(standing, by, "姓名更正" if standing.invitee_name != who.name else "授权内容变更")
    offer = new_appointment(unit, post, who, by)
    offer.save(force_insert=True)
    record("offered", offer, by)
    known = registered.pk if registered and registered.name == who.name else None
    announce(AppointmentOffered(offer.pk, unit.pk, offer.role, known, offer.title))
    return told(offer)


def new_appointment(unit: Unit, post: Post, who: Invitee, by: Actor) -> Appointment:
    """An offer as a row that is not saved yet."""
    return Appointment(
        unit=unit,
        role=post.role.value if post.role else "",
        business_role=post.business_role,
        services=list(post.services),
        since_on=post.since_on,
        until_on=post.until_on,
        replaces=post.replaces,
        emergency=post.emergency,
        reason=post.reason,
        invitee_index=who.index,
        invitee_name=who.name,
        invitee=who.masked,
        appointed_by=by.account,
        appointed_at=clock.now(),
    )


def give(unit: Unit, post: Post, holder: Account, by: Actor, verb: str) -> Appointment:
    """A role that is live at once; an offer of the same role that waits is taken up in it. The unit is held.

    Raises Refused for somebody who holds it already.
    """
    who = Invitee(holder.name, holder.login)
    standing = _standing(unit, post, who.index)
    if standing and standing.accepted_at and not _lapsed(standing):
        raise Refused(f"该人员已经是{unit.name}的{post.title}，无需重复设置。")
    if standing:
        end(standing, by, "到期" if standing.accepted_at else "已直接授权", holder.pk if standing.accepted_at else None)
    made = new_appointment(unit, post, who, by)
    made.account, made.accepted_at, made.sole_key = holder, made.appointed_at, sole_key(unit, post.role)
    made.save(force_insert=True)
    record(verb, made, by)
    return made


def _standing(unit: Unit, post: Post, index: str) -> Appointment | None:
    rows = Appointment.objects.current().filter(unit=unit, invitee_index=index).select_related("business_role", "unit")
    if post.business_role:
        return rows.filter(business_role=post.business_role).first()
    return rows.filter(role=post.role.value if post.role else "").first()


def _lapsed(row: Appointment) -> bool:
    """Whether it is over by itself: no job ends what its last day ended, it is only noted (`lapse_due`)."""
    return row.expired or (row.until_on is not None and row.until_on < clock.today())


def _same(row: Appointment, post: Post) -> bool:
    return (
        tuple(row.services) == post.services
        and (row.since_on, row.until_on) == (post.since_on, post.until_on)
        and row.replaces_id == (post.replaces.pk if post.replaces else None)
        and row.emergency == post.emergency
    )


def demand_measure(by: Actor, most: int | None = None) -> None:
    """Raises TooMany after so many offers of the actor within a day, by hand 200."""
    most = MOST_OFFERS_A_DAY if most is None else most
    if by.account is None:
        return
    since = clock.now() - timedelta(days=1)
    if Appointment.objects.filter(appointed_by=by.account, appointed_at__gte=since).count() >= most:
        raise TooMany(f"您 24 小时内已设置 {most} 人，达到上限。请明天再办理，或由本部门其他经办员办理。")


def refuse_oneself(by: Actor, number: str, post: Post) -> None:
    """Nobody gives himself a role. Raises Refused."""
    if by.account is None or accounts.account(by.account).login != number:
        return
    if post.role is Role.COLLECTION_ADMINISTRATOR:
        raise Refused("不能把自己设置为采集管理员，请由单位另派人员担任。")
    raise Refused(
        f"不能把自己设置为「{post.title}」。请由本单位其他管理员或副管理员办理；没有的，请先用「设置副管理员」设置。"
    )


def end(row: Appointment, by: Actor, reason: str, account: UUID | None = None) -> None:
    """End a role or an offer; rights end with the commit. `account` held it."""
    row.ended_at, row.ended_by, row.end_reason, row.sole_key = clock.now(), by.account, reason[:200], None
    row.save(update_fields=["ended_at", "ended_by", "end_reason", "sole_key"])
    record("ended", row, by)
    announce(AppointmentEnded(row.pk, row.unit_id, row.role, account, by.account, row.title, row.end_reason))


def record(verb: str, row: Appointment, by: Actor) -> None:
    """The line in the ledger: which role, in which unit, whether in an emergency."""
    detail: dict[str, str | bool] = {"role": row.role}
    if row.business_role_id:
        detail["business_role"] = str(row.business_role_id)
    if row.replaces_id:
        detail["replaces"] = str(row.replaces_id)
    if row.emergency:
        detail["emergency"] = True
    audit.record(
        f"organizations.appointment.{verb}", by=by, kind="appointment", id=str(row.pk), unit=row.unit_id, detail=detail
    )


def told(row: Appointment) -> Offer:
    """What the appointing side is told; the same for registered and unknown numbers (AC-09)."""
    sentence = (
        f"已向 {row.invitee} 发出「{row.title}」授权，待本人登录后接受即生效。证件号码尚未注册的，注册后即可看到。"
    )
    return Offer(row.pk, row.unit_id, row.plain_role, row.invitee, sentence)


def in_place_of(post: Post, former: Appointment | None) -> Post:
    """The same post, taken over from somebody."""
    return replace(post, replaces=former)
