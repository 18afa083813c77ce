"""Model fields whose column holds only ciphertext, bound to table, column and row.

A value is opened when somebody reads the attribute, not when the row is loaded: lists that do not show
it do not pay for it. The row key takes part in the encryption, so such models have a UUID key made before insert.
"""

import json
from typing import Any

from django.core import checks
from django.db import models

from bole.kernel import sealing
from bole.kernel.privacy import Privacy


class _Closed:
    """Ciphertext as it came from the database, not opened yet."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body


class _Opener:
    """Opens the sealed value on first reading."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        value = row.__dict__[name]
        if isinstance(value, _Closed):
            value = self.field.opened(value.body, row)
            row.__dict__[name] = value
        return value

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # the stubs give BinaryField no parameters
    """Text encrypted at rest. `privacy` is personal or sensitive; plain text has no business here."""

    def __init__(self, *args: Any, privacy: Privacy = Privacy.SENSITIVE, **kwargs: Any) -> None:
        self.privacy = privacy
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.privacy is not Privacy.SENSITIVE:
            kwargs["privacy"] = self.privacy
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        key = self.model._meta.pk
        if not isinstance(key, models.UUIDField) or not key.has_default():
            message = f"{self.model.__name__}.{self.name}: sealed fields need a UUID primary key with a default"
            return [*super().check(**kwargs), checks.Error(message, obj=self, id="bole.E001")]
        return list(super().check(**kwargs))

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opener(self))

    def _context(self, row: models.Model) -> str:
        return f"{row._meta.db_table}.{self.column}.{row.pk}"

    def opened(self, body: bytes, row: models.Model) -> Any:
        return self.decode(sealing.unseal(body, self._context(row)))

    def opened_of(self, key: Any, value: Any) -> Any:
        """What `values_list` gave of this column for the row with the key, opened; None where it holds nothing."""
        if value is None:
            return None
        return self.decode(sealing.unseal(value.body, f"{self.model._meta.db_table}.{self.column}.{key}"))

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, plain: bytes) -> Any:
        return plain.decode()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else _Closed(bytes(value))

    def pre_save(self, row: models.Model, add: bool) -> Any:
        value = row.__dict__.get(self.attname)
        if value is None or isinstance(value, _Closed):
            return value
        return _Closed(sealing.seal(self.encode(value), self._context(row)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, _Closed):
            value = value.body
        elif isinstance(value, str) or (value is not None and not isinstance(value, bytes | memoryview)):
            raise TypeError(f"{self.name}: sealed values are written through the row, not through update() or filter()")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        return ""


class SealedJSONField(SealedTextField):
    """A JSON value encrypted at rest."""

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def decode(self, plain: bytes) -> Any:
        return json.loads(plain)
