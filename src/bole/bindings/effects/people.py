"""Effects on persons: the archive is offered and verified; registrations, bindings, changes and transfers come true."""

from uuid import UUID

from bole.bindings import following
from bole.bindings.effects.given import answer, named_unit
from bole.bindings.records import offered_records
from bole.definitions.terms import Service
from bole.kernel.errors import Invalid, Refused
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.people import actions as people
from bole.people import queries
from bole.people.terms import Entry
from bole.review.terms import EffectContext


def offer_archive(context: EffectContext) -> None:
    """Offer the submitted records to the person's archive, unverified, with the case as their source (ALL-01)."""
    if context.person is None:
        return
    archive = _archive(context.service, context.person)
    people.give_back_all(
        person=context.person,
        records=offered_records(context.service, context.typed, context.values, archive),
        source=f"{context.service.name}（本人填报）",
        source_case=context.number,
        by=context.by,
    )


def verify_archive(context: EffectContext) -> None:
    """Mark the approved records in the archive as verified by the authority that decided.

    Raises Refused when nobody decided for a unit: nothing is verified by nobody.
    """
    if context.person is None:
        return
    if context.by.unit is None:
        raise Refused("只有人社部门审核通过后才能核验档案。")
    archive = _archive(context.service, context.person)
    people.verify_all(
        person=context.person,
        records=offered_records(context.service, context.typed, context.values, archive, verifying=True),
        source=f"{context.service.name}（审核通过）",
        source_case=context.number,
        by=context.by,
    )


def _archive(service: Service, person: UUID) -> dict[str, tuple[Entry, ...]]:
    """What the archive holds of the kinds that the form asks, held until the transaction ends: a record that is taken
    out meanwhile does not come back."""
    people.locked_person(person)
    return queries.archive_kinds(person, [each.record for each in service.sections if each.record])


def admit(context: EffectContext) -> None:
    """The unit passed a registration: the account opens, the person belongs to the unit (HA-02)."""
    people.admit(person=_person(context), unit=context.unit, by=context.on_behalf)


def refuse(context: EffectContext) -> None:
    """The unit rejected a registration; the same person may register again."""
    people.refuse_registration(person=_person(context), by=context.on_behalf)


def check_binding(context: EffectContext) -> None:
    """Before it is handed in: who belongs to a unit already changes it by a transfer. Raises Refused."""
    tie = queries.current_tie(_person(context))
    if tie is None:
        return
    if tie.unit_id == context.unit:
        raise Refused(f"您已经是「{tie.unit.name}」的人员，不需要再绑定。")
    raise Refused(f"您已绑定「{tie.unit.name}」。要换到其他单位，请由该单位办理「人员调转」，或先由该单位解除。")


def bind(context: EffectContext) -> None:
    """The unit passed 「个人绑定推荐单位」: the person belongs to it, and open declarations follow (JL-03)."""
    person = _person(context)
    people.bind_person(person=person, unit=context.unit, by=context.on_behalf)
    following.follow(person=person, to=context.unit, by=context.on_behalf)


def change(context: EffectContext) -> None:
    """The unit passed a change of 「专业技术职务」 (HA-03)."""
    title = answer(context, "change", "title")
    people.change_person(person=_person(context), values={"title": title}, by=context.on_behalf)


def check_transfer(context: EffectContext) -> None:
    """Before it is sent out: to another unit, and of somebody who still belongs to the sending one. Raises Invalid."""
    if _target(context) == context.unit:
        raise Invalid.at("target.unit", "调入单位就是现在的单位，请选择其他单位")
    _demand_still_here(context)


def transfer(context: EffectContext) -> None:
    """「确认调转」: the person goes with archive and declarations, rights in the old unit end (HA-13, GZ-06)."""
    person, target = _person(context), _target(context)
    _demand_still_here(context)
    people.transfer(person=person, to=target, by=context.on_behalf)
    following.follow(person=person, to=target, by=context.on_behalf)


def _person(context: EffectContext) -> UUID:
    if context.person is None:
        raise Refused("这份申请没有人员，不能办理。")
    return context.person


def _target(context: EffectContext) -> UUID:
    return named_unit(context, "target", "unit").pk


def _demand_still_here(context: EffectContext) -> None:
    if not queries.belongs_to(_person(context), context.unit):
        raise Refused("该人员已经不在调出单位，不能调转。请终止这份申请，由现在的单位重新办理。")
    account = queries.person(_person(context)).account_id
    if account is not None and _administers_alone(account, context.unit):  # a registrar removes no administrator
        raise Refused("该人员是调出单位的单位管理员，不能调转。请先由本人「移交管理员」，对方接受后再办理。")


def _administers_alone(account: UUID, unit: UUID) -> bool:
    """Whether the unit would have no administrator without this one (GZ-04, AC-28)."""
    return {one.account for one in organizations.holders(unit, Role.ADMINISTRATOR)} == {account}
