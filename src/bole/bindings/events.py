"""Facts of this room, announced after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AttachmentFailed:
    """A change of superior could not take effect on its day; the unit must apply anew."""

    unit: UUID
    superior: UUID
    case: str
    say: str
