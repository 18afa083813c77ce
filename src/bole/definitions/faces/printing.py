"""The plain data that print templates are filled with."""

from collections.abc import Mapping, Sequence
from typing import Any

from bole.definitions.faces.reading import read_all
from bole.definitions.terms import Context, SectionState, Service, Shown, ShownRow, ShownSection


def print_data(
    service: Service,
    answers: Mapping[str, Any],
    context: Context,
    *,
    mask: bool = False,
    cover: Sequence[str] = (),
    states: Mapping[str, SectionState] | None = None,
) -> dict[str, Any]:
    """JSON for a template: `sections` in order for general use, and `texts` by code for a form with fixed places.

    texts.basic.name is a text; texts.work is a list of mappings. Blank fields are empty texts, a declared nothing is
    its word. `cover` is what a cover shows: the label and text of each of these fields ("plan.series"); those that the
    answers hide are left out. A section without anything says so in `empty`; `rest` are, for each row of a table, the
    fields that have no column in it. `states` are those of the sections, for who has cleaned the form.
    """
    shown = read_all(service, answers, context, mask=mask, states=states)
    return {
        "cover": _cover(shown, cover),
        "service": {"code": service.service, "name": service.name, "title": service.title or service.name},
        "version": service.version,
        "declaration": service.declaration,
        "sections": [_section(each) for each in shown],
        "texts": {each.code: _texts(each) for each in shown},
    }


def _section(section: ShownSection) -> dict[str, Any]:
    return {
        "code": section.code,
        "name": section.name,
        "heading": section.heading,
        "kind": section.kind,
        "state": section.state.word,
        "empty": _empty(section),
        "pairs": [_pair(cell) for cell in section.pairs],
        "heads": list(section.heads),
        "rows": [[_text(cell) for cell in row.cells if cell.listed] for row in section.rows],
        "rest": [_rest(row) for row in section.rows],
    }


def _empty(section: ShownSection) -> str:
    """The word in place of a section's content: 「无」 is only said where the person said it."""
    if section.state is SectionState.NONE:
        return "无"
    filled = section.rows or any(not cell.blank for cell in section.pairs)
    return "" if filled else "未填写"


def _rest(row: ShownRow) -> list[dict[str, str]]:
    """What a row answers beside its columns."""
    return [_pair(cell) for cell in row.cells if not cell.listed and not cell.blank]


def _cover(shown: Sequence[ShownSection], paths: Sequence[str]) -> list[dict[str, str]]:
    cells = {f"{each.code}.{cell.field}": cell for each in shown for cell in each.pairs}
    return [_pair(cells[path]) for path in paths if path in cells]


def _pair(cell: Shown) -> dict[str, str]:
    """A label with its text; `was` is what stood before, where the answer changes it."""
    pair = {"label": cell.label, "text": _text(cell), "shape": cell.shape.value}
    return pair if cell.was is None else {**pair, "was": cell.was}


def _texts(section: ShownSection) -> Any:
    if section.kind == "table":
        return [{cell.field: _text(cell) for cell in row.cells} for row in section.rows]
    return {cell.field: _text(cell) for cell in section.pairs}


def _text(cell: Shown) -> str:
    return "" if cell.blank else cell.text
