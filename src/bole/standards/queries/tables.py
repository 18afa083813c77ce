"""Code tables: catalogue/codes/*.yaml and, for the big ones, the packages that carry them. Read once, on first use."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bole.standards.queries import countries, regions, sources
from bole.standards.queries.pinyin import pinyin
from bole.standards.terms import CodeEntry, CodeTable

_HEADER = {"table", "name", "source", "confidence", "kind", "levels", "columns", "entries", "filled_by", "add", "drop"}
_HEADER |= {"rename", "omit", "first"}
_OWN = {"code", "name", "parent", "from", "to", "pick"}
Row = Mapping[str, str]


def table(code: str) -> CodeTable:
    """A code table by its code. Raises KeyError when there is none, ValueError when its file is faulty."""
    return _table(sources.catalogue(), code)


def table_codes() -> tuple[str, ...]:
    """The codes of all tables, in order."""
    return tuple(sorted(path.stem for path in (sources.catalogue() / "codes").glob("*.yaml")))


@cache
def _table(catalogue: Path, code: str) -> CodeTable:
    path = catalogue / "codes" / f"{code}.yaml"
    # Codes come from definitions and addresses: a path in disguise is simply no table.
    if "/" in code or "\\" in code or code.startswith(".") or not path.is_file():
        raise KeyError(code)
    data = sources.read_yaml(path)
    strange = set(data) - _HEADER
    if strange or data.get("table") != code or data.get("kind") not in {"standard", "local"}:
        raise ValueError(f"{path.name}: 表头不正确（table、kind 或未知项 {sorted(strange)}）")
    entries = tuple(_filled(data) if "filled_by" in data else (_entry(row, path) for row in _rows(data, path)))
    _check(entries, path)
    return CodeTable(
        code,
        str(data["name"]),
        entries,
        source=str(data.get("source", "")),
        standard=data["kind"] == "standard",
        levels=tuple(data.get("levels", ())),
    )


def _rows(data: Mapping[str, Any], path: Path) -> Iterator[Row]:
    """The rows of the file, then those of a CSV file of the same name, by which an authority adds a big standard."""
    columns: Sequence[str] = data.get("columns", ["code", "name"])
    for row in data.get("entries", ()):
        # A row is a list under the columns; a mapping at its end holds what only this row has.
        extra = row[-1] if row and isinstance(row[-1], dict) else {}
        cells = row[:-1] if extra else row
        if len(cells) > len(columns):
            raise ValueError(f"{path.name}: 列数多于 columns：{row}")
        yield {**dict(zip(columns, cells, strict=False)), **extra}
    more = path.with_suffix(".csv")
    if more.is_file():
        with more.open(encoding="utf-8-sig", newline="") as file:
            yield from ({key: value or "" for key, value in row.items()} for row in csv.DictReader(file))


def _entry(row: Row, path: Path) -> CodeEntry:
    try:
        since, until = (date.fromisoformat(row[key]) if row.get(key) else None for key in ("from", "to"))
        code, name = row["code"], row["name"]
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path.name}: 行不正确 {dict(row)}：{error}") from error
    return _spelt(
        code,
        name,
        row.get("parent") or None,
        (since, until),
        {key: value for key, value in row.items() if key not in _OWN and value},
        selectable=row.get("pick", "yes") != "no",
    )


def _spelt(
    code: str,
    name: str,
    parent: str | None,
    days: tuple[date | None, date | None],
    attrs: Row,
    *,
    selectable: bool = True,
) -> CodeEntry:
    full, initials = pinyin(name, surname=False)
    return CodeEntry(code, name, parent, *days, MappingProxyType(dict(attrs)), initials, full, selectable)


def _filled(data: Mapping[str, Any]) -> Iterator[CodeEntry]:
    """The rows of a table that a package carries."""
    if data["filled_by"] == "regions":
        for period in regions.periods():
            day = period.until or period.since or date.max
            above = regions.parent_of(period.code, day)
            attrs = {"level": regions.level_of(period.code)}
            yield _spelt(period.code, period.name, above, (period.since, period.until), attrs)
    elif data["filled_by"] == "countries":
        for country in countries.countries(data.get("rename", {}), set(data.get("omit", ())), data.get("first", "")):
            attrs = {"alpha2": country.alpha2, "numeric": country.numeric}
            yield _spelt(country.alpha3, country.name, None, (None, None), attrs)
    else:
        raise ValueError(f"{data['table']}: 未知的 filled_by：{data['filled_by']}")


def _check(entries: Sequence[CodeEntry], path: Path) -> None:
    """Refuses an empty table, a parent that does not exist, and a code twice from the same day on."""
    codes = {entry.code for entry in entries}
    starts = Counter((entry.code, entry.valid_from) for entry in entries)
    orphans = sorted({entry.parent for entry in entries if entry.parent and entry.parent not in codes})
    twice = sorted({code for (code, _), times in starts.items() if times > 1})
    if not entries or orphans or twice:
        raise ValueError(f"{path.name}: 空表、上级不存在 {orphans} 或代码重复 {twice}")
