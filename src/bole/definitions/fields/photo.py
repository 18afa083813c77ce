"""A photograph, stored with the case's attachments; the answer holds its key."""

from typing import Any
from uuid import UUID

from bole.definitions.fields.base import Around, FieldType, Wrong, single
from bole.definitions.terms import Field, Shape


class Photo(FieldType):
    """The key of an uploaded photograph."""

    code = "photo"
    shape = Shape.FILE

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        try:
            return str(UUID(single(typed, field)))
        except ValueError:
            raise Wrong(f"请上传{field.name}") from None

    def text(self, value: Any, field: Field) -> str:
        return "已上传"

    def mask(self, shown: str) -> str:
        return shown

    def sample(self, field: Field) -> str:
        return "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("photo.jpg", "../../etc/passwd", 7, ["6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f"])
