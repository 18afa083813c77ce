"""「立即申报」: the unit fills in for somebody tied to it (NX-15)."""

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
from bole.kernel.errors import BoleError, Fault, Invalid, Refused, TooMany
from bole.people import actions as people
from bole.people.models import Person
from bole.standards import queries as standards
from bole.web.answers import status_of
from bole.web.doors import for_units
from bole.web.pages.unit.place import UnitPlace, unit_place
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest
from bole.web.shapes import Typed


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
    try:
        case = bindings.open_case(service=service, person=person, unit=place.unit, by=request.actor)
    except Refused as refused:
        standing = _standing_case(request.actor, service, person)
        if standing is None:
            note_refusal(request, refused)
            return _form(request, place, typed, refusal=refused)
        case = standing
    fill = case.opener == Opener.UNIT and case.status in EDITABLE
    return redirect("case" if fill else "review-case", case.site, case.number)


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
