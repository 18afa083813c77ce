"""Writing the archive: a change ends the row and adds another; verification belongs to exact content."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Refused
from bole.kernel.ids import digest
from bole.organizations import queries as organizations
from bole.people import rules
from bole.people.actions.tying import locked_person
from bole.people.models import ArchiveRecord, Person
from bole.people.terms import Given, Offered


@dataclass(frozen=True)
class _Stamp:
    """What every record of one act carries."""

    source: str
    source_case: str
    by: Actor
    at: datetime
    unit: UUID | None = None
    unit_name: str = ""


def give_back(
    *,
    person: UUID,
    kind: str,
    records: Sequence[Offered],
    source: str,
    source_case: str = "",
    gone: Collection[str] = (),
    by: Actor,
) -> Given:
    """Offer what was entered in a case back to the archive (ALL-01).

    Equal content stays as it is, with its verification; changed content replaces the row, unverified; keys in
    `gone` are ended. Nothing else is touched. `source` is shown as it stands. Raises Refused, Absent.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_give_back(by, row).demand()
        stamp = _Stamp(source, source_case, by, clock.now())
        return _take(row, kind, records, gone, stamp)


def verify_archive(
    *,
    person: UUID,
    kind: str,
    records: Sequence[Offered],
    source: str,
    source_case: str = "",
    by: Actor,
) -> Given:
    """Enter the records that an authority has approved, as verified by the authority acted for.

    Only this very content becomes verified: what the person changed since stays out of it by its own row.
    Runs inside the deciding transaction; twice is once. Raises Refused, Absent.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_verify(by, row.pk).demand()
        if by.unit is None:  # the platform by itself verifies nothing (ALL-12)
            raise Refused("只有人社部门审核通过后才能核验档案。")
        authority = organizations.unit(by.unit)
        stamp = _Stamp(source, source_case, by, clock.now(), authority.pk, authority.name)
        return _take(row, kind, records, (), stamp)


def correct_record(*, person: UUID, kind: str, key: str, data: Mapping[str, Any], by: Actor) -> ArchiveRecord:
    """The person corrects one record; it is unverified from then on. Raises Refused, Absent for an unknown key."""
    with transaction.atomic():
        row = locked_person(person)
        rules.may_correct(by, row.pk).demand()
        _take(row, kind, [Offered(_standing(row, kind, key).key, data)], (), _Stamp("本人更正", "", by, clock.now()))
        return _standing(row, kind, key)


def retire_record(*, person: UUID, kind: str, key: str, by: Actor) -> None:
    """The person takes one record out of the archive; its history stays. Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        row = locked_person(person)
        rules.may_correct(by, row.pk).demand()
        _take(row, kind, [], [key], _Stamp("本人更正", "", by, clock.now()))


def _standing(person: Person, kind: str, key: str) -> ArchiveRecord:
    found = ArchiveRecord.objects.current().filter(person=person, kind=kind, key=key).first()
    if found is None:
        raise Absent("没有找到这条档案记录，它可能已经删除或更正。请刷新后再试。")
    return found


def _take(person: Person, kind: str, records: Sequence[Offered], gone: Collection[str], stamp: _Stamp) -> Given:
    standing = {row.key: row for row in ArchiveRecord.objects.current().filter(person=person, kind=kind)}
    added = changed = unchanged = ended = verified = 0
    for record in records:
        old = standing.get(record.key)
        if old is not None and digest(old.data) == digest(dict(record.data)):
            unchanged += 1
            verified += _verify(old, stamp)
            continue
        if old is not None:
            _end(old, stamp.at)
        changed, added = (changed + 1, added) if old is not None else (changed, added + 1)
        standing[record.key] = _add(person, kind, record, stamp)
    for key in set(gone) - {record.key for record in records}:
        if key in standing:
            _end(standing[key], stamp.at)
            ended += 1
    if added or changed or ended or verified:
        verb = "verified" if stamp.unit else "changed"
        audit.record(
            f"people.archive.{verb}",
            by=stamp.by,
            kind="person",
            id=str(person.pk),
            unit=stamp.unit,
            detail={"kind": kind, "added": added, "changed": changed, "ended": ended, "case": stamp.source_case},
        )
    return Given(added, changed, unchanged, ended)


def _add(person: Person, kind: str, record: Offered, stamp: _Stamp) -> ArchiveRecord:
    row = ArchiveRecord(
        person=person,
        kind=kind,
        key=record.key,
        data=dict(record.data),
        source=stamp.source,
        source_case=stamp.source_case,
        entered_at=stamp.at,
        entered_by=stamp.by.account,
        verified_at=stamp.at if stamp.unit else None,
        verified_by_unit=stamp.unit,
        verified_by_name=stamp.unit_name,
    )
    row.save(force_insert=True)
    return row


def _verify(row: ArchiveRecord, stamp: _Stamp) -> bool:
    """Equal content that nobody verified yet becomes verified in place; an older verification stands."""
    if stamp.unit is None or row.verified_at is not None:
        return False
    row.verified_at, row.verified_by_unit, row.verified_by_name = stamp.at, stamp.unit, stamp.unit_name
    row.save(update_fields=["verified_at", "verified_by_unit", "verified_by_name"])
    return True


def _end(row: ArchiveRecord, at: datetime) -> None:
    row.ended_at = at
    row.save(update_fields=["ended_at"])
