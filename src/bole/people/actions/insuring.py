"""The insurance register as a table: taken over from a workbook, asked when a unit registers itself (SZ-01)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column, ImportReport, Taken
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid
from bole.kernel.sealing import blind_index
from bole.organizations import queries as organizations
from bole.organizations.terms import covers, person_name
from bole.people import queries, rules
from bole.people.models import Insured
from bole.people.terms import InsuranceFinding, InsuranceQuestion, InsuranceRegister, name_faults
from bole.standards import queries as standards

HEADER = ("机构代码", "单位社保号", "单位名称", "所属地区", "姓名", "身份证号", "社保电脑号")
NEEDED = tuple(name for name in HEADER if name != "所属地区")


def import_insurance(data: bytes, *, site: str, by: Actor) -> ImportReport:
    """Take over lines of the register with the columns of HEADER; 所属地区 as a code or blank for the site's own.

    A unit of the file stands there in full: who was insured at it before and is not in the file no longer counts.
    Units that the file does not name stay as they are. Twice is once. Raises Refused for who may not, Invalid for a
    workbook that cannot be read.
    """
    rules.may_import_persons(by).demand()
    ground = organizations.site(site).region
    rows = sheets.read_rows(data, header=NEEDED, optional=HEADER)
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    at = clock.now()
    with transaction.atomic():
        report = documents.take_rows(
            rows, columns=_columns(), take=lambda values: _take(values, site, ground, at, seen)
        )
        gone = 0
        for (code, number), indexes in seen.items():
            left = Insured.objects.filter(site=site, organization_code=code, insurance_number=number)
            gone += left.exclude(identity_index__in=indexes).delete()[0]
        audit.record("people.insurance.imported", by=by, kind="site", id=site, detail={**report.counts, "gone": gone})
    return report


def insurance_template() -> bytes:
    """The empty workbook that `import_insurance` reads."""
    return documents.write_sheet(_columns(), (), name="参保人员", room_for=1000)


def bind_insurance_register(register: InsuranceRegister) -> None:
    """Ask this register from now on; called once at start-up where an authority has a service of its own."""
    global _register  # noqa: PLW0603  # one register for the installation, chosen at start-up
    _register = register


def ask_insurance(question: InsuranceQuestion) -> InsuranceFinding:
    """What the register in force says. Raises Refused while it cannot be reached."""
    return _register.ask(question)


class TableRegister:
    """The register as it was imported."""

    def ask(self, question: InsuranceQuestion) -> InsuranceFinding:
        """Compare with the imported lines: one query for the unit, one for the person."""
        unit = Insured.objects.filter(
            site=question.site,
            organization_code=question.organization_code,
            insurance_number=question.insurance_number,
        )
        line = unit.filter(
            identity_index=queries.identity_index(question.number),
            computer_index=computer_index(question.computer_number),
            name_index=name_index(question.name),
        ).first()
        if line is None:
            return InsuranceFinding(unit.exists(), person_agrees=False)
        return InsuranceFinding(True, True, line.unit_name, line.region)


_register: InsuranceRegister = TableRegister()


def computer_index(number: str) -> str:
    """The look-up key of a 社保电脑号."""
    return blind_index("".join(number.split()).upper(), "people.insurance.computer")


def name_index(name: str) -> str:
    """The look-up key of a name as the register has it."""
    return blind_index(person_name(name), "people.insurance.name")


def _take(
    values: Mapping[str, str], site: str, ground: str, at: datetime, seen: dict[tuple[str, str], set[str]]
) -> Taken:
    key, fresh = _read(values, site, ground)
    seen[key["organization_code"], key["insurance_number"]].add(key["identity_index"])
    row = Insured.objects.filter(**key).first()
    if row is None:
        Insured.objects.create(**key, **fresh, imported_at=at)
        return Taken.CREATED
    if all(getattr(row, name) == value for name, value in fresh.items()):
        return Taken.UNCHANGED
    Insured.objects.filter(pk=row.pk).update(**fresh, imported_at=at)
    return Taken.UPDATED


def _read(values: Mapping[str, str], site: str, ground: str) -> tuple[dict[str, str], dict[str, str]]:
    """The key of a line and the rest of it. Raises Invalid with every fault."""
    faults: list[Fault] = []
    code = index = ""
    try:
        code = standards.organization_code(values["机构代码"])
    except Invalid as wrong:
        faults += wrong.faults
    try:
        index = queries.identity_index(standards.identity("resident", values["身份证号"]).number)
    except Invalid as wrong:
        faults += wrong.faults
    faults += name_faults(person_name(values["姓名"]))
    faults += [Fault(name, f"请填写{name}") for name in ("单位社保号", "单位名称", "社保电脑号") if not values[name]]
    region = values["所属地区"] or ground
    if region not in standards.table("region") or not covers(ground, region):
        faults.append(Fault("region", "所属地区应为本地的行政区划代码"))
    if faults:
        raise Invalid(*faults)
    key = {
        "site": site,
        "organization_code": code,
        "insurance_number": values["单位社保号"],
        "identity_index": index,
    }
    fresh = {
        "unit_name": values["单位名称"],
        "region": region,
        "computer_index": computer_index(values["社保电脑号"]),
        "name_index": name_index(values["姓名"]),
    }
    return key, fresh


def _columns() -> list[Column]:
    notes = {"机构代码": "9 位，不含“-”", "所属地区": "行政区划代码，可不填"}
    return [Column(name, 22, note=notes.get(name, "")) for name in HEADER]
