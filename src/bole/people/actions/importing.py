"""Rosters: persons of units taken over from a workbook, row by row, each with its reason; twice is once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from bole.accounts.terms import clean_phone
from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column, ImportReport, Taken
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid, Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import person_name
from bole.people import queries, rules
from bole.people.actions.registering import new_person
from bole.people.actions.tying import tie
from bole.people.models import Person
from bole.people.terms import TieBasis, name_faults
from bole.standards import queries as standards
from bole.standards.terms import Identity, IdentityKind

HEADER = ("姓名", "证件类型", "证件号码", "民族", "手机号", "单位")
NEEDED = ("姓名", "证件号码", "单位")

_KINDS = {kind.label: kind for kind in IdentityKind}


@dataclass(frozen=True)
class _Row:
    """A row as read: checked and resolved."""

    name: str
    identity: Identity
    ethnic_group: str
    phone: str
    unit: Unit


def import_persons(data: bytes, *, site: str, by: Actor) -> ImportReport:
    """Take over a roster with the columns of HEADER; 单位 is the unit's 统一社会信用代码.

    Creates persons without an account, tied to their unit; who registers later with the same number, name and
    phone takes the person over. A registered person's own data are never changed, and nobody is taken out of
    another unit. Raises Refused for who may not at all, Invalid for a workbook that cannot be read.
    """
    rules.may_import_persons(by).demand()
    organizations.site(site)
    rows = sheets.read_rows(data, header=NEEDED, optional=HEADER)
    with transaction.atomic():
        report = documents.take_rows(
            rows, columns=_columns(), take=lambda values: _take(_read(values, site, by), site, by)
        )
        audit.record("people.persons.imported", by=by, kind="site", id=site, detail=report.counts)
    return report


def person_template() -> bytes:
    """The empty workbook that `import_persons` reads, with drop-downs."""
    return documents.write_sheet(_columns(), (), name="人员", room_for=1000)


def _columns() -> list[Column]:
    groups = tuple(
        entry.name for entry in standards.table("ethnic-group").entries_on(clock.today()) if entry.selectable
    )
    more = {
        "证件类型": Column("证件类型", 24, tuple(_KINDS)),
        "证件号码": Column("证件号码", 24),
        "民族": Column("民族", 12, groups),
        "单位": Column("单位", 24, note="单位的统一社会信用代码"),
    }
    return [more.get(name, Column(name, 16)) for name in HEADER]


def _take(row: _Row, site: str, by: Actor) -> Taken:
    index = queries.identity_index(row.identity.number)
    person = (
        Person.objects.select_for_update(no_key=True)
        .filter(identity_kind=row.identity.kind.value, identity_index=index)
        .first()
    )
    created = person is None
    if person is None:
        person = new_person(row.identity, row.name, site)
    elif person.name != row.name:
        raise Refused("姓名与已登记的不一致，请对照证件核对")
    changed = _update(person, row)
    if created or changed:
        person.revision += not created
        person.save(force_insert=created)
        verb = "created" if created else "updated"
        audit.record(
            f"people.person.{verb}",
            by=by,
            kind="person",
            id=str(person.pk),
            unit=row.unit.pk,
            detail={"changed": changed},
        )
    standing = queries.current_tie(person.pk)
    if standing and standing.unit_id != row.unit.pk:
        raise Refused("该人员登记在其他单位，请由本人登录后变更所在单位，或先由原单位解除")
    if standing is None:
        tie(person, row.unit.pk, TieBasis.ROSTER, by)
    if created:
        return Taken.CREATED
    return Taken.UPDATED if changed or standing is None else Taken.UNCHANGED


def _update(person: Person, row: _Row) -> list[str]:
    """Fill in what the roster knows; a registered person's data are the person's own."""
    if person.account_id is not None:
        return []
    fresh = {"ethnic_group": row.ethnic_group, "phone": row.phone}
    changed = [name for name, value in fresh.items() if value and (getattr(person, name) or "") != value]
    for name in changed:
        setattr(person, name, fresh[name])
    return changed


def _read(values: Mapping[str, str], site: str, by: Actor) -> _Row:
    name = person_name(values["姓名"])
    faults = name_faults(name)
    kind = _KINDS.get(values["证件类型"] or IdentityKind.RESIDENT.label)
    identity: Identity | None = None
    if kind is None:
        faults.append(Fault("kind", f"证件类型应为{'、'.join(_KINDS)}之一"))
    else:
        try:
            identity = standards.identity(kind.value, values["证件号码"])
        except Invalid as wrong:
            faults += wrong.faults
    ethnic = _ethnic(values["民族"])
    if ethnic is None:
        faults.append(Fault("ethnic_group", f"民族「{values['民族']}」不在选项中，请填写如「汉族」「回族」"))
    phone = ""
    if values["手机号"]:
        try:
            phone = clean_phone(values["手机号"])
        except Invalid as wrong:
            faults += wrong.faults
    unit, wrong_unit = _unit(values["单位"], site, by)
    faults += wrong_unit
    if faults or identity is None or unit is None:
        raise Invalid(*faults)
    return _Row(name, identity, ethnic or "", phone, unit)


def _ethnic(text: str) -> str | None:
    if not text:
        return ""
    table = standards.table("ethnic-group")
    found = table.named(text) or table.named(text + "族")
    return found[0].code if found else (text if text in table else None)


def _unit(text: str, site: str, by: Actor) -> tuple[Unit | None, list[Fault]]:
    if not text:
        return None, [Fault("unit", "请填写单位的统一社会信用代码")]
    try:
        code = standards.credit_code(text).code
    except Invalid as wrong:
        return None, list(wrong.faults)
    found = organizations.units_visible_to(by).open().filter(site=site, credit_code=code).first()
    return (found, []) if found else (None, [Fault("unit", "管辖范围内没有这个单位，请核对代码，或先导入单位")])
