"""Binding persons to units."""

from datetime import date
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Invalid, Refused
from bole.kernel.events import announce
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.people import rules
from bole.people.events import PersonTied, TieEnded
from bole.people.models import Person, Tie
from bole.people.terms import NOT_OF_UNIT, TieBasis


def tie_person(*, person: UUID, unit: UUID, basis: TieBasis = TieBasis.PERSON, by: Actor) -> Tie:
    """Make the unit the person's own; a former one is left in the same transaction. Twice changes nothing.

    Raises Refused for who may not, Absent, Invalid for a unit nobody can belong to.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_tie(by, row.pk, open_unit(unit)).demand()
        return tie(row, unit, basis, by)


def end_tie(*, person: UUID, by: Actor) -> None:
    """The person leaves the present unit. Twice changes nothing. Raises Refused for who may not, Absent."""
    with transaction.atomic():
        row = locked_person(person)
        standing = Tie.objects.filter(person=row, until_on=None).first()
        if standing is None:
            _refuse_strangers(by, row)
            return
        rules.may_end_tie(by, standing).demand()
        _end(standing, by, clock.today())
        audit.record(
            "people.tie.ended",
            by=by,
            kind="person",
            id=str(row.pk),
            unit=standing.unit_id,
            detail={"tie": str(standing.pk)},
        )
        announce(TieEnded(row.pk, standing.unit_id))


def place_person(*, person: UUID, department: UUID | None, by: Actor) -> Tie:
    """The department of the unit that somebody works in; None takes it away. The same twice changes nothing.

    Raises Refused for who may not and for others' people, Invalid at "department", Absent.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_invite(by, by.unit).demand()
        standing = Tie.objects.filter(person=row, unit_id=by.place, until_on=None).first()
        if standing is None:
            raise Refused(NOT_OF_UNIT)
        demand_department(department, standing.unit_id)
        if standing.department_id != department:
            standing.department_id = department
            standing.save(update_fields=["department"])
            audit.record("people.tie.placed", by=by, kind="person", id=str(row.pk), unit=standing.unit_id)
    return standing


def locked_person(person: UUID) -> Person:
    """The person's row, held until the end of the transaction. Raises Absent."""
    found = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
    if found is None:
        raise Absent
    return found


def open_unit(unit: UUID) -> Unit:
    """A unit that people can belong to. Raises Invalid at "unit"."""
    try:
        target = organizations.unit(unit)
    except Absent:
        raise Invalid.at("unit", "没有找到所在单位，请重新选择") from None
    if target.closed_on is not None:
        raise Invalid.at("unit", "该单位已停用，请重新选择所在单位")
    return target


def demand_department(department: UUID | None, unit: UUID) -> None:
    """A department must be one of that unit. Raises Invalid at "department"."""
    if department is None:
        return
    if department not in {each.id for each in organizations.departments_of(unit, disabled=False)}:
        raise Invalid.at("department", "没有找到所属工作部门，请重新选择")


def tie(
    person: Person,
    unit: UUID,
    basis: TieBasis,
    by: Actor,
    *,
    department: UUID | None = None,
    transferred: bool = False,
) -> Tie:
    """Tie a locked person; permission was asked before. Raises Invalid for a unit nobody can belong to."""
    target = open_unit(unit)
    standing = Tie.objects.filter(person=person, until_on=None).first()
    if standing and standing.unit_id == target.pk:
        return standing
    demand_department(department, target.pk)
    today = clock.today()
    if standing:
        _end(standing, by, today)
    made = Tie(
        person=person, unit=target, department_id=department, basis=basis.value, since_on=today, tied_by=by.account
    )
    made.came_from_id = standing.unit_id if standing and transferred else None
    made.save(force_insert=True)
    audit.record(
        "people.tie.made",
        by=by,
        kind="person",
        id=str(person.pk),
        unit=target.pk,
        detail={"basis": basis.value, "before": str(standing.unit_id) if standing else None},
    )
    announce(PersonTied(person.pk, target.pk, standing.unit_id if standing else None))
    return made


def _end(standing: Tie, by: Actor, on: date) -> None:
    standing.until_on, standing.ended_by = on, by.account
    standing.save(update_fields=["until_on", "ended_by"])


def _refuse_strangers(by: Actor, row: Person) -> None:
    """Nobody learns from a refusal whether the person belongs to some other unit."""
    able = rules.is_own(by, row.pk) or rules.collects_for_unit(by) or rules.may_invite(by, by.unit)
    if by.way is not Way.SYSTEM and not able:
        raise Refused("所在单位只能由本人或所在单位解除。")
