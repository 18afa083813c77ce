"""The national table of titles (catalogue/codes/title.yaml) as a catalogue; the dictionary stays the one source.

The table knows series, levels and titles; majors are the authority's own. Where the table tells branches of a series
apart (医, 药, 护, 技) these are its majors unless others are named; else the series has one major of its own name.
"""

from collections.abc import Iterator, Mapping, Sequence

from bole.standards import queries as standards
from bole.standards.terms import CodeEntry, CodeTable
from bole.titles.terms import Kind, Line, Major

_LOCAL = "90"  # series from here on are local ones, which an authority adds itself


def standard_lines(majors: Mapping[str, Sequence[Major]] | None = None) -> tuple[Line, ...]:
    """The 27 series with majors, levels and the titles that are awarded today, parents before children.

    `majors` names those of a series by its code.
    """
    table = standards.table("title")
    return tuple(
        line
        for series in table.children(None)
        if series.code < _LOCAL
        for line in _series(table, series, (majors or {}).get(series.code, ()))
    )


def _series(table: CodeTable, series: CodeEntry, named: Sequence[Major]) -> Iterator[Line]:
    yield Line(Kind.SERIES, (series.code,), series.name)
    for major in named or _branches(table, series):
        path = (series.code, major.code)
        yield Line(Kind.MAJOR, path, major.name)
        for level in table.children(series.code):
            titles = [entry for entry in _awarded(table, level) if entry.attrs.get("branch", "") in ("", major.branch)]
            if titles:
                digit = level.code.rpartition("-")[2]
                yield Line(Kind.LEVEL, (*path, digit), level.name, digit)
                yield from (Line(Kind.TITLE, (*path, digit, entry.code), entry.name, digit) for entry in titles)


def _branches(table: CodeTable, series: CodeEntry) -> tuple[Major, ...]:
    """A major for each branch of the series, in the table's order; one for the whole series where it has none."""
    told = [entry.attrs.get("branch", "") for level in table.children(series.code) for entry in _awarded(table, level)]
    branches = [branch for branch in dict.fromkeys(told) if branch]
    if not branches:
        return (Major(f"{series.code}01", series.name),)
    return tuple(Major(f"{series.code}{place:02}", branch, branch) for place, branch in enumerate(branches, start=1))


def _awarded(table: CodeTable, level: CodeEntry) -> list[CodeEntry]:
    return [entry for entry in table.children(level.code) if not entry.attrs.get("historical")]
