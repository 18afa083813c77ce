"""Everything somebody with full rights on the database may do to sealed rows is found."""

import random
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from bole.audit import actions, queries, tree
from bole.audit.models import Checkpoint, Entry, Pending, Seal
from bole.kernel.actors import system
from bole.kernel.ids import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_triggers")]
BY = system("tests")


def ledger(dice: random.Random) -> int:
    """A sealed ledger with a few checkpoints; returns its size."""
    total = 0
    for _ in range(dice.randint(2, 4)):
        for _ in range(dice.randint(2, 9)):
            actions.record("cases.case.saved", by=BY, kind="case", id=str(total), detail={"n": total})
            total += 1
        actions.seal_pending()
    assert queries.verify().sound
    return total


def edit(dice: random.Random, size: int) -> None:
    entry = Entry.objects.get(pk=Seal.objects.get(leaf_index=dice.randrange(size)).entry)
    column, value = dice.choice([
        ("name", "别人"), ("action", "cases.case.approved"), ("subject", "999"), ("account", new_id()),
        ("unit", new_id()), ("person", new_id()), ("detail", {"n": -1}), ("address", "10.0.0.9"),
        ("outcome", "refused"), ("at", entry.at + timedelta(microseconds=1)), ("way", "unit"),
        ("operation", new_id()), ("kind", "person"), ("mac", b"\0" * 32),
    ])  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(**{column: value})


def delete_entry(dice: random.Random, size: int) -> None:
    Entry.objects.filter(pk=Seal.objects.get(leaf_index=dice.randrange(size)).entry).delete()


def delete_with_seal(dice: random.Random, size: int) -> None:
    """The careful way: the entry goes with its seal and the rest is numbered and chained anew."""
    seal = Seal.objects.get(leaf_index=dice.randrange(size))
    Entry.objects.filter(pk=seal.entry).delete()
    seal.delete()
    rechain()


def insert_entry(dice: random.Random, size: int) -> None:
    forged = Entry.objects.get(pk=Seal.objects.get(leaf_index=dice.randrange(size)).entry)
    forged.pk = new_id()
    forged.save(force_insert=True)
    if dice.random() < 0.5:
        Pending.objects.create(entry=forged.pk)


def insert_with_seal(dice: random.Random, size: int) -> None:
    """A copy of a row, digest and all, put at the end or in the middle with everything chained anew."""
    insert_entry(dice, size)
    known = set(Seal.objects.values_list("entry", flat=True))
    forged = Entry.objects.exclude(pk__in=known).get()
    Pending.objects.all().delete()
    Seal.objects.create(leaf_index=size, entry=forged.pk, leaf_hash=b"", previous=b"")
    rechain(moved=dice.choice([None, dice.randrange(size)]))


def reorder(dice: random.Random, size: int) -> None:
    first, second = dice.sample(range(size), 2)
    one, two = Seal.objects.get(leaf_index=first), Seal.objects.get(leaf_index=second)
    Seal.objects.filter(leaf_index=first).update(entry=new_id())
    Seal.objects.filter(leaf_index=second).update(entry=one.entry)
    Seal.objects.filter(leaf_index=first).update(entry=two.entry)
    if dice.random() < 0.5:
        rechain()


def truncate(dice: random.Random, size: int) -> None:
    """Back to an earlier checkpoint, leaving no loose end in the database."""
    keep = dice.choice(list(Checkpoint.objects.order_by("size").values_list("size", flat=True))[:-1])
    gone = Seal.objects.filter(leaf_index__gte=keep)
    assert gone.exists()
    Entry.objects.filter(pk__in=list(gone.values_list("entry", flat=True))).delete()
    gone.delete()
    Checkpoint.objects.filter(size__gt=keep).delete()


def truncate_and_go_on(dice: random.Random, size: int) -> None:
    truncate(dice, size)
    for number in range(dice.randint(1, 20)):
        actions.record("cases.case.saved", by=BY, kind="case", id=str(number))
    actions.seal_pending()


def empty(dice: random.Random, size: int) -> None:
    for model in (Entry, Seal, Checkpoint, Pending):
        model.objects.all().delete()


def edit_and_rehash(dice: random.Random, size: int) -> None:
    """The careful edit: all that needs no key is computed anew."""
    edit(dice, size)
    rechain()


def rechain(moved: int | None = None) -> None:
    """Leaves, chain and root as they would be, were the rows genuine; only the keyed digests stay wrong."""
    order = list(Seal.objects.order_by("leaf_index").values_list("entry", flat=True))
    if moved is not None:
        order.insert(moved, order.pop())
    Seal.objects.all().delete()
    grown, head = tree.Tree(), tree.EMPTY
    points = {point.size: point for point in Checkpoint.objects.all()}
    for number, key in enumerate(order):
        entry = Entry.objects.get(pk=key)
        hashed = tree.leaf(entry.body() + bytes(entry.mac))
        Seal.objects.create(leaf_index=number, entry=key, leaf_hash=hashed, previous=head)
        grown.add(hashed)
        head = tree.link(head, hashed)
        if grown.size in points:
            Checkpoint.objects.filter(size=grown.size).update(
                root=grown.root().hex(), head=head.hex(), peaks=[peak.hex() for peak in grown.peaks]
            )


DEEDS = [edit, edit_and_rehash, delete_entry, delete_with_seal, insert_entry, insert_with_seal, reorder, truncate]
DEEDS += [truncate_and_go_on, empty]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("deed", DEEDS)
def test_tampering_is_found(deed: Callable[[random.Random, int], None], seed):
    dice = random.Random(f"{deed.__name__}{seed}")
    deed(dice, ledger(dice))
    found = queries.verify()
    assert (found.sound, bool(found.faults)) == (False, True)


def test_a_checkpoint_taken_from_the_file_is_found(checkpoints):
    ledger(random.Random(1))
    lines = checkpoints.read_text().splitlines(keepends=True)
    checkpoints.write_text("".join(lines[1:]))
    assert not queries.verify().sound


def test_a_changed_line_of_the_file_is_found(checkpoints):
    size = ledger(random.Random(2))
    text = checkpoints.read_text()
    checkpoints.write_text(text.replace(f'"size": {size}', f'"size": {size + 1}'))
    assert not queries.verify().sound


def test_a_pending_entry_deleted_or_changed_before_sealing_is_found():
    actions.record("cases.case.saved", by=BY, kind="case", id="1")
    actions.record("cases.case.saved", by=BY, kind="case", id="2")
    Entry.objects.filter(subject="1").update(subject="3")
    assert len(queries.verify().faults) == 1
    Entry.objects.filter(subject="2").delete()
    assert len(queries.verify().faults) == 2
    actions.seal_pending()
    assert len(queries.verify().faults) == 2


def test_the_way_back_of_the_migration_leaves_no_trigger():
    module = import_module("bole.audit.migrations.0002_append_only")
    module.create(connection)
    module.drop(connection)
    actions.record("cases.case.saved", by=BY, kind="case", id="1")
    assert Entry.objects.all().delete()[0] == 1
