"""What a marked place is called: 「工作经历　兴庆区第一中学　起始年月」."""

from collections.abc import Mapping

from bole.definitions.terms import Service

SEPARATOR = "　"


def told_place(
    service: Service, fault: Mapping[str, str], captions: Mapping[tuple[str, str], str], *, section: bool = True
) -> str:
    """The names of section, record and field; a record that is gone is 「已删除的记录」. Without `section` only what
    lies inside it: nothing for a whole section."""
    definition = service.by_code.get(fault["section"])
    if definition is None:
        return fault["section"] if section else ""
    names = [definition.name] if section else []
    record, field = fault.get("record", ""), fault.get("field", "")
    if record:
        names.append(captions.get((definition.section, record)) or "已删除的记录")
    if field:
        named = definition.by_code.get(field)
        names.append(named.name if named is not None else field)
    return SEPARATOR.join(names)
