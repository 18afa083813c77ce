"""Tables of the ledger. No foreign keys: an entry outlives whatever it speaks of.

Entry, Seal and Checkpoint are append-only; triggers refuse everything else (migration 0002). Keys that count
are bigints, because the position in the ledger is the fact they state.
"""

import json
from datetime import UTC, datetime

from django.db import models

from bole.audit.terms import Outcome
from bole.kernel import sealing
from bole.kernel.actors import Way
from bole.kernel.ids import new_id


class Entry(models.Model):
    """One thing that somebody did or was refused. `mac` is made with the row; sealing comes after commit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    account = models.UUIDField(null=True)
    name = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=20, choices=[(way.value, way.value) for way in Way])
    unit = models.UUIDField(null=True)
    action = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=[(word.value, word.value) for word in Outcome])
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    person = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    operation = models.UUIDField(null=True)
    address = models.CharField(max_length=64, blank=True)
    mac = models.BinaryField(max_length=32)

    class Meta:
        indexes = (
            models.Index(fields=["kind", "subject", "at"], name="audit_entry_subject"),
            models.Index(fields=["person", "at"], name="audit_entry_person"),
            models.Index(fields=["account", "at"], name="audit_entry_account"),
            models.Index(fields=["at"], name="audit_entry_at"),
        )

    def body(self) -> bytes:
        """Everything the entry says, in one canonical form; the keyed digest and the leaf are made of it."""
        said = [
            self.id.hex,
            instant(self.at),
            self.account.hex if self.account else "",
            self.name,
            str(self.way),
            self.unit.hex if self.unit else "",
            self.action,
            str(self.outcome),
            self.kind,
            self.subject,
            self.person.hex if self.person else "",
            self.detail,
            self.operation.hex if self.operation else "",
            self.address,
        ]
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Pending(models.Model):
    """Entries waiting for the sealer, so that it never searches the whole ledger for them."""

    id = models.BigAutoField(primary_key=True)
    entry = models.UUIDField(unique=True)


class Seal(models.Model):
    """The place of an entry in the ledger; `previous` is the head of the chain before it."""

    leaf_index = models.BigIntegerField(primary_key=True)
    entry = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(leaf_index__gte=0), name="audit_seal_index_not_negative"),
        )


class Checkpoint(models.Model):
    """The state of the ledger at a size, under a keyed digest; the same line is kept outside the database."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    peaks = models.JSONField()
    at = models.DateTimeField()
    mac = models.CharField(max_length=64)


class Sealer(models.Model):
    """One row; whoever holds its lock is the sealer."""

    id = models.SmallIntegerField(primary_key=True)


def instant(at: datetime) -> str:
    """An instant to the microsecond, the precision of both databases."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_mac(body: bytes) -> bytes:
    """The keyed digest of an entry: without the key nobody writes a believable one."""
    return sealing.mac(body, "audit-entry")


def checkpoint_mac(size: int, root: str, head: str, at: str) -> str:
    """The keyed digest of a checkpoint."""
    return sealing.mac(f"{size}|{root}|{head}|{at}".encode(), "audit-checkpoint").hex()
