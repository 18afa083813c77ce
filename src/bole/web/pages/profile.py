"""「基本资料」: what a person tells about themselves, and the own unit where the site leaves the choice (HA-03)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bole.definitions import queries as definitions
from bole.definitions.terms import Opener
from bole.kernel import clock
from bole.kernel.errors import Fault, Invalid, Moved
from bole.organizations import queries as organizations
from bole.organizations.terms import TiesCome, UnitChoice
from bole.people import actions as people
from bole.people import queries as people_queries
from bole.people.models import Person
from bole.standards import queries as standards
from bole.web.doors import assured, for_persons
from bole.web.flash import say
from bole.web.requests import PageRequest, posted_id, posted_number
from bole.web.shapes import Typed

_OWN = ("ethnic_group", "native_place", "school", "major")


@require_http_methods(["GET", "HEAD", "POST"])
@for_persons
@assured
def profile(request: PageRequest) -> HttpResponse:
    """The form; 「查找」 looks units up by keyword, 「保存」 saves."""
    person = people_queries.person(request.actor.person) if request.actor.person else None
    if person is None:
        raise Invalid.at("", "没有找到您的个人资料，请重新登录。")
    if request.method == "POST":
        return _looked(request, person) if "look" in request.POST else _save(request, person)
    unit = people_queries.current_unit(person.pk)
    own = {name: getattr(person, name) for name in _OWN}
    typed = Typed({**own, "employer": unit.name if unit else ""})
    return _form(request, person, typed, person.revision)


def _looked(request: PageRequest, person: Person) -> HttpResponse:
    typed = Typed.posted(request.POST)
    found = organizations.find_employers(typed["employer"], site=request.here.code)
    said = (
        typed
        if found
        else typed.with_faults([Fault("employer", "没有找到，请换一个关键字。单位没有登记的，请联系当地人社部门。")])
    )
    return _form(request, person, said, posted_number(request, "seen"), found=found)


def _save(request: PageRequest, person: Person) -> HttpResponse:
    typed, seen = Typed.posted(request.POST), posted_number(request, "seen")
    chooses = request.here.ties is TiesCome.CHOICE
    unit, found = _unit(request, person, typed) if chooses else (None, ())
    faults = (
        []
        if unit or not chooses
        else [Fault("employer", "请从搜索结果中选择所在单位" if found else "没有找到这个单位，请换一个关键字查找")]
    )
    try:
        people.correct_person(
            person=person.pk,
            values={name: typed[name] for name in _OWN if name in typed.values},
            seen=seen,
            by=request.actor,
        )
        if unit is not None:
            people.tie_person(person=person.pk, unit=unit, by=request.actor)
    except Invalid as wrong:
        faults += wrong.faults
    except Moved as moved:
        fresh = people_queries.person(person.pk)
        return _form(request, fresh, typed.with_faults([Fault("", moved.sentence)]), fresh.revision, status=409)
    if faults:
        return _form(request, person, typed.with_faults(faults), person.revision, found=found, status=422)
    say(request, "基本资料已保存。")
    return redirect("me", request.here.code)


def _unit(request: PageRequest, person: Person, typed: Typed) -> tuple[UUID | None, tuple[UnitChoice, ...]]:
    """The unit that was picked, or the only one of exactly this name; else what the search found."""
    if request.POST.get("employer_pick"):
        unit = posted_id(request, "employer_pick")
        return (unit if unit and organizations.is_employer(unit, site=request.here.code) else None), ()
    current = people_queries.current_unit(person.pk)
    if current is not None and current.name == typed["employer"].strip():
        return current.pk, ()
    found = organizations.find_employers(typed["employer"], site=request.here.code)
    exact = [choice for choice in found if choice.name == typed["employer"].strip()]
    return (exact[0].id, ()) if len(exact) == 1 else (None, found)


def _form(
    request: PageRequest,
    person: Person,
    typed: Typed,
    seen: int,
    *,
    found: tuple[UnitChoice, ...] = (),
    status: int = 200,
) -> HttpResponse:
    groups = [(entry.code, entry.name) for entry in standards.table("ethnic-group").entries_on(clock.today())]
    unit = people_queries.current_unit(person.pk)
    offered = {each.service for each in definitions.catalogue_of(request.here.code) if Opener.SUBJECT in each.opened_by}
    context = {
        "here": "my-profile",
        "person": person,
        "typed": typed,
        "seen": seen,
        "found": found,
        "groups": groups,
        "places": [(row.code, row.name) for row in standards.table("region").children(None)],
        "chooses": request.here.ties is TiesCome.CHOICE,
        "unit": unit,
        "guidance": people_queries.tie_guidance(request.here.code, tied=unit is not None),
        "binds": "unit-binding" in offered and unit is None,
        "changes": "person-change" in offered and unit is not None,
    }
    return render(request, "web/personal/profile.html", context, status=status)
