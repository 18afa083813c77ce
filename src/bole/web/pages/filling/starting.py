"""The person's way into a service: the case that is open, or a fresh one, of the own unit or of one that is chosen."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bole.bindings import actions as bindings
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import CLOSED, OPEN, Status
from bole.definitions import queries as definitions
from bole.definitions.terms import Opener, Service, UnitSource
from bole.kernel.actors import Way
from bole.kernel.errors import Absent, Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import UNIT_KIND_NAMES
from bole.people import actions as people_actions
from bole.people import queries as people
from bole.people.models import Person
from bole.web.answers import status_of
from bole.web.flash import say
from bole.web.pages.eligibility import before_opening
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, is_asked_for, posted_id


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PageRequest, service: str) -> HttpResponse:
    """The way in from the menu: the open case of this service, or a fresh one.

    Opening by GET is safe to repeat: the second time leads to the same case. Where the unit is chosen, it is asked
    for first, and where there are conditions, they are shown first; then the case is opened by POST.
    """
    by, site = request.actor, request.here.code
    if by.way is not Way.PERSON or by.person is None:
        raise Refused("请以「个人」方式登录后填报。单位代为填报请在单位平台使用「立即申报」。")
    definition = definitions.service(site, service)
    if Opener.SUBJECT not in definition.opened_by:
        raise Refused("这项业务由单位办理，请联系所在单位。")
    mine = cases.cases_of(by).filter(site=site, service=service)
    case = mine.filter(status__in=OPEN).first() or mine.exclude(status=Status.CANCELLED).first()
    if case is not None and (case.status in OPEN or "again" not in request.GET):
        return redirect("case", site, case.number)
    if definition.unit is UnitSource.CHOSEN:
        return _choose(request, definition, people.person(by.person))
    former = mine.filter(status__in=CLOSED, number=request.GET.get("again", "")).first()
    return _open_own(request, definition, people.person(by.person), former)


def _open_own(request: PageRequest, definition: Service, person: Person, former: Case | None) -> HttpResponse:
    """A case of the unit that the person belongs to; with `former` what that one held is taken up again."""
    site, unit = request.here.code, people.current_unit(person.pk)
    if request.method == "POST" and not definition.eligibility:
        raise Absent
    if unit is None or not person.ethnic_group:
        say(request, f"填报「{definition.name}」前，请先补全民族和所在单位。")
        return redirect("my-profile", site)
    if definition.eligibility:
        return open_eligible(request, definition, person, unit, former)
    if not is_asked_for(request):
        return redirect("my-services", site)
    case = bindings.open_case(service=definition, person=person, unit=unit, former=former, by=request.actor)
    return redirect("case", site, case.number)


def open_eligible(
    request: PageRequest, definition: Service, person: Person | None, unit: Unit, former: Case | None = None
) -> HttpResponse:
    """「申报条件」 first; 「开始填报」 opens the case, unless a condition stops it."""
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            case = bindings.open_case(service=definition, person=person, unit=unit, former=former, by=request.actor)
            return redirect("case", case.site, case.number)
        except Refused as refused:
            note_refusal(request, refused)
            refusal = refused
    own = person is not None
    context = {
        "here": "my-services" if own else "unit-affairs",
        "shell": f"web/shells/{'personal' if own else 'workbench'}.html",
        "home": reverse("my-services" if own else "unit-affairs", args=[definition.site]),
        "service": definition,
        "eligibility": before_opening(definition, person, unit),
        "refusal": refusal.sentence if refusal else "",
    }
    return render(request, "web/filling/eligibility.html", context, status=status_of(refusal) if refusal else 200)


def conditions_of(
    request: PageRequest, definition: Service, person: Person, unit: Unit, *, here: str, kept: Mapping[str, str],
    refusal: Refused | None = None,
) -> HttpResponse:  # fmt: skip
    """「申报条件」 of one of the unit's own people before the unit opens the case; the look is written down.

    `kept` is what the form sends again with 「开始填报」. Raises Refused for a unit that may not open it: such a one
    learns nothing of the archive.
    """
    cases.may_open(request.actor, definition, person, unit).demand()
    people_actions.record_look(person=person.pk, verb="viewed", what="eligibility", by=request.actor)
    context = {
        "here": here,
        "shell": "web/shells/workbench.html",
        "home": reverse(here, args=[definition.site]),
        "service": definition,
        "whose": person.name,
        "eligibility": before_opening(definition, person, unit),
        "kept": kept,
        "refusal": refusal.sentence if refusal else "",
    }
    return render(request, "web/filling/eligibility.html", context, status=status_of(refusal) if refusal else 200)


def _choose(request: PageRequest, definition: Service, person: Person) -> HttpResponse:
    """Search by name, pinyin or code, and pick; the case belongs to the unit that is picked."""
    refusal: Refused | None = None
    picked = posted_id(request, "unit") if request.method == "POST" else None
    if picked is not None:
        try:
            return _open_chosen(request, definition, person, picked)
        except Refused as refused:
            note_refusal(request, refused)
            refusal = refused
    words = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:60]
    found = organizations.find_units(words, site=request.here.code, kinds=definition.chosen_kinds) if words else ()
    context = {
        "here": "my-services",
        "service": definition,
        "kinds": "、".join(UNIT_KIND_NAMES[kind] for kind in definition.chosen_kinds),
        "words": words,
        "found": found,
        "eligibility": before_opening(definition, person, None),
        "unpicked": request.method == "POST" and picked is None,
        "refusal": refusal.sentence if refusal else "",
        "again": "again" in request.GET,
    }
    status = status_of(refusal) if refusal else 422 if context["unpicked"] else 200
    return render(request, "web/filling/choose_unit.html", context, status=status)


def _open_chosen(request: PageRequest, definition: Service, person: Person, picked: UUID) -> HttpResponse:
    try:
        unit = organizations.unit(picked)
    except Absent:
        raise Refused("没有这个单位，请重新查找。") from None
    case = bindings.open_case(service=definition, person=person, unit=unit, by=request.actor)
    return redirect("case", case.site, case.number)
