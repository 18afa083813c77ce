"""Writing the archive: a change ends the row and adds another; verification belongs to exact content."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
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
        return _take(row, {kind: records}, {kind: gone}, _Stamp(source, source_case, by, clock.now()))


def give_back_all(
    *, person: UUID, records: Mapping[str, Sequence[Offered]], source: str, source_case: str = "", by: Actor
) -> Given:
    """The same for a whole form, its records by kind: one look, one write, one entry in the ledger."""
    with transaction.atomic():
        row = locked_person(person)
        rules.may_give_back(by, row).demand()
        return _take(row, records, {}, _Stamp(source, source_case, by, clock.now()))


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
    return verify_all(person=person, records={kind: records}, source=source, source_case=source_case, by=by)


def verify_all(
    *, person: UUID, records: Mapping[str, Sequence[Offered]], source: str, source_case: str = "", by: Actor
) -> Given:
    """The same for a whole form, its records by kind."""
    with transaction.atomic():
        row = locked_person(person)
        rules.may_verify(by, row.pk).demand()
        if by.unit is None:  # the platform by itself verifies nothing (ALL-12)
            raise Refused("只有人社部门审核通过后才能核验档案。")
        authority = organizations.unit(by.unit)
        stamp = _Stamp(source, source_case, by, clock.now(), authority.pk, authority.name)
        return _take(row, records, {}, stamp)


def enter_record(
    *, person: UUID, kind: str, record: Offered, source: str, source_case: str, unit: UUID, by: Actor
) -> Given:
    """Enter what a unit decided on the person: a record of its own, verified by that unit, in place of what stands
    under its key.

    Runs inside the deciding transaction, which is the permission; twice is once. Raises Refused, Absent.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_enter_decided(by).demand()
        authority = organizations.unit(unit)
        stamp = _Stamp(source, source_case, by, clock.now(), authority.pk, authority.name)
        return _take(row, {kind: [record]}, {}, stamp)


def take_back_record(*, person: UUID, kind: str, key: str, source: str, source_case: str, by: Actor) -> Given:
    """Take out what a decision entered, which holds no more; its history stays. Twice changes nothing.

    Whatever the person has made of the record since goes with it: it says the same thing. Raises Refused, Absent.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_enter_decided(by).demand()
        return _take(row, {kind: []}, {kind: [key]}, _Stamp(source, source_case, by, clock.now()))


def correct_record(*, person: UUID, kind: str, key: str, data: Mapping[str, Any], by: Actor) -> ArchiveRecord:
    """The person corrects one record; it is unverified from then on. Raises Refused, Absent for an unknown key."""
    with transaction.atomic():
        row = locked_person(person)
        rules.may_correct(by, row.pk).demand()
        record = Offered(_standing(row, kind, key).key, data)
        _take(row, {kind: [record]}, {}, _Stamp("本人更正", "", by, clock.now()))
        return _standing(row, kind, key)


def retire_record(*, person: UUID, kind: str, key: str, by: Actor) -> None:
    """The person takes one record out of the archive; its history stays. Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        row = locked_person(person)
        rules.may_correct(by, row.pk).demand()
        _take(row, {kind: []}, {kind: [key]}, _Stamp("本人更正", "", by, clock.now()))


def _standing(person: Person, kind: str, key: str) -> ArchiveRecord:
    found = ArchiveRecord.objects.current().filter(person=person, kind=kind, key=key).first()
    if found is None:
        raise Absent("没有找到这条档案记录，它可能已经删除或更正。请刷新后再试。")
    return found


@dataclass
class _Changes:
    """What an act does to the archive, gathered first and written together."""

    new: list[ArchiveRecord] = field(default_factory=list)
    over: list[ArchiveRecord] = field(default_factory=list)  # stood until now
    proved: list[ArchiveRecord] = field(default_factory=list)  # stood unverified, with this very content
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0

    def end(self, row: ArchiveRecord, at: datetime) -> None:
        """The row stands no more; one that was offered twice in the same act keeps both states."""
        row.ended_at = at
        if not row._state.adding:
            self.over.append(row)

    def write(self, stamp: _Stamp) -> None:
        """Ended rows first: one record of a key stands at a time."""
        rows = ArchiveRecord.objects.filter
        if self.over:
            rows(pk__in=[row.pk for row in self.over]).update(ended_at=stamp.at)
        if self.proved:
            rows(pk__in=[row.pk for row in self.proved]).update(
                verified_at=stamp.at, verified_by_unit=stamp.unit, verified_by_name=stamp.unit_name
            )
        if self.new:
            ArchiveRecord.objects.bulk_create(self.new)


def _take(
    person: Person, records: Mapping[str, Sequence[Offered]], gone: Mapping[str, Collection[str]], stamp: _Stamp
) -> Given:
    rows = ArchiveRecord.objects.current().filter(person=person, kind__in=list(records))
    standing = {(row.kind, row.key): row for row in rows}
    changes = _Changes()
    for kind, offered in records.items():
        for record in offered:
            _offer(changes, standing, person, kind, record, stamp)
        for key in set(gone.get(kind, ())) - {record.key for record in offered}:
            if (kind, key) in standing:
                changes.end(standing[kind, key], stamp.at)
                changes.ended += 1
    changes.write(stamp)
    if changes.new or changes.over or changes.proved:
        verb = "verified" if stamp.unit else "changed"
        audit.record(
            f"people.archive.{verb}",
            by=stamp.by,
            kind="person",
            id=str(person.pk),
            unit=stamp.unit,
            detail={
                "kinds": sorted({row.kind for row in (*changes.new, *changes.over, *changes.proved)}),
                "added": changes.added,
                "changed": changes.changed,
                "ended": changes.ended,
                "case": stamp.source_case,
            },
        )
    return Given(changes.added, changes.changed, changes.unchanged, changes.ended)


def _offer(
    changes: _Changes,
    standing: dict[tuple[str, str], ArchiveRecord],
    person: Person,
    kind: str,
    record: Offered,
    stamp: _Stamp,
) -> None:
    old = standing.get((kind, record.key))
    if old is not None and digest(old.data) == digest(dict(record.data)):
        changes.unchanged += 1
        # Equal content that nobody verified yet becomes verified in place; an older verification stands.
        if stamp.unit is not None and old.verified_at is None:
            old.verified_at = stamp.at
            changes.proved.append(old)
        return
    if old is not None:
        changes.end(old, stamp.at)
        changes.changed += 1
    else:
        changes.added += 1
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
    standing[kind, record.key] = row
    changes.new.append(row)
