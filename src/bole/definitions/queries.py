"""What other rooms may ask of definitions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from bole.definitions import catalogue as files
from bole.definitions import lookups
from bole.definitions.answers import assess as assess
from bole.definitions.answers import captions as captions
from bole.definitions.answers import clean_all as clean_all
from bole.definitions.answers import clean_record as clean_record
from bole.definitions.answers import clean_section as clean_section
from bole.definitions.answers import drawn_values as drawn_values
from bole.definitions.answers import entered_record as entered_record
from bole.definitions.answers import is_required as is_required
from bole.definitions.answers import record_caption as record_caption
from bole.definitions.answers import shown_text as shown_text
from bole.definitions.answers import typed_of as typed_of
from bole.definitions.catalogue import Catalogue
from bole.definitions.compare import compare as compare
from bole.definitions.faces import columns, form
from bole.definitions.faces.controls import line_facts, line_label
from bole.definitions.faces.printing import print_data as print_data
from bole.definitions.faces.reading import read_all as read_all
from bole.definitions.faces.reading import read_section
from bole.definitions.faces.schema import service_schema as service_schema
from bole.definitions.faces.sheets import masked_text as masked_text
from bole.definitions.fields import governed_offers, vacancy
from bole.definitions.models import PublishedDefinition
from bole.definitions.parse import SHARED
from bole.definitions.terms import (
    Context,
    Field,
    Known,
    Lookup,
    Problem,
    RecordKind,
    Requirement,
    Section,
    Service,
    ShownSection,
    Window,
)
from bole.kernel import clock
from bole.kernel.errors import Absent, Fault

_directory: list[Path] = []


def configure(directory: Path) -> None:
    """Says where the catalogue is; called once at start-up."""
    _directory[:] = [Path(directory)]


def catalogue() -> Catalogue:
    """The catalogue of this process. Raises DefinitionInvalid, and RuntimeError before `configure`."""
    if not _directory:
        raise RuntimeError("definitions.queries.configure() has not been called")
    return _loaded(_directory[0])


def catalogue_of(site: str) -> tuple[Service, ...]:
    """The services of a site as they stand in the files, by code: for menus and heads of lists, without a query."""
    services = catalogue().services
    return tuple(services[place] for place in sorted(services) if place[0] == site)


@lru_cache(maxsize=8)
def _loaded(directory: Path) -> Catalogue:
    return files.load(directory)


def check_catalogue(path: Path, known: Known) -> list[Problem]:
    """Everything wrong with a catalogue directory, warnings included."""
    return files.problems(path, known)


def service(site: str, code: str, on: date | None = None) -> Service:
    """The version in force on a day (today): the highest published one whose day has come. Raises Absent."""
    current = _newest(site, on, code).get(code)
    if current is None:
        raise Absent("没有找到这个事项。它可能还没有开通，请从服务目录选择。")
    return pinned(site, code, *current)


def window(site: str, code: str) -> Window | None:
    """When the service takes declarations as the authority says today, whatever version a case was started with.

    None where no version is in force.
    """
    current = _newest(site, None, code).get(code)
    return pinned(site, code, *current).window if current is not None else None


def services_of(site: str, on: date | None = None) -> tuple[Service, ...]:
    """The services of a site, each in the version in force, by code."""
    return tuple(pinned(site, code, *current) for code, current in sorted(_newest(site, on).items()))


def pinned(site: str, code: str, version: str, digest: str) -> Service:
    """Exactly the version that a case was started with. Raises Absent."""
    return _stored(site, code, version, digest)


def versions(site: str, code: str) -> tuple[str, ...]:
    """All published versions of a service, the newest first."""
    rows = PublishedDefinition.objects.filter(site=site, code=code).values_list("version", flat=True)
    return tuple(sorted(rows, key=version_key, reverse=True))


@lru_cache(maxsize=256)
def _stored(site: str, code: str, version: str, digest: str) -> Service:
    row = PublishedDefinition.objects.filter(site=site, code=code, version=version, hash=digest).first()
    if row is None:
        raise Absent("没有找到这份申报所依据的事项版本。请联系系统管理员。")
    return Service.model_validate(row.body)


def _newest(site: str, on: date | None, only: str = "") -> dict[str, tuple[str, str]]:
    """Version and hash in force of each service, or of one."""
    rows = PublishedDefinition.objects.filter(Q(in_force_on=None) | Q(in_force_on__lte=on or clock.today()), site=site)
    if only:
        rows = rows.filter(code=only)
    newest: dict[str, tuple[str, str]] = {}
    for code, version, digest in rows.values_list("code", "version", "hash"):
        if code not in newest or version_key(version) > version_key(newest[code][0]):
            newest[code] = (version, digest)
    return newest


def version_key(version: str) -> tuple[int, ...]:
    """How versions are ordered: by their numbers, 2018.10 after 2018.9."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def print_template(site: str, name: str) -> Path:
    """The template of a printed paper: the site's own, or the one for all sites. Raises Absent."""
    for folder in (site, SHARED):
        path = catalogue().directory / folder / "print" / f"{name}.typ"
        if path.is_file():
            return path
    raise Absent("没有找到打印模板，请联系系统管理员。")


def record_kind(code: str) -> RecordKind:
    """A kind of archive record. Raises KeyError."""
    return catalogue().records[code]


def lookup(name: str) -> Lookup:
    """The search bound under a name. Raises Absent."""
    if name not in lookups.names():
        raise Absent
    return lookups.bound(name)


def governed_choices(field: Field, parent: str | None, context: Context) -> tuple[list[dict[str, Any]], str]:
    """What a field of a governed catalogue offers below a parent, for the page's script, and if nothing, why."""
    offered = governed_offers(field, parent, context)
    lines = [{"code": each.value, "name": line_label(each), "is": line_facts(each)} for each in offered]
    return lines, vacancy(field, parent, context)


def lookup_names() -> frozenset[str]:
    """The names that a field's `lookup` may use."""
    return lookups.names() | lookups.governed_names()


def form_html(
    service: Service,
    code: str,
    typed: Any,
    *,
    context: Context,
    faults: Iterable[Fault] = (),
    locked: bool = False,
    reveal: bool = False,
) -> str:
    """The controls of a section (of one record) as safe HTML; `locked` shows texts instead of controls.

    `faults` are at "field", or "<record>.field" for the record at hand.
    """
    own = [Fault(fault.at.rpartition(".")[2], fault.say) for fault in faults]
    return form.fields_html(service, code, typed, faults=own, context=context, locked=locked, reveal=reveal)


def reading(service: Service, code: str, typed: Any, context: Context, *, mask: bool) -> ShownSection:
    """A section as it is read by preview, review and print."""
    return read_section(service, code, typed, context=context, mask=mask)


def facts_of(service: Service, values: Mapping[str, Any]) -> dict[str, str]:
    """What lists show of a case, by column, from cleaned values by section: {"basic.talent_category": "高技能人才"}."""
    return {fact.column: fact.text for fact in columns.facts(service, values)}


def column_heads(service: Service) -> tuple[tuple[str, str], ...]:
    """The columns of a service with their names."""
    return columns.heads(service)


def listed_columns(service: Service) -> tuple[str, ...]:
    """The columns that pages show of a case, the one in front first."""
    return columns.listed(service)


def columns_in_common(services: Sequence[Service]) -> tuple[columns.Lead, ...]:
    """The columns that pages show of all these services, each with what a list of their cases can be narrowed by."""
    return columns.shown_in_common(services, clock.today())


def as_json(service: Service) -> dict[str, Any]:
    """A service in plain JSON for people and programs: sections in order with their fields, evidence, route."""
    return {
        "site": service.site,
        "service": service.service,
        "name": service.name,
        "version": service.version,
        "hash": service.hash,
        "basis": service.basis,
        "category": service.category,
        "menu": service.menu,
        "subject": service.subject.value,
        "unit": service.unit.value,
        "filed_by": service.filed_by,
        "opened_by": [opener.value for opener in service.opened_by],
        "counted_to": service.counted_to.isoformat() if service.counted_to else None,
        "eligibility": [_requirement_json(each) for each in service.eligibility],
        "progress": [stage.name for stage in service.progress],
        "sections": [_section_json(section) for section in service.sections],
        "evidence": [each.model_dump(mode="json", by_alias=True) for each in service.evidence],
        "route": service.route.model_dump(mode="json"),
        "outputs": [each.model_dump(mode="json") for each in service.outputs],
        "columns": [column for column, _ in columns.heads(service)],
    }


def _requirement_json(requirement: Requirement) -> dict[str, Any]:
    told = requirement.model_dump(mode="json", by_alias=True)
    facts = [
        {"as": fact.key} | fact.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for fact in requirement.facts
    ]
    return told | {"facts": facts}


def _section_json(section: Section) -> dict[str, Any]:
    return {
        "key": section.section,
        "name": section.name,
        "kind": section.kind.value,
        "required": section.required,
        "many": section.many is not None,
        "max": section.many.max if section.many else None,
        "record": section.record,
        "fields": [_field_json(field) for field in section.fields],
        "checks": [{"that": check.that, "say": check.say, "at": check.at} for check in section.checks],
    }


def _field_json(field: Field) -> dict[str, Any]:
    told = {
        "key": field.field,
        "name": field.name,
        "type": field.type,
        "required": field.required,
        "fixed": field.fixed is not None,
    }
    more = {
        "source": field.fixed,
        "max": field.max,
        "help": field.help,
        "hint": field.hint,
        "table": field.table,
        "lookup": field.lookup,
        "was": field.was,
        "parent": field.parent,
        "condition": field.show,
        "nothing": [kind.value for kind in field.nothing],
    }
    return told | {"privacy": field.privacy.value} | {key: value for key, value in more.items() if value}
