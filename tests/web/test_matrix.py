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
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.portal import actions as portal
from bole.portal.terms import ArticleKind
from tests.factories import cases as made
from tests.factories.organizations import SITE, as_unit, give_role, make_account
from tests.factories.people import as_self, make_world
from tests.web.staff.seats import as_person, at_unit

EVERYBODY = frozenset(
    {"nobody", "lin", "stranger", "clerk", "foreign clerk", "county", "region", "authorizer", "editor"}
)
LOGGED_IN = EVERYBODY - {"nobody"}
PERSONS = frozenset({"lin", "stranger"})
UNITS = LOGGED_IN - PERSONS
CLERKS = frozenset({"clerk", "foreign clerk"})
REVIEWERS = frozenset({"county", "region"})

# Lin's case lies at the county: the school's clerk has passed it on, the region has not seen it yet.
SEES_CASE = frozenset({"lin", "clerk", "county"})

GETS_THROUGH: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "root",
            "codes",
            "captcha",
            "offline",
            "home",
            "announcements",
            "policies",
            "article",
            "search",
            "downloads",
            "manual",
            "accessibility",
            "privacy",
            "complaints",
            "complaint-answer",
            "complaint",
            "login",
            "register",
            "register-unit",
            "forgot",
        ),
        EVERYBODY,
    ),
    "download": frozenset(),  # there is none; its own test is in test_portal_pages.py
    "logout": EVERYBODY,  # whoever is not logged in is sent home
    **dict.fromkeys(("assure", "password", "landing", "messages"), LOGGED_IN),
    "choose-unit": UNITS,
    **dict.fromkeys(("me", "my-cases", "my-services", "my-profile", "my-archive", "my-looks"), PERSONS),
    "my-archive-export": frozenset({"lin"}),  # the archives of the others are still empty
    "offer": frozenset(),
    "read-message": frozenset(),
    "start": PERSONS,
    "desk": UNITS,
    **dict.fromkeys(
        (
            "portal-desk",
            "portal-new",
            "portal-article",
            "portal-preview",
            "portal-publish",
            "portal-withdraw",
            "portal-downloads",
            "portal-complaints",
        ),
        frozenset({"editor"}),
    ),
    "portal-remove": frozenset(),
    "portal-complaint": frozenset(),
    **dict.fromkeys(
        (
            "case",
            "preview",
            "submitted",
            "section",
            "evidence",
            "print",
            "attachment",
            "attachment-thumb",
            "attachment-page",
            "conflict",
        ),
        SEES_CASE,
    ),
    # In review nothing can be typed, and the unit has begun: nobody gets through, the person concerned included.
    **dict.fromkeys(
        (
            "section-autosave",
            "section-none",
            "record-new",
            "record",
            "record-autosave",
            "attach",
            "explain",
            "gap",
            "attachment-order",
            "attachment-change",
            "attachment-act",
        ),
        frozenset(),
    ),
    "record-drop": SEES_CASE,  # throws away one's own unsaved typing, and nothing else
    "record-remove": frozenset(),
    "submit": SEES_CASE,  # it was submitted already: told so, nothing happens
    "withdraw": frozenset(),
    "cancel": frozenset({"lin"}),  # led back to the case and told that it cannot be ended now
    **dict.fromkeys(
        ("unit-collection", "unit-export", "unit-profile", "unit-superiors", "unit-route", "unit-new"), CLERKS
    ),
    **dict.fromkeys(("attest", "attest-ask", "attest-send-code", "attest-check-code", "attest-paper"), frozenset()),
    **dict.fromkeys(("review", "review-export"), CLERKS | REVIEWERS),  # whoever sits at a desk has an inbox
    **dict.fromkeys(("review-case", "review-phrases"), frozenset({"clerk", "county"})),
    "authorization": frozenset({"authorizer"}),
    # Posted without saying what for: nothing is found. Their own tests are in tests/web/staff.
    **dict.fromkeys(("review-unmask", "review-before", "authorization-enable", "authorization-choose"), frozenset()),
    "appointment": frozenset({"authorizer"}),
    "appointment-end": frozenset(),
}


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
    }
    assert isinstance(work, list)
    own = {
        "site": SITE,
        "table": "sex",
        "kind": "complaint",
        "service": made.SERVICE,
        "number": case.number,
        "code": "work",
        "section": "work",
        "record": work[0]["id"],
        "leaf": 1,
        "unit": ground.school.pk,
        "attachment": cases.attachments_of(case)[0].pk,
        "id": article.pk,
        "message": uuid4(),
        "appointment": uuid4(),
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


def test_exactly_these_visitors_get_through(stage: Stage):
    found = {}
    for name, parts in named_addresses().items():
        arguments = {key: stage.own[key] for key in parts}
        found[name] = frozenset(
            visitor for visitor, client in stage.visitors.items() if gets_through(knock(client, name, arguments))
        )

    odd = {name: sorted(who) for name, who in found.items() if who != GETS_THROUGH[name]}
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
    account = organizations.unit(stage.own["unit"]).appointments.live().first()
    assert account is not None
    before = stage.visitors["clerk"].get(reverse("unit-collection", args=[SITE]))
    account.ended_at = account.accepted_at
    account.save()

    after = stage.visitors["clerk"].get(reverse("unit-collection", args=[SITE]))

    assert (before.status_code, after.status_code) == (302, 403)
