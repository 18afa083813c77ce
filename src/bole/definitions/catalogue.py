"""The catalogue directory of this process, read once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bole.definitions.check import check
from bole.definitions.parse import parse
from bole.definitions.terms import DefinitionInvalid, Known, Problem, RecordKind, Service
from bole.standards import queries as standards


@dataclass(frozen=True)
class Catalogue:
    """The services and record kinds as they stand in the files; published versions live in the database."""

    directory: Path
    services: dict[tuple[str, str], Service]
    records: dict[str, RecordKind]


def load(directory: Path) -> Catalogue:
    """Read and check a directory. Raises DefinitionInvalid with every problem; warnings pass.

    Names of effects, roles and templates are taken on trust here: whoever knows them runs `problems`.
    """
    parsed = parse(directory)
    found = check(parsed, Known(tables=_tables()))
    errors = [problem for problem in found if not problem.warning]
    if errors:
        raise DefinitionInvalid(errors)
    services = {(source.thing.site, source.thing.service): source.thing for source in parsed.services}
    return Catalogue(directory, services, {code: source.thing for code, source in parsed.records.items()})


def problems(directory: Path, known: Known) -> list[Problem]:
    """Everything wrong with a directory; templates and tables are looked up where `known` does not name them."""
    if known.tables is None:
        known = replace(known, tables=_tables())
    if known.templates is None:
        known = replace(known, templates=frozenset(_templates(directory)))
    return check(parse(directory), known)


def _tables() -> frozenset[str]:
    return frozenset(standards.table_codes())


def _templates(directory: Path) -> Iterable[str]:
    for path in directory.glob("*/print/*.typ"):
        yield f"{path.parent.parent.name}/{path.stem}"
