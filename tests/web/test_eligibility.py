"""「申报条件」 in the pages and at the action: shown first, stopping only what is known, asked again of the answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bole.audit import queries as ledger
from bole.bindings import actions as bindings
from bole.bindings import queries as bound
from bole.cases import actions as cases
from bole.cases import queries
from bole.cases.models import Case
from bole.definitions.terms import Finding, Service
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.organizations.terms import Role
from bole.people.models import Lookup
from bole.review import actions as review
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.factories.eligibility import in_force, keep
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import World, as_self, make_world
from tests.web.filling import squeezed
from tests.web.staff.conftest import describe
from tests.web.staff.seats import page_of

START = "/ningxia/services/trial/"
UNIT_START = "/ningxia/unit/start/trial/"
DOCTOR = {"school": "甲大学", "degree": "201"}


@dataclass(frozen=True)
class Trial:
    """Lin of the school, its registrar Chen, and the services."""

    world: World
    services: dict[str, Service]
    lin: Client
    registrar: Client

    @property
    def service(self) -> Service:
        return self.services["trial"]


@pytest.fixture
def trial(db: None, tmp_path: Path) -> Iterator[Trial]:
    with in_force(tmp_path / "catalogue") as services:
        world = make_world()
        give_role(world.ground.school, Role.REGISTRAR, world.cast.chen)
        yield Trial(world, services, as_person(world.lin), at_unit(world.cast.chen, world.ground.school))


def findings(trial: Trial) -> dict[str, Finding]:
    found = bound.eligibility(trial.service, person=trial.world.lin, unit=trial.world.ground.school)
    return {each.requirement.condition: each.finding for each in found}


def test_the_conditions_are_shown_before_the_first_field(trial: Trial):
    keep(trial.world, trial.world.lin, "work", {"start": "2018-09", "employer": "某校"})
    page = trial.lin.get(START)

    assert page.status_code == 200
    assert not Case.objects.exists()
    text = squeezed(page)
    assert "共3项：符合2项，不符合0项，暂不能确定1项。" in text
    assert "年龄符合依据：某办法第二条出生日期：1990-01-01" in text
    assert "本人登记的基本资料" in text
    assert "尚无博士学位暂不能确定依据：某办法第三条学位：暂无信息一人一档「学习经历」" in text
    assert "怎样才符合：有博士学位的直接认定，不办理本事项" in text
    assert "参加工作时间：2018-09一人一档「工作经历」" in text
    assert "来源：本人填报未核验" in text
    # Words and icons tell the findings as well as the colours do.
    html = page.content.decode()
    assert html.count("elig__i--met") == 2
    assert html.count("#i-help") > 0


def test_filling_begins_by_pressing_the_button_and_only_once(trial: Trial):
    opened = trial.lin.post(START)
    case = Case.objects.get()
    assert opened.headers["Location"] == f"/ningxia/cases/{case.number}/"
    assert trial.lin.get(START).headers["Location"] == opened.headers["Location"]
    assert trial.lin.post(START).headers["Location"] == opened.headers["Location"]
    assert Case.objects.count() == 1


def test_a_page_of_another_site_opens_nothing(trial: Trial):
    strict = as_person(trial.world.lin)
    strict.handler.enforce_csrf_checks = True
    assert strict.post(START).status_code == 403
    assert not Case.objects.exists()


def test_what_is_known_to_be_in_vain_is_not_opened(trial: Trial):
    keep(trial.world, trial.world.lin, "education", DOCTOR, verified=True)
    page = trial.lin.get(START)
    assert "现在不能申报。" in squeezed(page)
    assert "「尚无博士学位」不符合：有博士学位的直接认定，不办理本事项。" in squeezed(page)
    assert "开始填报" not in squeezed(page)

    refused = trial.lin.post(START)
    assert refused.status_code == 403
    said = squeezed(refused)
    assert "不符合「初次认定」的申报条件，没有开始申报。「尚无博士学位」不符合：学位博士（一人一档「学习经历」" in said
    assert "依据某办法第三条。有博士学位的直接认定，不办理本事项。" in said
    assert not Case.objects.exists()


def test_what_nobody_verified_stops_nobody(trial: Trial):
    keep(trial.world, trial.world.lin, "education", DOCTOR)
    assert findings(trial)["no_doctor"] is Finding.UNMET
    assert "不符合1项" in squeezed(trial.lin.get(START))
    assert trial.lin.post(START).status_code == 302


def test_a_record_that_is_corrected_stops_no_more(trial: Trial):
    keep(trial.world, trial.world.lin, "education", DOCTOR, verified=True)
    keep(trial.world, trial.world.lin, "education", {**DOCTOR, "degree": "304"}, verified=True)
    assert findings(trial)["no_doctor"] is Finding.MET
    assert trial.lin.post(START).status_code == 302


def test_a_unit_opens_nothing_in_vain_either(trial: Trial):
    lin = trial.world.lin
    keep(trial.world, lin, "education", DOCTOR, verified=True)
    shown = trial.registrar.post(UNIT_START, {"person": str(lin.pk), "pick": "1"})
    assert "现在不能申报。「尚无博士学位」不符合" in squeezed(shown)
    assert "开始填报" not in squeezed(shown).split("申报条件", 1)[1]
    refused = trial.registrar.post(UNIT_START, {"person": str(lin.pk), "pick": "1", "open": "1"})
    assert refused.status_code == 403
    assert "「尚无博士学位」不符合：学位博士" in squeezed(refused)
    assert not Case.objects.exists()


def test_a_unit_sees_the_conditions_before_it_opens_a_case(trial: Trial):
    lin = trial.world.lin
    shown = trial.registrar.post(UNIT_START, {"person": str(lin.pk), "pick": "1"})
    assert "为林致远申报。" in squeezed(shown)
    assert "共3项：" in squeezed(shown)
    assert not Case.objects.exists()
    assert ledger.about("person", str(lin.pk)).filter(action="people.person.viewed").count() == 1
    posted = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page_of(shown)))
    assert trial.registrar.post(UNIT_START, posted).status_code == 302
    assert Case.objects.get().opener == "unit"


COLLECTED = ("filed_by: registrar", "filed_by: collection-administrator")


def test_the_collecting_unit_sees_them_too_and_is_not_asked_for_the_number_again(db: None, tmp_path: Path):
    with in_force(tmp_path / "catalogue", old=COLLECTED[0], new=COLLECTED[1]):
        world = make_world()
        describe(world)
        clerk = at_unit(world.cast.zhou, world.ground.school)
        typed = {"kind": "resident", "number": world.lin.identity_number}
        shown = clerk.post("/ningxia/unit/new/", typed)
        assert (shown.status_code, "共3项：" in squeezed(shown)) == (200, True)
        assert world.lin.identity_number not in page_of(shown)
        assert not Case.objects.exists()
        (word,) = re.findall(r'name="open" value="([^"]+)"', page_of(shown))
        assert Lookup.objects.count() == 1

        keep(world, world.lin, "education", DOCTOR, verified=True)  # meanwhile
        refused = clerk.post("/ningxia/unit/new/", {"open": word})
        assert (refused.status_code, "「尚无博士学位」不符合" in squeezed(refused)) == (403, True)
        keep(world, world.lin, "education", {**DOCTOR, "degree": "304"}, verified=True)
        stranger = at_unit(world.cast.sun, world.ground.hospital)
        stranger.post("/ningxia/unit/new/", {"open": word})
        assert not Case.objects.exists()
        opened = clerk.post("/ningxia/unit/new/", {"open": word})
        assert opened.headers["Location"] == f"/ningxia/cases/{Case.objects.get().number}/"
        assert Lookup.objects.count() == 1


def test_the_action_refuses_persons_and_units_alike(trial: Trial):
    world, lin = trial.world, trial.world.lin
    keep(world, lin, "education", DOCTOR, verified=True)
    for by in (as_self(lin), as_unit(world.cast.chen, world.ground.school)):
        with pytest.raises(Refused, match="「尚无博士学位」不符合"):
            bindings.open_case(service=trial.service, person=lin, unit=world.ground.school, by=by)
    # Who may not open it anyway learns nothing of the archive.
    with pytest.raises(Refused) as told:
        bindings.open_case(
            service=trial.service,
            person=lin,
            unit=world.ground.school,
            by=as_unit(world.cast.sun, world.ground.hospital),
        )
    assert "博士" not in told.value.sentence
    assert not Case.objects.exists()


def test_a_service_about_units_shows_its_conditions_to_the_unit(trial: Trial):
    place = "/ningxia/unit/start/unit-trial/"
    page = trial.registrar.get(place)
    assert "单位类别符合依据：某办法第五条单位类别：" in squeezed(page)
    assert trial.registrar.post(place).headers["Location"] == f"/ningxia/cases/{Case.objects.get().number}/"


@pytest.mark.django_db
def test_a_unit_that_is_none_of_those_meant_is_refused(tmp_path: Path):
    with in_force(tmp_path / "catalogue", kind="department"):
        world = make_world()
        give_role(world.ground.school, Role.REGISTRAR, world.cast.chen)
        browser = at_unit(world.cast.chen, world.ground.school)
        assert "由基层用人单位申报" in squeezed(browser.get("/ningxia/unit/start/unit-trial/"))
        refused = browser.post("/ningxia/unit/start/unit-trial/")
        assert (refused.status_code, Case.objects.count()) == (403, 0)


def answered(trial: Trial, start: str) -> Case:
    lin = as_self(trial.world.lin)
    case = bindings.open_case(service=trial.service, person=trial.world.lin, unit=trial.world.ground.school, by=lin)
    record = {"start": start, "employer": "某校"}
    cases.save_record(case=case, section="work", record="", typed=record, seen=0, by=lin)
    return made.fresh(case)


def test_answers_are_asked_again_before_and_after_handing_in(trial: Trial):
    case = answered(trial, clock.today().isoformat()[:7])
    place = f"/ningxia/cases/{case.number}"
    shown = squeezed(trial.lin.get(f"{place}/preview/"))
    assert "按现在填写的内容，有1项申报条件不符合，1项暂不能确定。不影响上报" in shown
    assert "工作年限不符合依据：某办法第四条" in shown
    assert "本次填报「工作经历」某校" in shown

    review.submit_case(case=case, seen=case.revision, by=as_self(trial.world.lin))
    case = made.fresh(case)
    county = at_unit(trial.world.cast.chen, trial.world.ground.xingqing)
    page = squeezed(county.get(reverse("review-case", args=["ningxia", case.number])))
    assert "共3项：符合1项，不符合1项，暂不能确定1项。" in page
    assert "工作年限不符合依据：某办法第四条" in page


def test_all_met_warns_of_nothing(trial: Trial):
    keep(trial.world, trial.world.lin, "education", {"school": "甲", "degree": "304"})
    case = answered(trial, "2018-09")
    assert "按现在填写的内容" not in squeezed(trial.lin.get(f"/ningxia/cases/{case.number}/preview/"))


@pytest.mark.parametrize("verified", [True, False])
def test_an_equal_verified_record_of_the_archive_vouches_for_the_answer(trial: Trial, verified: bool):
    keep(trial.world, trial.world.lin, "work", {"start": "2018-09", "employer": "某校"}, verified=verified)
    lin = as_self(trial.world.lin)
    case = bindings.open_case(service=trial.service, person=trial.world.lin, unit=trial.world.ground.school, by=lin)
    (since,) = bound.eligibility_of(case, trial.service, queries.form_of(case))[2].used
    assert (since.text, since.firm, bool(since.verified)) == ("2018-09", verified, verified)


def test_conditions_cost_one_query_and_nothing_where_there_are_none(trial: Trial):
    person, unit = trial.world.lin, trial.world.ground.school
    unit.parent  # noqa: B018  # fetched once, as the page has it
    with CaptureQueriesContext(
        connection,
    ) as asked:
        bound.eligibility(trial.service, person=person, unit=unit)
    assert len(asked) == 1
    bare = trial.service.model_copy(update={"eligibility": ()})
    with CaptureQueriesContext(connection) as asked:
        assert bound.eligibility(bare, person=person, unit=unit) == ()
    assert len(asked) == 0
