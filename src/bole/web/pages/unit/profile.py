"""「单位信息」: at the first visit and by 「编辑」 (NX-13). Whatever is refused, what was typed stays on screen."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bole.kernel import clock
from bole.kernel.errors import Fault, Invalid, Moved
from bole.organizations import actions as organizations
from bole.organizations import queries as organization_queries
from bole.organizations.models import Unit
from bole.organizations.terms import UnitChoice
from bole.review import queries as review
from bole.standards import queries as standards
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages import picking
from bole.web.pages.picking import UnitPick
from bole.web.pages.unit.home import tally
from bole.web.pages.unit.place import UnitPlace, desks_for, unit_place
from bole.web.requests import PageRequest, posted_number
from bole.web.shapes import Typed

TEXTS = ("address", "leader", "leader_phone", "unit_type", "affiliation", "economic_type", "industry", "region")
SUPERIORS = {"administrative_superior": "行政主管", "industry_superior": "行业主管"}


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PageRequest) -> HttpResponse:
    """The form; 「保存」 saves it, 「查找」 only looks a superior up."""
    place = unit_place(request)
    if request.method == "POST":
        return _looked(request, place) if "look" in request.POST else _save(request, place)
    values = {name: str(getattr(place.unit, name) or "") for name in TEXTS}
    values |= {name: _superior_name(place.unit, name) for name in SUPERIORS}
    values["industry"] = _industry_name(values["industry"])
    return _form(request, place, Typed(values), place.unit.revision)


def _superior_name(unit: Unit, name: str) -> str:
    superior = getattr(unit, name)
    return superior.name if superior is not None else ""


def _industry_name(code: str) -> str:
    table = standards.table("industry")
    return table.entry(code).name if code in table else code


def _save(request: PageRequest, place: UnitPlace) -> HttpResponse:
    typed, seen = Typed.posted(request.POST), posted_number(request, "seen")
    values = {name: typed[name] for name in TEXTS}
    values["industry"] = _industry_code(values["industry"])
    faults: list[Fault] = []
    found: dict[str, tuple[UnitChoice, ...]] = {}
    for name, label in SUPERIORS.items():
        values[name], found[name] = _resolve(request, place.unit, name, typed)
        if not values[name] and typed[name]:
            many = "请从下面的搜索结果中选择" if found[name] else "没有找到，请换一个关键字查找"
            faults.append(Fault(name, f"{label}：{many}"))
            values[name] = typed[name]
    try:
        organizations.describe_unit(unit=place.unit.pk, values=values, seen=seen, by=request.actor)
    except Invalid as wrong:
        own = {fault.at for fault in faults}
        said = [*faults, *(fault for fault in wrong.faults if fault.at not in own)]
        return _form(request, place, typed.with_faults(said), seen, found=found, status=422)
    except Moved as moved:
        fresh = organization_queries.unit(place.unit.pk)
        return _form(request, place, typed, fresh.revision, found=found, status=409, refusal=moved.sentence)
    say(request, "单位信息已保存。")
    corrected = place.unit.region != values["region"] and review.reroute_plan(unit=place.unit.pk, most=1)
    return redirect("reroute" if corrected else "unit-collection", request.here.code)


def _looked(request: PageRequest, place: UnitPlace) -> HttpResponse:
    """「查找」 without script: the form again with what was found."""
    typed = Typed.posted(request.POST)
    found = {
        name: organization_queries.search_superiors(typed[name], by=request.actor) if typed[name] else ()
        for name in SUPERIORS
    }
    return _form(
        request, place, typed, posted_number(request, "seen"), found=found, looked=request.POST.get("look", "")
    )


def _industry_code(text: str) -> str:
    """A code, or the one industry of exactly this name."""
    table = standards.table("industry")
    if text in table:
        return text
    named = table.named(text)
    return named[0].code if len(named) == 1 else text


def _resolve(request: PageRequest, unit: Unit, name: str, typed: Typed) -> tuple[str, tuple[UnitChoice, ...]]:
    """The unit meant by what stands in the field; the present one by its name, closed or not."""
    current = getattr(unit, name)
    if current is not None and current.name == (request.POST.get(f"{name}_pick", "") or typed[name].strip()):
        return str(current.pk), ()
    search = partial(organization_queries.search_superiors, by=request.actor)
    return picking.resolve(request, name, typed[name], search)


def _form(
    request: PageRequest,
    place: UnitPlace,
    typed: Typed,
    seen: int,
    *,
    found: dict[str, tuple[UnitChoice, ...]] | None = None,
    looked: str = "",
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    superiors = [
        UnitPick(
            name,
            label,
            picking.told(typed[name]),
            reverse("unit-superiors", args=[request.here.code]),
            f"输入关键字，从搜索结果中选择本单位的上级{label}单位",
            found=(found or {}).get(name, ()),
            chosen=request.POST.get(f"{name}_pick", ""),
            fault=typed.fault_of(name),
            looked=looked == name,
        )
        for name, label in SUPERIORS.items()
    ]
    region = typed["region"] or place.unit.region
    context = {
        "here": "unit-profile",
        "place": place,
        "typed": typed,
        "seen": seen,
        "superiors": superiors,
        "refusal": refusal,
        "first": place.unit.described_at is None,
        "unit_types": _choices("unit-type"),
        "affiliations": _choices("affiliation"),
        "economic_types": _choices("economic-type"),
        "industries": _choices("industry"),
        "industry_fault": typed.fault_of("industry"),
        "region_fault": typed.fault_of("region"),
        "regions": regions_of(request.here.region, typed["region"]),
        "desks": desks_for(place.services, request.here.code, region),
        **tally(request.actor, place),
    }
    return render(request, "web/unit/profile.html", context, status=status)


def _choices(table: str) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in standards.table(table).entries_on(clock.today()) if row.selectable]


def regions_of(root: str, chosen: str) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """「所属地区」 grouped by city; a unit may belong directly to the province or to a city (NX-17)."""
    top = standards.region(root)
    groups: list[tuple[str, list[tuple[str, str]]]] = [(top.name, [(top.code, f"{top.name}（直属）")])]
    for city in standards.regions_under(root):
        below = [(county.code, county.name) for county in standards.regions_under(city.code)]
        own = [(city.code, f"{city.name}（市直属）")] if below else [(city.code, city.name)]
        groups.append((city.name, own + below))
    known = {code for _, entries in groups for code, _ in entries}
    if chosen and chosen not in known:
        with suppress(KeyError):  # a made-up code is named by its fault and offered to nobody
            groups.append(("原所属地区", [(chosen, standards.region(chosen).full_name)]))
    return list(groups)


@for_units
@require_safe
def superiors(request: PageRequest) -> JsonResponse:
    """Keyword search while typing: what the combobox shows."""
    unit_place(request)
    found = organization_queries.search_superiors(request.GET.get("q", "")[:50], by=request.actor)
    entries = [{"code": str(choice.id), "name": choice.name, "note": choice.region} for choice in found]
    return JsonResponse({"entries": entries, "complete": len(entries) < 20})


@for_units
@require_safe
def route(request: PageRequest) -> HttpResponse:
    """Where cases would go from the region being chosen, before it is saved (ALL-15)."""
    place = unit_place(request)
    known = {code for _, entries in regions_of(request.here.region, "") for code, _ in entries}
    region = request.GET.get("region", "")
    desks = desks_for(place.services, request.here.code, region) if region in known else []
    return render(request, "web/unit/desks.html", {"desks": desks})
