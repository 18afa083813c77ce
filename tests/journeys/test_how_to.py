"""docs/how-to/add-a-service.md, followed to the letter: its files make a service that reaches each of its ends."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.terms import SectionKind, Service, Verdict
from bole.documents import pdf
from bole.kernel.actors import Actor, Way
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.people import queries as people
from bole.project.wiring import known_names
from bole.review import actions as review
from bole.review import queries
from bole.review.models import EffectRun
from bole.web.pages.cases import fact
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import SITE
from tests.factories.people import World, as_self, make_world
from tests.web.staff.conftest import describe
from tests.web.staff.seats import words_of

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-service.md"
_FILE = re.compile(r"^ *```\w+\n( *(?:#|//) catalogue/(\S+)\n.*?)^ *```$", re.MULTILINE | re.DOTALL)


def files_of_the_how_to() -> dict[str, str]:
    """The files that its reader writes, by their path in the catalogue."""
    return {path: dedent(body) for body, path in _FILE.findall(HOW_TO.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def enlarged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the catalogue with the files of the how-to in it."""
    place = tmp_path_factory.mktemp("how-to") / "catalogue"
    shutil.copytree(settings.BOLE_CATALOGUE, place)
    for path, text in files_of_the_how_to().items():
        (place / path).write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def catalogue(enlarged: Path) -> Iterator[Path]:
    """The enlarged catalogue in force."""
    definitions.configure(enlarged)
    pdf.configure(enlarged)
    yield enlarged
    definitions.configure(settings.BOLE_CATALOGUE)
    pdf.configure(settings.BOLE_CATALOGUE)


@pytest.fixture
def world(db: None, catalogue: Path) -> World:
    """Ningxia with its cast, every service published."""
    found = make_world()
    made.published()
    return found


@pytest.fixture
def service(world: World) -> Service:
    """The service of the how-to, as published."""
    return definitions.service(SITE, "study-record")


def at_desk(case: Case) -> Actor:
    """Who sits where the case lies."""
    task = queries.open_task(case)
    assert task is not None
    holder = organizations.holders(task.unit_id, Role(task.role))[0]
    return Actor(way=Way.UNIT, account=holder.account, name=holder.name, unit=task.unit_id, site=case.site)


def test_its_files_are_without_fault_or_warning(catalogue: Path):
    assert set(files_of_the_how_to()) == {
        "ningxia/routes/county-record.yaml", "ningxia/services/study-record.yaml", "ningxia/print/study-record.typ",
    }  # fmt: skip
    found = definitions.check_catalogue(catalogue, known_names())
    assert [problem for problem in found if "study-record" in problem.file or "county-record" in problem.file] == []


def test_approved_at_every_desk_it_is_completed_with_its_effects(world: World, service: Service):
    case = made.submitted_case(world.lin, as_self(world.lin), service)

    passed = []
    while case.status == Status.IN_REVIEW:
        passed.append(case.step)
        case = made.approve(case, at_desk(case))

    assert (case.status, passed) == (Status.COMPLETED, ["unit", "county"])
    ran = EffectRun.objects.filter(case=case).order_by("ran_at").values_list("effect", flat=True)
    assert list(ran) == ["people.offer_archive", "people.verify_archive"]
    assert [entry.verified for entry in people.archive(world.lin.pk, "visit")] == [True]
    assert [fact(case, column) for column in definitions.listed_columns(service)] == [
        "访问学者",
        "安澜市第一人民医院𠮷·丽",
    ]


def test_returned_from_every_desk_it_is_mended_and_sent_again(world: World, service: Service):
    me = as_self(world.lin)
    case = made.submitted_case(world.lin, me, service)
    returned: list[str] = []
    while case.status == Status.IN_REVIEW:
        if case.step in returned:
            case = made.approve(case, at_desk(case))
            continue
        returned.append(case.step)
        case = made.send_back(case, at_desk(case), "plan")
        assert (case.status, case.open_sections) == (Status.RETURNED, ["plan"])
        review.submit_case(case=case, seen=case.revision, by=me)
        case = made.fresh(case)

    assert (case.status, case.round, returned) == (Status.COMPLETED, 3, ["unit", "county"])


def test_terminated_or_cancelled_it_makes_room_for_another(world: World, service: Service):
    me = as_self(world.lin)
    case = made.submitted_case(world.lin, me, service)
    case = made.approve(case, at_desk(case))
    assert service.route.step(case.step).option(Verdict.TERMINATE) is not None
    assert made.terminate(case, at_desk(case)).status == Status.TERMINATED

    case = made.submitted_case(world.lin, me, service)
    review.withdraw_case(case=case, seen=case.revision, by=me)
    case = made.fresh(case)
    review.cancel_case(case=case, seen=case.revision, by=me)
    assert made.fresh(case).status == Status.CANCELLED
    assert made.open_case(world.lin, me, service).status == Status.DRAFT


def test_its_pages_answer_and_its_paper_is_printed(world: World, service: Service):
    case, browser = made.complete_case(world.lin, as_self(world.lin), service), as_person(world.lin)
    place = f"/{service.site}/cases/{case.number}/"
    pages = ["", "preview/", "evidence/"]
    pages += [f"sections/{each.section}/" for each in service.sections if each.kind is SectionKind.FIELDS]

    assert {page: browser.get(place + page).status_code for page in pages} == dict.fromkeys(pages, 200)
    review.submit_case(case=case, seen=case.revision, by=as_self(world.lin))
    paper = browser.get(place + "print/")
    assert (paper.status_code, paper["Content-Type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_unit_and_authority_find_cases_of_every_service_in_one_list(world: World):
    services = definitions.catalogue_of(SITE)
    # The larger form first: what a case offers to the archive may be less than another form asks for.
    cases = [made.submitted_case(world.lin, as_self(world.lin), service) for service in reversed(services)]
    clerk = at_unit(world.cast.zhou, world.ground.school)
    describe(world)

    at_clerk = words_of(clerk.get(f"/{SITE}/unit/", {"tab": "confirming"}))
    opening = words_of(clerk.get(f"/{SITE}/unit/new/"))
    for case in cases:
        made.approve(case, at_desk(case))
    at_county = words_of(at_unit(world.cast.chen, world.ground.xingqing).get(f"/{SITE}/work/"))

    assert [service.service for service in services] == ["study-record", "talent-collection"]
    assert f"待单位确认 {len(cases)} 人" in at_clerk
    assert f"待审核 {len(cases)} 件" in at_county
    for service in services:
        assert [service.name in page for page in (at_clerk, opening, at_county)] == [True, True, True]
