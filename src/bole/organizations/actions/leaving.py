"""Leavers: everything that an account holds in a unit ends in one transaction (GZ-10, AC-14).

Rights are read at every request, so nothing is left of them at the next one; what was handled stays with the unit.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.audit import actions as audit
from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.kernel.contention import giving_way
from bole.kernel.errors import Absent, BoleError, Invalid
from bole.organizations import queries, rules
from bole.organizations.actions import unit_accounts
from bole.organizations.actions.offering import end, locked_unit, read_reason
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Act, Role, RowResult

MOST_AT_ONCE = 200

_WHY = "请填写清理原因，例如：离职、离岗、调出"


def end_all(*, account: UUID, unit: UUID, reason: str, by: Actor) -> int:
    """End every role and offer of the account in the unit; how many there were. A second time there are none.

    The platform ends all, for a transfer. An administrator ends neither his own roles nor the administrator's, nor
    what lies outside his range of business. Raises Refused with what to do, Absent, Invalid without a reason.
    """
    said = read_reason(reason, _WHY)
    with transaction.atomic():
        row = locked_unit(unit)
        rules.may_act(by, Act.CLEAN_UP, row).demand()
        holder = accounts.account(account)
        rows = _held(row, holder)
        _may_clear(by, holder, rows).demand()
        for each in rows:
            end(each, by, said, each.account_id)
        for each in rows:
            unit_accounts.take_back(each, by)
        if rows:
            audit.record(
                "organizations.staff.cleared",
                by=by,
                kind="account",
                id=str(account),
                unit=row.pk,
                detail={"ended": len(rows)},
            )
    return len(rows)


def clean_up(*, unit: UUID, accounts: Sequence[UUID], reason: str, by: Actor) -> tuple[RowResult, ...]:
    """「清理离职、离岗人员账号」: each account by itself, with what became of it.

    Raises Refused for who may not at all, Invalid without a reason, without accounts, and for more than 200.
    """
    said = read_reason(reason, _WHY)
    if not accounts:
        raise Invalid.at("accounts", "请先勾选要清理的人员")
    if len(accounts) > MOST_AT_ONCE:
        raise Invalid.at("accounts", f"一次最多清理 {MOST_AT_ONCE} 人，请分批办理")
    rules.may_act(by, Act.CLEAN_UP, queries.unit(unit)).demand()
    return tuple(_cleared(unit, account, said, by) for account in dict.fromkeys(accounts))


def _cleared(unit: UUID, account: UUID, reason: str, by: Actor) -> RowResult:
    name = Account.objects.filter(pk=account, appointments__unit_id=unit).values_list("name", flat=True).first() or ""
    try:
        if not name:
            raise Absent("该人员不是本单位的人员，未作处理。")
        with giving_way():
            ended = end_all(account=account, unit=unit, reason=reason, by=by)
    except BoleError as refused:
        return RowResult(account, name, ok=False, say=refused.sentence)
    say = f"已解除 {ended} 项授权。" if ended else "没有需要解除的授权。"
    return RowResult(account, name, ok=True, say=say)


def _held(unit: Unit, holder: Account) -> list[Appointment]:
    own = Q(account=holder) | Q(account=None, invitee_index=queries.invitee_index(holder.login))
    rows = Appointment.objects.current().filter(own, unit=unit).select_related("unit", "business_role__keeper")
    return list(rows.order_by("id").select_for_update(of=("self",)))


def _may_clear(by: Actor, holder: Account, rows: Sequence[Appointment]) -> Answer:
    if by.way is Way.SYSTEM:
        return YES
    if holder.pk == by.account:
        return no("不能清理自己的账号。请由其他管理员办理，或先移交管理员。")
    for row in rows:
        if row.accepted_at is not None and row.plain_role is Role.ADMINISTRATOR:
            return no(f"{holder.name}是单位管理员，请先移交管理员，或由上级单位移除，再清理账号。")
        allowed = rules.may_end_appointment(by, row)
        if not allowed:
            return no(f"{holder.name}的「{row.title}」您不能解除：{allowed.reason}")
    return YES
