"""Two texts of one section or record, side by side: what stands and what was typed on an older version of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bole.cases.terms import SectionMoved
from bole.definitions.faces.reading import read_section
from bole.definitions.terms import Section
from bole.web.pages.filling.casework import CasePage


@dataclass(frozen=True)
class Difference:
    """One field in which the two differ, as people read it."""

    label: str
    theirs: str
    mine: str


def differences(page: CasePage, section: Section, theirs: Any, mine: Any) -> list[Difference]:
    """The fields of one record that differ, in the order of the form."""
    left, right = _texts(page, section, theirs), _texts(page, section, mine)
    return [
        Difference(field.name, left.get(field.field, ""), right.get(field.field, ""))
        for field in section.fields
        if not field.fixed and left.get(field.field, "") != right.get(field.field, "")
    ]


def their_record(moved: SectionMoved, record: str) -> Mapping[str, Any] | None:
    """The record as it stands now; None when it is new or was deleted."""
    rows = moved.theirs if isinstance(moved.theirs, list) else []
    return next((row for row in rows if record and row["id"] == record), None)


def _texts(page: CasePage, section: Section, typed: Any) -> dict[str, str]:
    whole = typed if section.many is None else [{"id": "x", **typed}]
    shown = read_section(page.service, section.section, whole, context=page.form.context, mask=page.masked)
    cells = shown.pairs if section.many is None else shown.rows[0].cells
    return {cell.field: "" if cell.blank else cell.text for cell in cells}
