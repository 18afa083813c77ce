"""`like: <service>`: a service that takes from another one of its site whatever it does not say itself.

Long forms of one family differ in a section or two. In `sections` and `evidence` a bare code stands for what the other
service has under it; a section without fields of its own changes only what it names.
"""

from pathlib import Path
from typing import Any

from bole.definitions.marks import Place, Rows, Table, read
from bole.definitions.terms import Problem


def liken(problems: list[Problem], data: Table, path: Path) -> Table:
    """The data of a service file with what it takes from the service that it is like; what is wrong with the other file
    is told once, when that one is read itself."""
    if "like" not in data:
        return data
    name, at = data["like"], data.at["like"]
    other = path.with_name(f"{name}.yaml")
    base, _ = read(other, other.relative_to(path.parents[2]).as_posix()) if other.is_file() else (None, [])
    if not isinstance(base, Table) or other == path or "like" in base:
        problems.append(Problem(*at, f"同一站点没有可以参照的事项「{name}」；参照的事项自己不能再写 like"))
        base = Table(data.place)
    whole = Table(data.place)
    for source in (base, data):
        for key, value in source.items():
            if key != "like":
                whole.put(key, value, source.at[key])
    for key, code in (("sections", "section"), ("evidence", "for")):
        if isinstance(data.get(key), Rows):
            rows = _listed(problems, data[key], base.get(key), code)
            whole.put(key, rows, data.at[key])
    return whole


def _listed(problems: list[Problem], own: Rows, base: Any, code: str) -> Rows:
    """A list of sections or evidence with every bare code replaced by what the other service has under it."""
    there: dict[str, list[tuple[Table, Place]]] = {}
    for each, at in zip(base, base.at, strict=True) if isinstance(base, Rows) else ():
        if isinstance(each, Table):
            there.setdefault(str(each.get(code)), []).append((each, at))
    rows = Rows(own.place)
    for each, at in zip(own, own.at, strict=True):
        if isinstance(each, str):
            if each not in there:
                problems.append(Problem(*at, f"参照的事项里没有「{each}」"))
            for found, place in there.get(each, ()):
                rows.put(found, place)
        elif isinstance(each, Table) and code == "section" and _changes(each) and str(each.get(code)) in there:
            changed = there[str(each[code])][0][0]
            for key, value in each.items():
                changed.put(key, value, each.at[key])
            rows.put(changed, at)
        else:
            rows.put(each, at)
    return rows


def _changes(section: Table) -> bool:
    return "fields" not in section and "kind" not in section
