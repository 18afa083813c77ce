"""The plain data that print templates are filled with."""

from collections.abc import Mapping
from typing import Any

from bole.definitions.faces.reading import read_all
from bole.definitions.terms import Context, Service, Shown, ShownSection


def print_data(service: Service, answers: Mapping[str, Any], context: Context, *, mask: bool = False) -> dict[str, Any]:
    """JSON for a template: `sections` in order for general use, and `texts` by code for a form with fixed places.

    texts.basic.name is a text; texts.work is a list of mappings. Blank fields are empty texts.
    """
    shown = read_all(service, answers, context, mask=mask)
    return {
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
        "pairs": [{"label": cell.label, "text": _text(cell), "shape": cell.shape.value} for cell in section.pairs],
        "heads": list(section.heads),
        "rows": [[_text(cell) for cell in row.cells if cell.listed] for row in section.rows],
    }


def _texts(section: ShownSection) -> Any:
    if section.kind == "table":
        return [{cell.field: _text(cell) for cell in row.cells} for row in section.rows]
    return {cell.field: _text(cell) for cell in section.pairs}


def _text(cell: Shown) -> str:
    return "" if cell.blank else cell.text
