"""What a marked place is called: 「工作经历　兴庆区第一中学　起始年月」."""

from collections.abc import Mapping
from typing import Any

from bole.definitions.terms import Service

SEPARATOR = "　"


def told_place(
    service: Service, fault: Mapping[str, Any], captions: Mapping[tuple[str, str], str], *, section: bool = True
) -> str:
    """The names of section, record, field and page of a file; a record that is gone is 「已删除的记录」. Without
    `section` only what lies inside it: nothing for a whole section."""
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
    if fault.get("file"):
        names.append(f"附件第 {fault['page']} 页")
    return SEPARATOR.join(names)
