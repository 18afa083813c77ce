"""「单位业务」: what this capacity opens for the unit itself or for its people, and where each of it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bole.bindings import actions as bindings
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import CLOSED, OPEN, Status
from bole.definitions import queries as definitions
from bole.definitions.terms import Opener, Service, SubjectKind
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.kernel.privacy import mask_number
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.people import queries as people
from bole.people.models import Person
from bole.people.terms import NOT_TIED_SENTENCE, TiedPerson
from bole.web.answers import status_of
from bole.web.areas import filed_in, is_affair
from bole.web.doors import for_units
from bole.web.pages import cases as caselist
from bole.web.pages import lists
from bole.web.pages.filling.starting import conditions_of, open_eligible
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, is_asked_for, posted_id

TABS = (("open", "办理中"), ("closed", "已办结"))
SORT = lists.Sort("changed", "最近变动", ("-changed_at", "id"))
_NUMBER_LEAST = 8  # fewer characters are no number of an identity document
_HERE = "unit-affairs"


@dataclass(frozen=True)
class Category:
    """Services of one kind under their heading."""

    name: str
    services: tuple[Service, ...]


def _categories(services: Iterable[Service]) -> list[Category]:
    found: dict[str, list[Service]] = {}
    for service in services:
        found.setdefault(service.category, []).append(service)
    return [Category(name, tuple(each)) for name, each in found.items()]


def _rows(by: Actor, tab: str) -> QuerySet[Case]:
    own = Q(person=None) | ~Q(filed_by=Role.COLLECTION_ADMINISTRATOR)
    states = CLOSED if tab == "closed" else OPEN
    return cases.cases_of(by).filter(own, opener=Opener.UNIT, status__in=states).select_related("seat_unit")


@require_safe
@for_units
def affairs(request: PageRequest) -> HttpResponse:
    """What can be opened, by category, and what was opened, by whether it is done."""
    by, site = request.actor, request.here.code
    asked = lists.read_asked(request, by, tabs=[code for code, _ in TABS], sorts=(SORT,), names=())
    offered = [each for each in definitions.services_of(site) if is_affair(each) and filed_in(request.capacity, each)]
    page = lists.key_page(_rows(by, asked.tab), asked, SORT, by)
    rows = [caselist.case_row(case, url=reverse("case", args=[site, case.number])) for case in page.rows]
    seats = [case.seat_unit.name if case.seat_unit is not None else "" for case in page.rows]
    context = {
        "here": _HERE,
        "unit": organizations.unit(by.place),
        "categories": _categories(offered),
        "tab": asked.tab,
        "tabs": [(code, name, asked.address(by, tab=code)) for code, name in TABS],
        "page": page,
        "rows": list(zip(rows, seats, strict=True)),
    }
    return render(request, "web/unit/affairs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def start(request: PageRequest, service: str) -> HttpResponse:
    """The open case of the unit, or a fresh one; for a service about persons, the person is picked first.

    Raises Refused for a capacity that does not file it.
    """
    by, definition = request.actor, definitions.service(request.here.code, service)
    if Opener.UNIT not in definition.opened_by:
        raise Absent
    if not is_affair(definition):
        return redirect("unit-new", definition.site)
    unit = organizations.unit(by.place)
    cases.may_open(by, definition, None, unit).demand()
    if definition.subject is SubjectKind.PERSON:
        return _for_person(request, definition, unit)
    mine = cases.cases_of(by, request.capacity).filter(site=definition.site, service=service, person=None)
    case = mine.filter(status__in=OPEN).first() or mine.exclude(status=Status.CANCELLED).first()
    if case is None or (case.status not in OPEN and "again" in request.GET):
        if definition.eligibility:
            return open_eligible(request, definition, None, unit)
        if not is_asked_for(request):
            return redirect(_HERE, definition.site)
        case = bindings.open_case(service=definition, person=None, unit=unit, by=by)
    return redirect("case", case.site, case.number)


def _for_person(request: PageRequest, definition: Service, unit: Unit) -> HttpResponse:
    """Name, pinyin or number, found among the unit's own people only; then the pick. Words are posted: a number never
    stands in an address."""
    words, refusal = request.POST.get("q", "").strip()[:60], None
    picked = posted_id(request, "person")
    if request.method == "POST" and picked is not None:
        try:
            return _open_for(request, definition, unit, picked)
        except Refused as refused:
            note_refusal(request, refused)
            refusal = refused
    found = tied(unit, words)
    context = {
        "here": _HERE,
        "service": definition,
        "words": words,
        "found": found,
        "refusal": refusal.sentence if refusal else "",
        "unpicked": "pick" in request.POST and picked is None,
    }
    status = status_of(refusal) if refusal else 422 if context["unpicked"] else 200
    return render(request, "web/unit/pick_person.html", context, status=status)


def _open_for(request: PageRequest, definition: Service, unit: Unit, picked: UUID) -> HttpResponse:
    """Raises Refused, with one sentence for unknown and foreign persons."""
    person = Person.objects.filter(pk=picked, ties__unit=unit, ties__until_on=None).first()
    if person is None:
        raise Refused(NOT_TIED_SENTENCE)
    mine = cases.cases_of(request.actor, request.capacity)
    standing = mine.filter(person=person, service=definition.service, status__in=OPEN).first()
    refusal: Refused | None = None
    if standing is None and (not definition.eligibility or "open" in request.POST):
        try:
            standing = bindings.open_case(service=definition, person=person, unit=unit, by=request.actor)
        except Refused as refused:
            if not definition.eligibility:
                raise
            note_refusal(request, refused)
            refusal = refused
    if standing is not None:
        return redirect("case", standing.site, standing.number)
    kept = {"person": str(person.pk), "pick": "1", "open": "1"}
    return conditions_of(request, definition, person, unit, here=_HERE, kept=kept, refusal=refusal)


def tied(unit: Unit, words: str) -> tuple[TiedPerson, ...]:
    """The unit's own people that fit the words, or the number; without words, the first of them."""
    rows = people.tied_persons(unit.pk, text=words, limit=20)
    if rows or len(words) < _NUMBER_LEAST:
        return rows
    try:
        found = people.person_by_identity("resident", words)
    except Invalid:
        return ()
    tie = people.current_tie(found.pk) if found is not None else None
    if found is None or tie is None or tie.unit_id != unit.pk:
        return ()
    return (TiedPerson(found.pk, found.name, mask_number(found.identity_number), tie.since_on),)
