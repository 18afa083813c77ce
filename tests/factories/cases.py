"""Cases made by walking real actions: opened, filled with the field types' own samples, submitted, decided."""

from io import BytesIO
from typing import Any

from PIL import Image

from bole.bindings import actions as bindings
from bole.cases import actions, queries
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.fields import type_of
from bole.definitions.terms import Field, Section, SectionKind, Service, Shape, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.people import queries as people
from bole.people.models import Person
from bole.review import actions as review
from bole.review.terms import Faulty
from tests.factories.organizations import SETUP, SITE
from tests.factories.stages import staged

SERVICE = "talent-collection"


@staged
def published(site: str = SITE, code: str = SERVICE) -> Service:
    """The service, published from the catalogue of the repository."""
    publishing.publish_catalogue(by=SETUP)
    return definitions.service(site, code)


def picture(shade: int = 200, size: tuple[int, int] = (60, 80)) -> bytes:
    """A small photograph."""
    out = BytesIO()
    Image.new("RGB", size, (shade, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def sample(field: Field, chosen: dict[str, Any]) -> Any:
    """A good answer to a field, as it would be typed; a cascade follows what was chosen for its parent."""
    kind = type_of(field)
    if field.parent and field.type != "governed":  # whose lines only the test knows
        return kind.offered(field, clock.today(), chosen[field.parent])[0].code
    return kind.sample(field)


def sample_record(section: Section) -> dict[str, Any]:
    """One record with every field answered that the person answers, optional ones included."""
    chosen: dict[str, Any] = {}
    for field in section.fields:
        if field.fixed is None and type_of(field).shape is not Shape.FILE:
            chosen[field.field] = sample(field, chosen)
    return chosen


def fill(case: Case, by: Actor, only: tuple[str, ...] = ()) -> None:
    """Type sample answers into every section (or those named), through the actions."""
    service = queries.service_of(case)
    for section in service.sections:
        if section.kind is not SectionKind.FIELDS or (only and section.section not in only):
            continue
        version = queries.form_of(case, service).sections[section.section].version
        record = sample_record(section)
        if section.many is None:
            actions.save_section(case=case, section=section.section, typed=record, seen=version, by=by)
        else:
            actions.save_record(case=case, section=section.section, record="", typed=record, seen=version, by=by)


def prove(case: Case, by: Actor) -> None:
    """Upload one picture for every line of evidence that demands one."""
    for place, slot in enumerate(queries.form_of(case).slots):
        if slot.required and not slot.answered:
            where = {"section": slot.section, "record": slot.record, "category": slot.category}
            actions.attach(case=case, **where, data=picture(place % 200), name="证书.jpg", by=by)


@staged
def open_case(person: Person, by: Actor, service: Service | None = None) -> Case:
    """A case of the person, opened by the actor."""
    return bindings.open_case(service=service or published(), person=person, unit=people.current_unit(person.pk), by=by)


@staged
def complete_case(person: Person, by: Actor, service: Service | None = None) -> Case:
    """A case that could be submitted at once."""
    case = open_case(person, by, service)
    fill(case, by)
    prove(case, by)
    return fresh(case)


@staged
def submitted_case(person: Person, by: Actor, service: Service | None = None) -> Case:
    """A case at its first desk."""
    case = complete_case(person, by, service)
    review.submit_case(case=case, seen=case.revision, by=by)
    return fresh(case)


def fresh(case: Case) -> Case:
    """The case as it is in the database now."""
    return Case.objects.select_related("person", "unit").get(pk=case.pk)


def approve(case: Case, by: Actor, opinion: str = "") -> Case:
    """The desk where it lies passes it."""
    case = fresh(case)
    review.decide(case=case, step=case.step, seen=case.revision, verdict=Verdict.APPROVE, opinion=opinion, by=by)
    return fresh(case)


def send_back(case: Case, by: Actor, *sections: str, opinion: str = "请补充证明材料") -> Case:
    """The desk where it lies returns it to the applicant with these sections marked."""
    case = fresh(case)
    review.decide(
        case=case, step=case.step, seen=case.revision, verdict=Verdict.SEND_BACK, opinion=opinion,
        faulty=tuple(Faulty(section) for section in sections), by=by,
    )  # fmt: skip
    return fresh(case)


def terminate(case: Case, by: Actor, opinion: str = "不符合采集条件") -> Case:
    """The desk where it lies ends it."""
    case = fresh(case)
    review.decide(case=case, step=case.step, seen=case.revision, verdict=Verdict.TERMINATE, opinion=opinion, by=by)
    return fresh(case)
