"""Binding persons to units."""

from datetime import date
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.kernel.events import announce
from bole.organizations import queries as organizations
from bole.people import rules
from bole.people.events import PersonTied, TieEnded
from bole.people.models import Person, Tie
from bole.people.terms import TieBasis


def tie_person(*, person: UUID, unit: UUID, basis: TieBasis = TieBasis.PERSON, by: Actor) -> Tie:
    """Make the unit the person's own; a former one is left in the same transaction. Twice changes nothing.

    Raises Refused for who may not, Absent, Invalid for a unit nobody can belong to.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_tie(by, row.pk).demand()
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


def locked_person(person: UUID) -> Person:
    """The person's row, held until the end of the transaction. Raises Absent."""
    found = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
    if found is None:
        raise Absent
    return found


def tie(person: Person, unit: UUID, basis: TieBasis, by: Actor) -> Tie:
    """Tie a locked person; permission was asked before. Raises Invalid for a unit nobody can belong to."""
    try:
        target = organizations.unit(unit)
    except Absent:
        raise Invalid.at("unit", "没有找到所在单位，请重新选择") from None
    if target.closed_on is not None:
        raise Invalid.at("unit", "该单位已停用，请重新选择所在单位")
    standing = Tie.objects.filter(person=person, until_on=None).first()
    if standing and standing.unit_id == target.pk:
        return standing
    today = clock.today()
    if standing:
        _end(standing, by, today)
    made = Tie(person=person, unit=target, basis=basis.value, since_on=today, tied_by=by.account)
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
    if not rules.may_tie(by, row.pk) and not rules.collects_for_unit(by):
        raise Refused("所在单位只能由本人或所在单位解除。")
