"""Effects on units: what a registration, a change or a change of superior makes true once it was passed.

The deciding transaction carries them; a refusal of theirs takes the decision back and is shown to who decides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from bole.bindings import postponing
from bole.bindings.effects.given import answer, named_unit
from bole.bindings.lookups import knot
from bole.kernel import clock
from bole.kernel.errors import Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Unit
from bole.organizations.terms import UNIT_KIND_NAMES, Role, UnitKind, covers
from bole.people import queries as people
from bole.review.terms import EffectContext

# Which kind of unit each registration service makes.
REGISTERS: dict[str, UnitKind] = {
    "unit-registration-employer": UnitKind.UNIT,
    "unit-registration-lower": UnitKind.UNIT,
    "unit-registration-department": UnitKind.DEPARTMENT,
    "unit-registration-base": UnitKind.BASE,
    "unit-registration-authority": UnitKind.AUTHORITY,
}
# What of a registration is kept in columns of its own; the rest of it goes into the unit's details.
_COLUMNS = {"nature": "unit_type", "industry": "industry", "address": "address", "leader": "leader", "duties": "duties"}
_DETAILS = ("rank", "telephone", "base_level")
_TABLES = ("venues", "teachers")


def check_registration(context: EffectContext) -> None:
    """Before it is handed in: a code or an authority's ground that is taken is told where it was typed (AC-15).

    Raises Invalid at "organization.credit_code" or "organization.region".
    """
    given, kind = context.values["organization"], REGISTERS[context.service.service]
    _refuse_taken(given.get("credit_code", ""), "organization.credit_code", besides=None)
    site, region = context.service.site, given.get("region", "")
    if not covers(queries.site(site).region, region):
        raise Invalid.at("organization.region", f"所属区域应在{queries.site(site).short}范围内，请重新选择")
    above = queries.unit(context.unit)
    if not covers(above.region, region):
        raise Invalid.at("organization.region", f"所属区域应在「{above.name}」所属地区范围内，请重新选择")
    if kind is UnitKind.AUTHORITY and queries.authority_at(site, region) is not None:
        raise Invalid.at("organization.region", "该地区已经有人社部门，一个地区只能登记一个")
    managed = _managed(_applicant(context))
    if managed:
        raise Refused(f"您已是{managed}的单位管理员，一人只能担任一个单位的管理员。请由单位另派人员申请，或先移交。")


def register_unit(context: EffectContext) -> None:
    """The unit comes to be under the one that passed it; the applicant administers it (HA-07).

    Raises Refused, in words for who decides, for what has changed since it was handed in.
    """
    given, account = context.values["organization"], _applicant(context)
    managed = _managed(account)
    if managed:
        raise Refused(f"申请人已是{managed}的单位管理员，一人只能担任一个单位的管理员。请驳回，由单位另派人员申请。")
    details: dict[str, Any] = {name: given[name] for name in _DETAILS if given.get(name)}
    details |= {name: [_plain(row) for row in context.values.get(name) or ()] for name in _TABLES}
    with _told_to_decider():
        actions.register_unit(
            site=context.service.site,
            kind=REGISTERS[context.service.service],
            name=answer(context, "organization", "name"),
            region=answer(context, "organization", "region"),
            parent=context.unit,
            credit_code=answer(context, "organization", "credit_code"),
            values={column: given[name] for name, column in _COLUMNS.items() if given.get(name)},
            details={name: value for name, value in details.items() if value},
            administrator=account,
            by=context.on_behalf,
        )


def check_attachment(context: EffectContext) -> None:
    """Before it is handed in: no unit asks for itself, one below it, or a kind that cannot be above (GZ-05, AC-15).

    Raises Invalid at "target.unit".
    """
    say = knot(queries.unit(context.unit), _target(context))
    if say:
        raise Invalid.at("target.unit", say)


def attach(context: EffectContext) -> None:
    """The unit is attached to the superior it asked for, at once or on the day asked for; its open cases follow."""
    target, day = _target(context), (context.values.get("target") or {}).get("effective_on")
    if day and date.fromisoformat(day) > clock.today():
        postponing.postpone(context, to=target.pk, on=date.fromisoformat(day))
    else:
        postponing.attach(unit=context.unit, to=target.pk, by=context.on_behalf)


def check_change(context: EffectContext) -> None:
    """Before it is handed in: a code that another unit has is told where it was typed. Raises Invalid."""
    _refuse_taken(context.values["change"].get("credit_code", ""), "change.credit_code", besides=context.unit)


def change_unit(context: EffectContext) -> None:
    """Name and code as they were passed; only what differs from what stands."""
    given, unit = context.values["change"], queries.unit(context.unit)
    asked = {name: given[name] for name in ("name", "credit_code") if given.get(name)}
    values = {name: value for name, value in asked.items() if value != getattr(unit, name)}
    if values:
        with _told_to_decider():
            actions.change_unit(unit=unit.pk, values=values, by=context.on_behalf)


def _target(context: EffectContext) -> Unit:
    return named_unit(context, "target", "unit")


def _refuse_taken(code: str, place: str, *, besides: UUID | None) -> None:
    standing = queries.unit_by_code(code) if code else None
    if standing is not None and standing.pk != besides:
        kind = UNIT_KIND_NAMES[UnitKind(standing.kind)]
        raise Invalid.at(place, f"该统一社会信用代码已经登记为{kind}，请核对代码；确属本单位的，请联系该单位的管理员")


@contextmanager
def _told_to_decider() -> Iterator[None]:
    """Faults of what the applicant typed have no field on the page of who decides: there they are one refusal."""
    try:
        yield
    except Invalid as wrong:
        raise Refused(f"{wrong.sentence}。请退回修改，或终止这份申请。") from None


def _applicant(context: EffectContext) -> UUID:
    """The account of who applied, which is to administer the unit."""
    account = people.person(context.person).account_id if context.person is not None else None
    if account is None:
        raise Refused("申请人的账号已经注销，不能担任单位管理员。请驳回，由单位另派人员申请。")
    return account


def _managed(account: UUID) -> str:
    """The unit that the account administers already; nothing where there is none."""
    held = (one for one in queries.capacities(account) if Role.ADMINISTRATOR in one.roles)
    return next((one.name for one in held), "")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}
