"""「立即申报」: the unit fills in for somebody tied to it (NX-15)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bole.bindings import actions as bindings
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import EDITABLE, OPEN
from bole.definitions.terms import Opener, Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, BoleError, Fault, Invalid, Refused, TooMany
from bole.people import actions as people
from bole.people import queries as known_persons
from bole.people.models import Person
from bole.standards import queries as standards
from bole.web.answers import status_of
from bole.web.doors import for_units
from bole.web.pages import lists
from bole.web.pages.filling.starting import conditions_of
from bole.web.pages.unit.place import UnitPlace, unit_place
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_OPEN = "unit-open"


def identity_kinds() -> list[tuple[str, str]]:
    """「证件类型」 as choices."""
    return [(row.code, row.name) for row in standards.table("identity-kind").entries_on(clock.today())]


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """证件类型, 证件号码, 「确认」; then the form. Numbers unknown, untied and foreign get one and the same answer."""
    place = unit_place(request)
    if request.method != "POST":
        return _form(request, place, Typed({"kind": "resident"}))
    known = lists.disclose(request.POST.get("open", ""), request.actor, _OPEN)
    if isinstance(known, list):
        return _eligible(request, place, *known)
    typed = Typed.posted(request.POST)
    service = _chosen(place, typed["service"])
    if service is None:
        return _form(request, place, typed.with_faults([Fault("service", "请选择要申报的事项")]), status=422)
    try:
        person = people.find_for_unit(kind=typed["kind"], number=typed["number"], by=request.actor)
    except Invalid as wrong:
        return _form(request, place, typed.with_faults(wrong), status=422)
    except (Refused, TooMany) as refused:
        note_refusal(request, refused)
        return _form(request, place, typed, refusal=refused)
    standing = _standing_case(request.actor, service, person)
    if service.eligibility and standing is None:
        return _conditions(request, place, service, person)
    try:
        case = standing or bindings.open_case(service=service, person=person, unit=place.unit, by=request.actor)
    except Refused as refused:
        standing = _standing_case(request.actor, service, person)
        if standing is None:
            note_refusal(request, refused)
            return _form(request, place, typed, refusal=refused)
        case = standing
    return _opened(case)


def _opened(case: Case) -> HttpResponse:
    """On to the form, or to reading what the person fills in."""
    fill = case.opener == Opener.UNIT and case.status in EDITABLE
    return redirect("case" if fill else "review-case", case.site, case.number)


def _conditions(
    request: PageRequest, place: UnitPlace, service: Service, person: Person, refusal: Refused | None = None
) -> HttpResponse:
    """「申报条件」 first. Who was found travels sealed: the number is not asked for again, nor counted twice."""
    kept = {"open": lists.close([service.service, str(person.pk)], request.actor, _OPEN)}
    return conditions_of(request, service, person, place.unit, here="unit-collection", kept=kept, refusal=refusal)


def _eligible(request: PageRequest, place: UnitPlace, code: str, key: str) -> HttpResponse:
    """「开始填报」: the case, unless a condition stops it. Whether the person is tied still is asked anew."""
    service = next((each for each in place.opened if each.service == code), None)
    if service is None:
        raise Absent
    person = known_persons.person(UUID(key))
    standing = _standing_case(request.actor, service, person)
    if standing is not None:
        return _opened(standing)
    try:
        return _opened(bindings.open_case(service=service, person=person, unit=place.unit, by=request.actor))
    except Refused as refused:
        note_refusal(request, refused)
        return _conditions(request, place, service, person, refused)


def _chosen(place: UnitPlace, code: str) -> Service | None:
    """The service meant: the one that there is, or the one picked of several."""
    if len(place.opened) == 1:
        return place.opened[0]
    return next((service for service in place.opened if service.service == code), None)


def _standing_case(by: Actor, service: Service, person: Person) -> Case | None:
    """The case that is open already, if the unit may see it: a second press, or work begun last week."""
    mine = cases.cases_of(by).filter(person=person, service=service.service, status__in=OPEN)
    return mine.first()


def _form(
    request: PageRequest, place: UnitPlace, typed: Typed, *, refusal: BoleError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "here": "unit-collection",
        "place": place,
        "typed": typed,
        "kinds": identity_kinds(),
        "services": [(service.service, service.name) for service in place.opened],
        "refusal": refusal.sentence if refusal else "",
    }
    return render(request, "web/unit/new.html", context, status=status_of(refusal) if refusal else status)
