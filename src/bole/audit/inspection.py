"""Checks the whole ledger: entries against seals, seals against the chain, checkpoints against the tree."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from bole.audit import outside, tree
from bole.audit.models import Checkpoint, Entry, Pending, Seal, checkpoint_mac, entry_mac, instant
from bole.audit.terms import Verification
from bole.kernel.clock import now

_MOST = 100  # faults told; more would not help anybody
_BATCH = 2_000


class _Sealed(NamedTuple):
    """One seal, read without the weight of a model row: there are millions of them."""

    leaf_index: int
    entry: UUID
    leaf_hash: bytes
    previous: bytes


class _Found(list[str]):
    """Faults as sentences, up to the most that are told."""

    def say(self, sentence: str) -> None:
        if len(self) < _MOST:
            self.append(sentence)


def inspect() -> Verification:
    """Read everything once, in constant memory, while the ledger stays in use."""
    faults = _Found()
    started = now()
    lines = list(outside.lines())
    checkpoints = {point.size: point for point in Checkpoint.objects.order_by("size")}
    _check_checkpoints(checkpoints, faults)
    _check_outside(lines, checkpoints, started, faults)
    size = max(checkpoints, default=0)
    wanted = set(checkpoints) | {line.size for line in lines if line.genuine}
    roots = _walk(size, wanted, faults)
    _check_roots(roots, checkpoints, lines, faults)
    unsealed = _check_edges(size, faults)
    return Verification(sound=not faults, entries=size + unsealed, faults=list(faults))


def _check_checkpoints(checkpoints: dict[int, Checkpoint], faults: _Found) -> None:
    for size, point in checkpoints.items():
        if checkpoint_mac(size, point.root, point.head, instant(point.at)) != point.mac:
            faults.say(f"检查点 {size} 的内容被改动，密钥摘要不符")


def _check_outside(
    lines: list[outside.Line], checkpoints: dict[int, Checkpoint], started: datetime, faults: _Found
) -> None:
    """The file must tell every checkpoint but one that is just being written; the database must reach every line."""
    told: dict[int, str] = {}
    for line in lines:
        if not line.genuine:
            faults.say(f"检查点文件第 {line.number} 行被改动或损坏")
        elif told.setdefault(line.size, line.root) != line.root:
            faults.say(f"检查点文件对同一长度 {line.size} 记有两种内容：数据库曾被替换")
        elif line.size not in checkpoints:
            faults.say(f"检查点文件记有长度 {line.size}，数据库中没有：审计记录被截断或恢复成了旧备份")
    newest = max(checkpoints, default=0)
    for size, point in checkpoints.items():
        if size not in told and size != newest and point.at < started:
            faults.say(f"检查点 {size} 不在检查点文件中：文件被删改")


def _walk(size: int, wanted: set[int], faults: _Found) -> dict[int, tuple[str, str]]:
    """Follow the chain; returns root and head at each wanted size."""
    grown, head, reached = tree.Tree(), tree.EMPTY, {}
    for seal, entry in _sealed(size):
        if seal.leaf_index != grown.size:
            faults.say(f"审计链在第 {grown.size} 条处不连续（下一条是第 {seal.leaf_index} 条）：有封条被删除或移动")
            break
        if seal.previous != head:
            faults.say(f"第 {seal.leaf_index} 条与前一条不相连：顺序或内容被改动")
        _check_entry(seal, entry, faults)
        head = tree.link(head, seal.leaf_hash)
        grown.add(seal.leaf_hash)
        if grown.size in wanted:
            reached[grown.size] = (grown.root().hex(), head.hex())
    return reached


def _sealed(size: int) -> Iterator[tuple[_Sealed, Entry | None]]:
    after = -1
    while True:
        rows = Seal.objects.filter(leaf_index__gt=after, leaf_index__lt=size).order_by("leaf_index")
        columns = rows.values_list("leaf_index", "entry", "leaf_hash", "previous")[:_BATCH]
        seals = [_Sealed(index, entry, bytes(leaf), bytes(previous)) for index, entry, leaf, previous in columns]
        if not seals:
            return
        entries = Entry.objects.in_bulk([seal.entry for seal in seals])
        for seal in seals:
            yield seal, entries.get(seal.entry)
        after = seals[-1].leaf_index


def _check_entry(seal: _Sealed, entry: Entry | None, faults: _Found) -> None:
    if entry is None:
        faults.say(f"第 {seal.leaf_index} 条（{seal.entry}）的记录被删除")
        return
    body = entry.body()
    if entry_mac(body) != bytes(entry.mac):
        faults.say(f"第 {seal.leaf_index} 条（{seal.entry}）的内容被改动，密钥摘要不符")
    elif tree.leaf(body + bytes(entry.mac)) != seal.leaf_hash:
        faults.say(f"第 {seal.leaf_index} 条（{seal.entry}）与封存时不同")


def _check_roots(
    roots: dict[int, tuple[str, str]],
    checkpoints: dict[int, Checkpoint],
    lines: list[outside.Line],
    faults: _Found,
) -> None:
    for size, point in checkpoints.items():
        if roots.get(size) != (point.root, point.head):
            faults.say(f"检查点 {size} 与审计记录不符")
    for line in lines:
        if line.genuine and line.size in checkpoints and roots.get(line.size) != (line.root, line.head):
            faults.say(f"检查点文件第 {line.number} 行（长度 {line.size}）与审计记录不符")


def _check_edges(size: int, faults: _Found) -> int:
    """What lies outside the sealed part; each question is one statement and so one snapshot."""
    for seal in Seal.objects.filter(leaf_index__gte=size).exclude(
        Exists(Checkpoint.objects.filter(size__gt=OuterRef("leaf_index")))
    )[:_MOST]:
        faults.say(f"第 {seal.leaf_index} 条封条不在任何检查点之内：被插入")
    sealed = Exists(Seal.objects.filter(entry=OuterRef("pk")))
    queued = Exists(Pending.objects.filter(entry=OuterRef("pk")))
    for entry in Entry.objects.filter(~sealed, ~queued)[:_MOST]:
        faults.say(f"记录 {entry.id} 既未封存也未排队：被插入")
    gone = ~Exists(Entry.objects.filter(pk=OuterRef("entry")))
    for place in Pending.objects.filter(gone)[:_MOST]:
        faults.say(f"待封存的记录 {place.entry} 被删除")
    waiting = 0
    for entry in Entry.objects.filter(queued, ~sealed).iterator():
        waiting += 1
        if entry_mac(entry.body()) != bytes(entry.mac):
            faults.say(f"待封存的记录 {entry.id} 的内容被改动或插入，密钥摘要不符")
    return waiting
