"""Who gets through which door: every address × every kind of visitor, for own, foreign and unknown things (G10).

A visitor "gets through" when the answer is neither a log-in page, nor 403, nor 404. Each address stands in the table
once; an address that is missing from it, or a visitor who gets through unexpectedly, fails.
"""

import json
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bole.cases import queries as cases
from bole.organizations import actions as organizing
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.people import actions as people
from bole.portal import actions as portal
from bole.portal.terms import ArticleKind
from tests.factories import cases as made
from tests.factories import services
from tests.factories.administration import unit_account
from tests.factories.browsers import as_administrator
from tests.factories.organizations import SETUP, SITE, SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import as_self, make_world
from tests.factories.titles import make_titles
from tests.web.staff.seats import as_person, at_unit
from tests.web.visitors import GETS_THROUGH


@dataclass
class Stage:
    """Visitors with their browsers, and the things that addresses name."""

    visitors: dict[str, Client]
    own: dict[str, object]


def named_addresses() -> dict[str, list[str]]:
    """Every named address with the names of its arguments."""

    def walk(resolver: URLResolver, before: list[str]) -> list[tuple[str, list[str]]]:
        found: list[tuple[str, list[str]]] = []
        for entry in resolver.url_patterns:
            names = [*before, *entry.pattern.converters]
            if isinstance(entry, URLPattern):
                found.append((str(entry.name), names))
            else:
                found += walk(entry, names)
        return found

    return dict(walk(get_resolver(), []))


@pytest.fixture
def stage(db: None) -> Stage:
    world = make_world()
    ground, cast = world.ground, world.cast
    editor = make_account("编辑", "640104199001010077")
    give_role(ground.province, Role.EDITOR, editor)
    give_role(ground.province, Role.TITLE_KEEPER, editor)
    catalogue = make_titles(ground)
    me = as_self(world.lin)
    give_role(ground.yinchuan, Role.REVIEWER, make_account("银川审核", "640104199001010018"))
    case = made.submitted_case(world.lin, me)
    case = made.approve(case, as_unit(cast.zhou, ground.school))
    form = cases.form_of(case)
    work = form.sections["work"].typed
    at_portal = as_unit(editor, ground.province)
    article = portal.write_article(
        site=SITE,
        kind=ArticleKind.ANNOUNCEMENT,
        title="采集工作开始",
        body="请各单位按时填报。",
        source="",
        until=None,
        top=False,
        by=at_portal,
    )
    portal.publish_article(site=SITE, id=article.pk, seen=article.revision, by=at_portal)
    role = organizing.keep_role(unit=ground.province.pk, name="职称子系统-审核", functions=[Role.REVIEWER], by=SETUP)
    department = organizing.keep_department(unit=ground.school.pk, name="教务处", by=SETUP)
    managers = {
        unit: make_account(name, number)
        for unit, name, number in (
            (ground.school, "校管理员", SPARE_NUMBERS[2]),
            (ground.xingqing, "区管理员", SPARE_NUMBERS[3]),
            (ground.hospital, "院管理员", "640104199001011109"),
        )
    }
    for unit, account in managers.items():
        give_role(unit, Role.ADMINISTRATOR, account)
    invitation = people.invite(
        unit=ground.school.pk, number="11010519491231002X", name="王娜", phone="13800004321", by=SETUP
    )
    visitors = {
        "nobody": Client(),
        "lin": as_person(world.lin),
        "stranger": as_person(world.sun),
        "clerk": at_unit(cast.zhou, ground.school),
        "foreign clerk": at_unit(cast.sun, ground.hospital),
        "county": at_unit(cast.chen, ground.xingqing),
        "region": at_unit(cast.wu, ground.province),
        "authorizer": at_unit(cast.ma, ground.xingqing),
        "editor": at_unit(editor, ground.province),
        "administrator": as_administrator(managers[ground.school], ground.school),
        "superior": as_administrator(managers[ground.xingqing], ground.xingqing),
        "foreign administrator": as_administrator(managers[ground.hospital], ground.hospital),
        "unit account": unit_account(ground.school)[1],
    }
    assert isinstance(work, list)
    own = {
        "site": SITE,
        "table": "sex",
        "kind": "complaint",
        "service": made.SERVICE,
        "lookup": services.LOOKUP,
        "field": "start",
        "line": catalogue.water.pk,
        "committee": catalogue.paper.pk,
        "number": case.number,
        "code": "work",
        "section": "honors",
        "record": work[0]["id"],
        "spot": next(slot.record for slot in form.slots if slot.section == "honors"),
        "leaf": 1,
        "place": 1,
        "unit": ground.school.pk,
        "attachment": cases.attachments_of(case)[0].pk,
        "id": article.pk,
        "message": uuid4(),
        "alias": uuid4(),
        "factor": uuid4(),
        "visit": uuid4(),
        "device": uuid4(),
        "appointment": ground.school.appointments.get(account=cast.zhou).pk,
        "account": cast.zhou.pk,
        "role": role.pk,
        "provider": "shebao",
        "department": department.pk,
        "person": world.lin.pk,
        "invitation": invitation.id,
        "export": uuid4(),
        "paper": uuid4(),
    }
    return Stage(visitors, own)


def knock(client: Client, name: str, arguments: dict[str, object]) -> HttpResponse:
    """Open the address; POST an empty form where it only takes forms. Nothing that happens stays."""
    address, kept = reverse(name, kwargs=arguments), client.cookies.copy()
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address, {})
        transaction.set_rollback(True)
    client.cookies = kept
    return response


def gets_through(response: HttpResponse) -> bool:
    if response.status_code in (403, 404):
        return False
    return not (response.status_code == 302 and "/login/?" in response["Location"])


def test_every_address_is_in_the_table():
    assert set(named_addresses()) == set(GETS_THROUGH)


@pytest.mark.one_database
def test_exactly_these_visitors_get_through(stage: Stage):
    found = {}
    for name, parts in named_addresses().items():
        arguments = {key: stage.own[key] for key in parts}
        found[name] = frozenset(
            visitor for visitor, client in stage.visitors.items() if gets_through(knock(client, name, arguments))
        )

    odd = {name: sorted(who) for name, who in found.items() if who != GETS_THROUGH.get(name)}
    assert odd == {}, json.dumps(odd, ensure_ascii=False, indent=1)


def test_unknown_and_foreign_cases_answer_alike(stage: Stage):
    found = {}
    for name, parts in named_addresses().items():
        if "number" not in parts:
            continue
        foreign = {key: stage.own[key] for key in parts}
        unknown = {**foreign, "number": "CJ2026-0101-99999"}
        clerk = stage.visitors["foreign clerk"]
        found[name] = (knock(clerk, name, foreign).status_code, knock(clerk, name, unknown).status_code)

    assert len(found) > 25
    # The person's own confirmation is closed to units by its door, whatever the number.
    assert {name: codes for name, codes in found.items() if codes != (404, 404)} == {"attest": (403, 403)}


def test_acting_for_a_unit_ends_with_the_role(stage: Stage):
    account = organizations.unit(stage.own["unit"]).appointments.live().get(role=Role.COLLECTION_ADMINISTRATOR.value)
    before = stage.visitors["clerk"].get(reverse("unit-collection", args=[SITE]))
    account.ended_at = account.accepted_at
    account.save()

    after = stage.visitors["clerk"].get(reverse("unit-collection", args=[SITE]))

    assert (before.status_code, after.status_code) == (302, 403)
