"""Writing the ledger: an entry with each act, seals afterwards."""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from bole.audit import outside, tree
from bole.audit.models import Checkpoint, Entry, Pending, Seal, Sealer, checkpoint_mac, entry_mac, instant
from bole.audit.outside import configure
from bole.audit.terms import ACTION, JSON, LedgerError, Outcome
from bole.kernel.actors import Actor
from bole.kernel.clock import now

__all__ = ["configure", "record", "record_refusal", "seal_pending"]

_BATCH = 500  # rows per statement: under SQLite's limit of variables
_log = logging.getLogger("bole.audit")


def record(
    action: str,
    *,
    by: Actor,
    kind: str,
    id: str,
    unit: UUID | None = None,
    person: UUID | None = None,
    detail: Mapping[str, JSON] | None = None,
    operation: UUID | None = None,
) -> None:
    """Write down what was just done, in the transaction that did it: no entry, no act.

    `unit` is the unit concerned (default: the one acted for); `person` is whose data was touched when `kind`
    names something else. `detail` holds codes, counts and row ids, never personal data.
    Raises ValueError for an action that is not room.subject.verb, TypeError for a detail that is not plain JSON.
    """
    _write(Outcome.DONE, action, by, kind, id, unit, person, detail, operation)


def record_refusal(
    action: str,
    *,
    by: Actor,
    kind: str,
    id: str,
    unit: UUID | None = None,
    person: UUID | None = None,
    detail: Mapping[str, JSON] | None = None,
    operation: UUID | None = None,
) -> None:
    """Write down what was refused. Call it outside the transaction that failed, or it vanishes with it."""
    _write(Outcome.REFUSED, action, by, kind, id, unit, person, detail, operation)
    _log.warning("refused %s %s %s account=%s", action, kind, id, by.account)


def _write(
    outcome: Outcome,
    action: str,
    by: Actor,
    kind: str,
    subject: str,
    unit: UUID | None,
    person: UUID | None,
    detail: Mapping[str, JSON] | None,
    operation: UUID | None,
) -> None:
    if not ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is not room.subject.verb")
    _demand_plain(detail or {})
    entry = Entry(
        at=now(),
        account=by.account,
        name=by.name,
        way=by.way.value,
        unit=unit or by.unit,
        action=action,
        outcome=outcome.value,
        kind=kind,
        subject=subject,
        person=person or (UUID(subject) if kind == "person" else None),
        detail=dict(detail or {}),
        operation=operation,
        address=by.address,
    )
    entry.mac = entry_mac(entry.body())
    with transaction.atomic(savepoint=False):  # entry and place stand or fall with the act around them
        entry.save(force_insert=True)
        Pending.objects.create(entry=entry.id)


def _demand_plain(value: JSON) -> None:
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("audit detail: keys are text")
        parts: Sequence[JSON] = list(value.values())
    elif isinstance(value, list | tuple):
        parts = value
    else:
        raise TypeError(f"audit detail: {type(value).__name__} is not plain JSON")
    for part in parts:
        _demand_plain(part)


def seal_pending(limit: int = 10_000) -> int:
    """Give committed entries their place in chain and tree; returns how many. Done twice, nothing happens twice.

    One sealer at a time: the second waits for the first. Raises LedgerError when the last checkpoint was tampered
    with, OSError when the file outside the database cannot be written (then nothing more is sealed).
    """
    with transaction.atomic():
        _lock()
        last = Checkpoint.objects.order_by("-size").first()
        if last and not outside.holds(last):
            outside.append(last)  # a crash came between the commit and the line
        queue = list(Pending.objects.order_by("id")[:limit])
        entries = _entries_of(queue)
        # A queued entry that is gone was deleted by force: its place in the queue stays as the trace of it.
        waiting = [place for place in queue if place.entry in entries]
        if not waiting:
            return 0
        checkpoint = _seal([entries[place.entry] for place in waiting], last)
        for start in range(0, len(waiting), _BATCH):
            Pending.objects.filter(id__in=[place.id for place in waiting[start : start + _BATCH]]).delete()
    with transaction.atomic():
        _lock()
        newest = Checkpoint.objects.order_by("-size").first()
        if newest and newest.size == checkpoint.size and not outside.holds(newest):
            outside.append(newest)
    return len(waiting)


def _lock() -> None:
    Sealer.objects.get_or_create(id=1)
    Sealer.objects.select_for_update().get(id=1)


def _entries_of(queue: list[Pending]) -> dict[UUID, Entry]:
    found: dict[UUID, Entry] = {}
    for start in range(0, len(queue), _BATCH):
        wanted = [place.entry for place in queue[start : start + _BATCH]]
        found.update({entry.id: entry for entry in Entry.objects.filter(id__in=wanted)})
    return found


def _seal(entries: list[Entry], last: Checkpoint | None) -> Checkpoint:
    grown, head = _resume(last)
    seals = []
    for entry in entries:
        leaf_hash = tree.leaf(entry.body() + bytes(entry.mac))
        seals.append(Seal(leaf_index=grown.size, entry=entry.id, leaf_hash=leaf_hash, previous=head))
        grown.add(leaf_hash)
        head = tree.link(head, leaf_hash)
    Seal.objects.bulk_create(seals, batch_size=_BATCH)
    at, root = now(), grown.root().hex()
    return Checkpoint.objects.create(
        size=grown.size,
        root=root,
        head=head.hex(),
        peaks=[peak.hex() for peak in grown.peaks],
        at=at,
        mac=checkpoint_mac(grown.size, root, head.hex(), instant(at)),
    )


def _resume(last: Checkpoint | None) -> tuple[tree.Tree, bytes]:
    if last is None:
        return tree.Tree(), tree.EMPTY
    grown = tree.Tree(last.size, [bytes.fromhex(peak) for peak in last.peaks])
    genuine = checkpoint_mac(last.size, last.root, last.head, instant(last.at)) == last.mac
    if not genuine or grown.root().hex() != last.root:
        raise LedgerError(f"the checkpoint at {last.size} was changed")
    return grown, bytes.fromhex(last.head)
