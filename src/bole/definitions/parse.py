"""From YAML to terms. Every fault of form is found, at once, with its file and line, in words for those who keep it."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bole.definitions.likeness import liken
from bole.definitions.marks import Place, Rows, Table, place_of, read
from bole.definitions.terms import ARCHIVE, Fact, Field, Problem, RecordKind, Requirement, Route, Service
from bole.kernel.privacy import Privacy

_Model = TypeVar("_Model", bound=BaseModel)
# What a form may not change of a record kind's field: it would no longer be the same fact.
_KEPT = ("type", "table", "parent", "roots", "lookup")
# The folder of what several sites have in common.
SHARED = "shared"
_STRICTNESS = list(Privacy)


@dataclass
class Source:
    """A parsed thing with the marked data it came from."""

    thing: Any
    data: Table

    def problem(self, path: Iterable[Any], say: str, *, warning: bool = False) -> Problem:
        """A problem at a path of the data."""
        return Problem(*place_of(self.data, path), say, warning)


@dataclass
class Parsed:
    """What a catalogue directory holds, as far as it could be read."""

    directory: Path
    services: list[Source] = field(default_factory=list)
    routes: list[Source] = field(default_factory=list)
    records: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse(directory: Path) -> Parsed:
    """Read records, the routes that all sites share, each site's own, then the services. Faults are collected."""
    found = Parsed(directory)
    for path in sorted((directory / "records").glob("*.yaml")):
        record = _thing(found, path, RecordKind, "record")
        if record is not None:
            found.records[record.thing.record] = record
    folders = sorted(each for each in directory.iterdir() if each.is_dir()) if directory.is_dir() else []
    routes = {folder.name: _routes(found, folder) for folder in folders}
    for folder in folders:
        for path in sorted((folder / "services").glob("*.yaml")):
            _services(found, path, routes)
    return found


def _routes(found: Parsed, folder: Path) -> dict[str, Source]:
    routes: dict[str, Source] = {}
    for path in sorted((folder / "routes").glob("*.yaml")):
        route = _thing(found, path, Route, "route")
        if route is not None:
            routes[route.thing.route] = route
    found.routes += routes.values()
    return routes


def _thing(found: Parsed, path: Path, model: type[BaseModel], key: str) -> Source | None:
    data = _data(found, path, key)
    thing = None if data is None else _validated(found, model, data)
    return None if thing is None or data is None else Source(thing, data)


def _data(found: Parsed, path: Path, key: str) -> Table | None:
    shown = path.relative_to(found.directory).as_posix()
    data, problems = read(path, shown)
    found.problems += problems
    if data is None:
        return None
    if not isinstance(data, Table):
        found.problems.append(Problem(shown, 1, "文件应由「键: 值」组成"))
        return None
    if data.get(key) != path.stem:
        found.problems.append(Problem(*place_of(data, [key]), f"{key} 应与文件名一致，写作「{path.stem}」"))
    return data


def _services(found: Parsed, path: Path, routes: dict[str, dict[str, Source]]) -> None:
    """The service of a file; of a shared one, a service for each site that it names, on the site's own route if any."""
    data = _data(found, path, "service")
    if data is None:
        return
    before = len(found.problems)
    data = liken(found.problems, data, path)
    sites = _sites(found, data, path.parent.parent.name)
    for section in data.get("sections") or ():
        if isinstance(section, Table) and "fields" in section:
            _resolve_fields(found, section)
    _resolve_archive(found, data)
    for site, at in sites:
        own = Table(data.place)
        for key, value in data.items():
            if key != "sites":
                own.put(key, value, data.at[key])
        own.put("site", site, at)
        _resolve_route(found, own, {**routes.get(SHARED, {}), **routes.get(site, {})})
        service = _validated(found, Service, own)
        twin = next((each for each in found.services if _is_same(each.thing, service)), None)
        if twin is not None:
            found.problems.append(
                Problem(*at, f"站点「{site}」已有事项「{service and service.service}」：{twin.data.place[0]}")
            )
        elif service is not None and len(found.problems) == before:
            found.services.append(Source(service, own))


def _is_same(one: Service, other: Service | None) -> bool:
    return other is not None and (one.site, one.service) == (other.site, other.service)


def _sites(found: Parsed, data: Table, folder: str) -> list[tuple[str, Place]]:
    """The sites of a service with the places that name them: the folder's own, or those that a shared file lists."""
    if folder != SHARED:
        if "sites" in data:
            found.problems.append(Problem(*data.at["sites"], f"一个站点的事项写 site；几个站点合用的放在 {SHARED}/ 下"))
        if data.get("site") != folder:
            found.problems.append(Problem(*place_of(data, ["site"]), f"site 应与目录名一致，写作「{folder}」"))
        return [(folder, place_of(data, ["site"]))]
    if "site" in data:
        found.problems.append(Problem(*data.at["site"], "几个站点合用的事项不写 site，用 sites 列出站点"))
    named = data.get("sites")
    if not isinstance(named, Rows) or not named or not all(isinstance(each, str) for each in named):
        found.problems.append(
            Problem(*place_of(data, ["sites"]), "要用 sites 列出办理这个事项的站点，例如 [ningxia, jilin]")
        )
        return []
    if len(set(named)) != len(named):
        found.problems.append(Problem(*data.at["sites"], "sites 里同一个站点写了两次"))
    return list(dict(zip(named, named.at, strict=True)).items())


def _resolve_route(found: Parsed, data: Table, routes: dict[str, Source]) -> None:
    name = data.get("route")
    if isinstance(name, str) and name in routes:
        data.put("route", routes[name].data, data.at["route"])
    elif isinstance(name, str):
        known = "、".join(routes) or "还没有任何流程"
        found.problems.append(Problem(*data.at["route"], f"没有流程「{name}」，现有：{known}"))
        data.put("route", {"route": "missing", "name": "缺少", "steps": []}, data.at["route"])


def _resolve_archive(found: Parsed, data: Table) -> None:
    """Put the record kinds beside what reads or enters them, so that they are published together."""
    if "archive" in data:
        found.problems.append(Problem(*data.at["archive"], "不认识的键「archive」：用到的档案记录种类会自动带上"))
        return
    rows = Rows(next((data.at[key] for key in ("eligibility", "enters") if key in data), data.place))
    for kind, at in _kinds_used(data):
        if kind not in found.records:
            found.problems.append(Problem(*at, f"没有档案记录种类「{kind}」，应在 records/ 中声明"))
        elif found.records[kind].data not in rows:
            rows.put(found.records[kind].data, at)
    if rows:
        data.put("archive", rows, rows.place)


def _kinds_used(data: Table) -> Iterator[tuple[str, Place]]:
    """The record kinds that conditions read, parts draw from and the case enters, with the places that name them."""
    for wanted in _tables(data.get("eligibility")):
        facts = wanted.get("facts")
        for entry, at in zip(facts, facts.at, strict=True) if isinstance(facts, Rows) else ():
            path = entry.get("fact") if isinstance(entry, Table) else entry
            owner, _, rest = str(path).partition(".")
            if owner == ARCHIVE:
                yield rest.partition(".")[0], at
    drawn = [part.get("drawn") for each in _tables(data.get("sections")) for part in _tables(each.get("parts"))]
    for entry in [*_tables(data.get("enters")), *(each for each in drawn if isinstance(each, Table))]:
        if isinstance(entry.get("record"), str):
            yield entry["record"], entry.at["record"]


def _tables(value: Any) -> list[Table]:
    return [each for each in value if isinstance(each, Table)] if isinstance(value, Rows) else []


def _resolve_fields(found: Parsed, section: Table) -> None:
    """Fill in what the section's fields take from its record kind."""
    kind = section.get("record")
    record = found.records.get(kind) if isinstance(kind, str) else None
    if kind is not None and record is None:
        found.problems.append(
            Problem(*place_of(section, ["record"]), f"没有档案记录种类「{kind}」，应在 records/ 中声明")
        )
    base = {each["field"]: each for each in record.data["fields"]} if record else {}
    given, place = section["fields"], section.at["fields"]
    rows = Rows(place)
    if given == "all":
        for name, each in base.items():
            rows.put(each, record.data["fields"].at[list(base).index(name)] if record else place)
    elif isinstance(given, Rows):
        for entry, at in zip(given, given.at, strict=True):
            rows.put(_merged(found, base, entry, at), at)
    else:
        found.problems.append(Problem(*place, "fields 应为列表，或写 all 表示取记录种类的全部栏目"))
    section.put("fields", rows, place)


def _merged(found: Parsed, base: dict[str, Table], entry: Any, at: Place) -> Any:
    """One field of a form: its own entry over the record kind's."""
    if isinstance(entry, str):
        own = Table(at)
        own.put("field", entry, at)
    elif isinstance(entry, Table):
        own = entry
    else:
        return entry
    below = base.get(own.get("field", ""))
    if below is None:
        if "type" not in own:
            found.problems.append(
                Problem(*at, f"记录种类没有栏目「{own.get('field')}」；本表自有的栏目要写 name 和 type")
            )
        return own
    merged = Table(own.place)
    for source in (below, own):
        for key, value in source.items():
            merged.put(key, value, source.at[key])
    found.problems += _overreach(below, own)
    return merged


def _overreach(below: Table, own: Table) -> Iterable[Problem]:
    """Overrides that would make the field another fact, or protect it less."""
    for key in _KEPT:
        if key in own and own[key] != below.get(key):
            yield Problem(*own.at[key], f"不能改动记录种类已定的 {key}（{below.get(key)}）")
    if isinstance(own.get("max"), int) and isinstance(below.get("max"), int) and own["max"] > below["max"]:
        yield Problem(*own.at["max"], f"max 不能大于记录种类的 {below['max']}")
    if own.get("privacy") in _STRICTNESS and below.get("privacy", "plain") in _STRICTNESS:
        strict = _STRICTNESS.index(Privacy(below.get("privacy", "plain")))
        if _STRICTNESS.index(Privacy(own["privacy"])) < strict:
            yield Problem(*own.at["privacy"], f"privacy 不能比记录种类的 {below['privacy']} 宽")


def _validated(found: Parsed, model: type[_Model], data: Table) -> _Model | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        seen: set[Place] = set()
        for detail in error.errors(include_url=False):
            # Of the branches of a union, each failing, the first one tells enough.
            place = place_of(data, detail["loc"])
            problem = Problem(*place, _sentence(detail, model))
            if place not in seen or detail["type"] in ("missing", "extra_forbidden"):
                found.problems.append(problem)
            seen.add(place)
        return None


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """A validation error in Chinese."""
    key = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str) and part not in _BRANCHES), "")
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"缺少「{key}」"
        case "extra_forbidden":
            close = difflib.get_close_matches(key, _keys(model), 1)
            return f"不认识的键「{key}」" + (f"，是不是「{close[0]}」？" if close else "")
        case "enum" | "literal_error":
            return f"「{key}」只能是 {_alternatives(str(context.get('expected', '')))}，现在是「{detail['input']}」"
        case "string_pattern_mismatch":
            return f"「{key}」的写法不对：{detail['input']}（应符合 {context.get('pattern')}）"
        case "string_too_short":
            return f"「{key}」不能为空"
        case "string_too_long" | "less_than_equal" | "greater_than_equal":
            limit = next(iter(context.values()), "")
            return f"「{key}」超出范围（界限 {limit}）"
        case kind:
            return f"「{key}」应为{_WANTED.get(kind, '另一种写法')}，现在是「{str(detail['input'])[:40]}」"


def _alternatives(expected: str) -> str:
    return "、".join(re.findall(r"'([^']*)'", expected))


_BRANCHES = {"bool", "str", "int"}
_WANTED = {
    "string_type": "文字（数字请加引号）", "int_type": "整数", "int_parsing": "整数", "bool_type": "true 或 false",
    "bool_parsing": "true、false 或条件", "tuple_type": "列表", "model_type": "「键: 值」", "dict_type": "「键: 值」",
    "date_from_datetime_parsing": "日期，例如 2018-09-01", "date_parsing": "日期，例如 2018-09-01", "date_type": "日期",
}  # fmt: skip


def _keys(model: type[BaseModel]) -> set[str]:
    """All keys of the language that a misspelt one may have meant."""
    parts = (model, Field, Requirement, Fact)
    return {"sites", "like"} | {info.alias or name for each in parts for name, info in each.model_fields.items()}
