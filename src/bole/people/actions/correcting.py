"""Corrections of one's own basic data."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid, Moved
from bole.people import rules
from bole.people.actions.tying import locked_person
from bole.people.models import Person
from bole.people.terms import DETAILS
from bole.standards import queries as standards

_TABLES = {
    "ethnic_group": ("民族", "ethnic-group"),
    "region": ("户籍所在地", "region"),
    "native_place": ("籍贯", "region"),
}
_TEXTS = ("school", "major")
_OPTIONAL = ("native_place",)


def correct_person(*, person: UUID, values: Mapping[str, str], seen: int, by: Actor) -> Person:
    """Correct 民族, 户籍所在地, 籍贯, 毕业院校 or 所学专业 (HA-03).

    Name, number, sex and birth date follow the document, 专业技术职务 an approved case; they are not edited here.

    `seen` is the revision that was on screen. Raises Refused, Absent, Invalid, Moved; the same twice changes nothing.
    """
    with transaction.atomic():
        row = locked_person(person)
        rules.may_correct(by, row.pk).demand()
        clean = _clean(values)
        changed = [name for name, value in clean.items() if getattr(row, name) != value]
        if not changed:
            return row
        if seen != row.revision:
            raise Moved("您的基本资料刚刚在别处修改过，请核对最新内容后再保存。")
        for name in changed:
            setattr(row, name, clean[name])
        row.revision += 1
        row.save(update_fields=[*changed, "revision"])
        audit.record("people.person.corrected", by=by, kind="person", id=str(row.pk), detail={"changed": changed})
    return row


def ethnic_faults(code: str, at: str = "ethnic_group") -> list[Fault]:
    """What is wrong with a code of 民族."""
    return _code_faults(at, "民族", "ethnic-group", code)


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    unknown = set(values) - set(_TABLES) - set(_TEXTS)
    if unknown or not values:
        raise Invalid.at(next(iter(sorted(unknown)), "ethnic_group"), "这一项不能在这里修改，请联系所在单位或人社部门")
    clean = {name: " ".join(text.split()) for name, text in values.items()}
    faults = [
        fault
        for name, code in clean.items()
        if name in _TABLES and (code or name not in _OPTIONAL)
        for fault in _code_faults(name, *_TABLES[name], code)
    ]
    for name in _TEXTS:
        label, longest = DETAILS[name]
        if len(clean.get(name, "")) > longest:
            faults.append(Fault(name, f"{label}最多 {longest} 个字"))
    if faults:
        raise Invalid(*faults)
    return clean


def _code_faults(at: str, label: str, table: str, code: str) -> list[Fault]:
    found = standards.table(table)
    if code in found and found.entry(code).valid_on(clock.today()):
        return []
    return [Fault(at, f"请选择{label}")]
