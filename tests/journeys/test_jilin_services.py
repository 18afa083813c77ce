"""Every declaration of 吉林, walked to each of its ends by sample answers.

Passed by every desk, terminated and returned at each desk on the way, withdrawn, cancelled. Ends off the way are tried
and taken back, so that one case walks them all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pypdfium2
import pytest
from django.db import transaction

from bole.accounts.models import Account
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.terms import APPLICANT, ResultEnd, SectionKind, Service, Step, Verdict
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.organizations import queries as organizations
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries
from bole.review.models import EffectRun, Outcome
from bole.review.terms import Faulty, MoveKind, Result
from bole.standards import queries as standards
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit, text_of
from tests.factories.organizations import SETUP
from tests.journeys.declaring import SITE, Ladder, fill, make_ladder, ready_case

SERVICES = sorted(
    code for (site, code), service in definitions.catalogue().services.items() if site == SITE and service.declared
)
LETTER = made.picture()
pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

Stand = Callable[[str], tuple[Ladder, Service]]


@pytest.fixture
def stand() -> Stand:
    """The units of the site with their reviewers, and the service."""
    publishing.publish_catalogue(by=SETUP)
    return lambda code: (make_ladder(), definitions.service(SITE, code))


@contextmanager
def tried() -> Iterator[None]:
    """What is done within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def hand_in(ladder: Ladder, case: Case, at: str = "clinic") -> Case:
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=ladder.me(at))
    return made.fresh(case)


def step_of(service: Service, case: Case) -> Step:
    return service.route.step(case.step)


def onward(ladder: Ladder, service: Service, case: Case) -> Case:
    """The desk passes the case, and sends it on with its letters where these are asked for."""
    step, desk = step_of(service, case), ladder.keeper(case)
    case = made.approve(case, desk, "同意推荐")
    if step.dispatch is None:
        return case
    assert (case.step, case.seat_unit_id) == (step.step, desk.unit)  # passed, not sent on yet
    with pytest.raises(Invalid, match="还缺送审附件「推荐报告/申报函」"):
        review.dispatch(case=case, seen=case.revision, by=desk)
    for name in step.dispatch.requires:
        [row] = review.add_paper(cases=[case.number], name=name, data=LETTER, file_name="推荐报告.jpg", by=desk)
        assert row.ok, row
    case = made.fresh(case)
    review.dispatch(case=case, seen=case.revision, by=desk)
    return made.fresh(case)


def desks(case: Case, service: Service) -> list[str]:
    return [line.step for line in queries.route_preview(case, service) if not line.skipped]


def marked_section(service: Service) -> str:
    """A section that the applicant types."""
    return next(
        each.section
        for each in service.sections
        if each.kind is SectionKind.FIELDS and each.section != "basic" and any(not one.fixed for one in each.fields)
    )


def terminated_here(ladder: Ladder, service: Service, case: Case) -> None:
    """Ended at this desk: nothing is verified, and the same can be asked for anew."""
    assert step_of(service, case).option(Verdict.TERMINATE).name == "资格不符，终止审核"
    ended = made.terminate(case, ladder.keeper(case), "不符合申报条件")
    assert (ended.status, ended.step, ended.open_key) == (Status.TERMINATED, "", None)
    assert not EffectRun.objects.filter(case=ended, effect__in=service.on.completed).exists()
    assert not Outcome.objects.filter(case=ended).exists()
    assert made.open_case(ladder.persons["clinic"], ladder.me(), service).pk != ended.pk


def returned_here(ladder: Ladder, service: Service, case: Case, target: str, *, mended: bool) -> None:
    """Returned from this desk to the applicant, who mends it and hands it in again, or to a desk before."""
    marked = marked_section(service)
    faulty = (Faulty(marked, "请核实"),) if target == APPLICANT else ()
    review.decide(
        case=case, step=case.step, seen=case.revision, verdict=Verdict.SEND_BACK, opinion="请核实", faulty=faulty,
        target=target, by=ladder.keeper(case),
    )  # fmt: skip
    case = made.fresh(case)
    if target == APPLICANT:
        assert (case.status, case.open_sections) == (Status.RETURNED, [marked])
        if not mended:
            return
        fill(case, ladder.me(), only=(marked,))
        made.prove(case, ladder.me())
        case = hand_in(ladder, case)
        assert (case.step, case.round) == (service.route.steps[0].step, 2)
    else:
        assert (case.status, case.step) == (Status.IN_REVIEW, target)


def revoked_here(service: Service, case: Case, keeper: Actor) -> None:
    """What was published as 通过 is revoked: a grade is lost (rules 4.1); elsewhere no source knows of it."""
    seen = Outcome.objects.get(case=case).revision
    if service.service == "talent-grading":
        assert service.endings == {ResultEnd.REVOKED: "资格撤销"}
        review.end_outcome(number=case.number, seen=seen, end="revoked", reason="离开本省工作", by=keeper)
        assert people.archive(case.person_id, "talent_grade") == ()
        return
    assert service.endings == {}
    with pytest.raises(Refused, match="没有规定结果失效的情形"):
        review.end_outcome(number=case.number, seen=seen, end="revoked", reason="离开本省工作", by=keeper)


@pytest.mark.parametrize("code", SERVICES)
def test_walked_to_each_of_its_ends(stand: Stand, code: str):
    ladder, service = stand(code)
    case = hand_in(ladder, ready_case(ladder, service))
    due, walked = desks(case, service), []
    assert {step.option(Verdict.APPROVE).name for step in service.route.steps} == {"审核通过"}

    while case.status == Status.IN_REVIEW:
        step = step_of(service, case)
        with tried():
            terminated_here(ladder, service, case)
        with tried():
            returned_here(ladder, service, case, APPLICANT, mended=case.step == due[-1])
        for target in walked[-1:]:
            assert target in step.send_back_to
            with tried():
                returned_here(ladder, service, case, target, mended=False)
        walked.append(case.step)
        case = onward(ladder, service, case)

    assert (walked, case.status, case.seat_unit_id) == (due, Status.COMPLETED, None)
    assert queries.replay(case).status is Status.COMPLETED
    entries = [
        entry for each in service.sections if each.record for entry in people.archive(case.person_id, each.record)
    ]
    assert {entry.verified for entry in entries} == {True}
    outcomes = list(Outcome.objects.filter(case=case).values_list("state", flat=True))
    assert outcomes == ([Result.PENDING] if service.results else [Result.PASSED] if service.endings else [])
    if service.results is None:
        own = [each for each in people.archive(case.person_id, "title") if each.key.startswith("case/")]
        assert [each.source for each in own] == (
            ["职称认定（初聘）（审核通过）"] if code == "title-recognition" else []
        )
        if service.endings:
            keeper = ladder.keepers[Outcome.objects.get(case=case).keeper_id]
            review.end_outcome(number=case.number, seen=0, end="revoked", reason="学历造假", by=keeper)
            assert not [each for each in people.archive(case.person_id, "title") if each.key.startswith("case/")]
        return
    keeper = ladder.keepers[Outcome.objects.get(case=case).keeper_id]
    grades = [entry.code for entry in queries.grades(service)] or [""]
    for state in (Result.FAILED, Result.PASSED):
        with tried():
            typed = {"state": state.value, "decided_on": "2026-03-18", "document": "吉人社函〔2026〕3号"}
            typed |= {"awarded": grades[-1]} if state is Result.PASSED else {}
            done = review.enter_outcome(number=case.number, seen=0, typed=typed, by=keeper)
            (row,) = review.publish_outcomes(chosen=[(case.number, done.revision)], by=keeper)
            assert row.ok, row.say
            graded = [dict(each.data) for each in people.archive(case.person_id, "talent_grade")]
            wanted = [{"grade": grades[-1], "obtained": "2026-03", "issuer": "吉林省人力资源和社会保障厅",
                       "document": "吉人社函〔2026〕3号"}]  # fmt: skip
            assert graded == (wanted if (code, state) == ("talent-grading", Result.PASSED) else [])
            if state is Result.PASSED:
                revoked_here(service, case, keeper)


@pytest.mark.parametrize("code", SERVICES)
def test_withdrawn_cancelled_and_never_twice_at_once(stand: Stand, code: str):
    ladder, service = stand(code)
    case = ready_case(ladder, service)
    with pytest.raises(Refused, match="正在办理，不能重复申报"):
        made.open_case(ladder.persons["clinic"], ladder.me(), service)
    with tried():
        review.cancel_case(case=case, seen=case.revision, by=ladder.me())
        gone = made.fresh(case)
        assert (gone.status, gone.open_key, queries.latest(gone).kind) == (Status.CANCELLED, None, MoveKind.CANCELLED)
        assert made.open_case(ladder.persons["clinic"], ladder.me(), service).pk != gone.pk

    case = hand_in(ladder, case)
    review.withdraw_case(case=case, seen=case.revision, by=ladder.me())
    case = made.fresh(case)
    assert (case.status, case.open_sections) == (Status.DRAFT, None)
    case = hand_in(ladder, case)
    review.begin(case=case, by=ladder.keeper(case))
    with pytest.raises(Refused, match="不能撤回"):
        review.withdraw_case(case=case, seen=made.fresh(case).revision, by=ladder.me())
    facts = made.fresh(case).facts
    assert set(facts) <= {column for column, _ in definitions.column_heads(service)}
    assert any(facts.values())


# Where a case goes by who stands above the unit, the unit's region, and what is applied for.
WAYS = [
    ("talent-grading", "clinic", {}, "unit superior department county city province"),
    ("talent-grading", "hospital", {}, "unit superior county city province"),
    ("talent-grading", "enterprise", {}, "unit county city province"),
    ("talent-grading", "works", {}, "unit city province"),
    ("talent-grading", "institute", {}, "unit province"),
    ("special-title-private", "hospital", {}, "unit county city province"),
    ("talent-allowance", "institute", {}, "unit province"),
    ("title-review", "clinic", {("plan", "level"): "01-1"}, "unit superior department county city province"),
    ("title-review", "hospital", {("plan", "level"): "01-3"}, "unit superior county city"),
    ("title-review", "enterprise", {("plan", "level"): "01-4"}, "unit county"),
    ("title-review", "works", {("plan", "level"): "01-4"}, "unit city"),
    ("title-review", "institute", {("plan", "level"): "01-4"}, "unit province"),
    ("title-recognition", "enterprise", {}, "unit county city"),
    ("title-recognition", "enterprise", {("plan", "level"): "01-4"}, "unit county"),
    ("title-recognition", "institute", {}, "unit province"),
]


@pytest.mark.parametrize(("code", "at", "typed", "way"), WAYS)
def test_the_way_follows_from_superiors_region_and_title(stand: Stand, code: str, at: str, typed, way: str):
    ladder, service = stand(code)
    case = made.open_case(ladder.persons[at], ladder.me(at), service)
    if code.startswith("title"):
        fill(case, ladder.me(at), typed, only=("plan",))
    assert " ".join(desks(made.fresh(case), service)) == way


@pytest.mark.one_database
@pytest.mark.parametrize("code", SERVICES)
def test_its_pages_answer_and_its_paper_is_printed(stand: Stand, code: str):
    ladder, service = stand(code)
    case, browser = ready_case(ladder, service), as_person(ladder.persons["clinic"])
    place = f"/{SITE}/cases/{case.number}/"
    assert browser.get(f"{place}preview/").status_code == 200

    onward(ladder, service, hand_in(ladder, case))
    paper = browser.get(place + "print/")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(paper.content)
    told = "".join("".join(page.get_textpage().get_text_range() for page in document).split())
    assert service.outputs[0].name in told
    assert [each.name for each in service.sections if each.kind is SectionKind.FIELDS and each.name not in told] == []
    assert "同意推荐" in told


def test_grades_hold_groups_and_groups_hold_conditions():
    table = standards.table("talent-grade-jilin")
    grades = table.children(None)
    assert [entry.code for entry in grades] == list("ABCDE")
    for grade in grades:
        groups = table.children(grade.code)
        assert len(groups) >= 3
        for group in groups:
            conditions = table.children(group.code)
            assert conditions
            assert all(each.attrs["proof"] for each in conditions)


def test_every_service_stands_under_a_heading_of_the_sites_menu():
    found = {}
    for code in SERVICES:
        service = definitions.catalogue().services[SITE, code]
        found.setdefault(service.menu, set()).add(service.name)
    assert set(found) <= set(organizations.site(SITE).menu)
    assert found["专业技术职称服务"] == {
        "职称评审（通用）", "中小学正高级职称评审", "高层次和特殊人才职称认定（机关分流）",
        "高层次和特殊人才职称认定（民营路径）", "职称认定（初聘）",
    }  # fmt: skip
    assert found["分类定级人才服务"] == {"人才分类定级评定", "省有突出贡献中青年专家选拔"}
    assert found["专业技术二三级评聘服务"] == {"专业技术二三级岗位评聘"}
    assert (found["人才津贴服务"], found["吉享卡服务"]) == ({"人才津贴"}, {"吉享卡"})


def test_persons_and_units_find_everything_in_their_menus(stand: Stand):
    ladder, _ = stand("talent-grading")
    page = text_of(as_person(ladder.persons["clinic"]).get(f"/{SITE}/my/services/"))
    places = [page.index(f">{heading}</h2>") for heading in organizations.site(SITE).menu if f">{heading}</h2>" in page]
    assert places == sorted(places)
    assert len(places) == 5
    for code in SERVICES:
        assert f'href="/{SITE}/services/{code}/"' in page
    for place, heading in enumerate(("专业技术职称服务", "分类定级人才服务"), start=1):
        assert f'id="menu-{place}">{heading}' in page
        assert f'/{SITE}/my/services/#menu-{place}"' in page
    assert "业务查询" in page
    keeper = next(each for each in ladder.keepers.values() if each.unit == ladder.units["hospital"].pk)
    account = Account.objects.get(pk=keeper.account)
    desk = text_of(at_unit(account, ladder.units["hospital"]).get(f"/{SITE}/desk/"))
    assert [word for word in ("业务审核", "业务查询", "公示公告") if f"{word}</a>" not in desk] == []
