"""What parts of a form draw from the archive: fields of one section, filled from the latest record of another kind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bole.cases.terms import Typed
from bole.definitions import queries as definitions
from bole.definitions.terms import Context, Drawn, Part, Section, Service
from bole.kernel import clock
from bole.people.terms import Entry


def kinds_of(section: Section) -> set[str]:
    """The record kinds that a section takes from the archive."""
    drawn = {part.drawn.record for part in section.parts if part.drawn is not None}
    return drawn | ({section.record} if section.record else set())


def drawn_into(
    service: Service, offered: Mapping[str, Typed], archive: Mapping[str, Sequence[Entry]]
) -> dict[str, Typed]:
    """What is offered, with what every part draws in place of what stood there; what somebody stated of a later day
    than the archive knows of stays."""
    found = dict(offered)
    context = Context(today=clock.today(), site=service.site)
    for section in service.sections:
        for part in section.parts:
            values = _newest(service, section, part, archive, context)
            typed = found.get(section.section)
            stated: Mapping[str, Any] = typed if isinstance(typed, Mapping) else {}
            if part.drawn is None or not values or _stated_later(part.drawn, stated, values):
                continue
            kept = {name: value for name, value in stated.items() if name not in part.drawn.fields}
            found[section.section] = {**kept, **values}
    return found


def known_parts(
    service: Service, section: Section, typed: Mapping[str, Any], archive: Mapping[str, Sequence[Entry]],
    context: Context,
) -> dict[str, Entry]:  # fmt: skip
    """The entry that each drawn part says the same as, by the name of the part; none once somebody has changed it."""
    found: dict[str, Entry] = {}
    for part in section.parts:
        if part.drawn is None:
            continue
        said = {name: typed[name] for name in part.drawn.fields if typed.get(name) not in ("", [], None)}
        for entry in _in_order(part.drawn, archive) if said else ():
            if definitions.drawn_values(service, section, part, entry.data, context) == said:
                found[part.name] = entry
                break
    return found


def _newest(
    service: Service, section: Section, part: Part, archive: Mapping[str, Sequence[Entry]], context: Context
) -> dict[str, Any]:
    """What the latest record fills; of records that say nothing here, the next one."""
    if part.drawn is None:
        return {}
    for entry in _in_order(part.drawn, archive):
        values = definitions.drawn_values(service, section, part, entry.data, context)
        if values:
            return values
    return {}


def _in_order(drawn: Drawn, archive: Mapping[str, Sequence[Entry]]) -> Iterable[Entry]:
    """The latest first; of one day what was verified, then what was entered last; without a day last."""
    entries = archive.get(drawn.record, ())
    return sorted(
        entries, key=lambda each: (_day(each, drawn), each.verified, each.entered_at), reverse=True
    )  # fmt: skip


def _day(entry: Entry, drawn: Drawn) -> str:
    day = entry.data.get(drawn.latest)
    return day if isinstance(day, str) else ""


def _stated_later(drawn: Drawn, stated: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether the day of what was typed lies after that of the record."""
    at = next((name for name, sources in drawn.fields.items() if drawn.latest in sources), "")
    mine, known = stated.get(at), values.get(at, "")
    return isinstance(mine, str) and mine > known
