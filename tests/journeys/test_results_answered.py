"""Results kept by the unit that an answer names: the committee's daily work department, and nobody else."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.definitions.terms import Service
from bole.documents import actions as documents
from bole.documents.terms import Column
from bole.kernel import clock
from bole.kernel.errors import Absent, Refused
from bole.organizations import actions as organizations
from bole.organizations import queries as units
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.project.demo_data.numbers import credit_code
from bole.review import actions, queries
from bole.review.actions import results
from bole.review.models import Outcome
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import SETUP
from tests.journeys.declaring_shenzhen import CITY, SITE, Shenzhen, make_shenzhen
from tests.journeys.test_titles_won import TYPED, judged
from tests.web.staff.seats import page_of, words_of

pytestmark = pytest.mark.django_db
RESULTS = f"/{SITE}/work/results/"
TAB = "?tab=title-ordinary"
POSTED = {"state": "passed", "document": "1号", "decided_on": "2026-03-01", "note": ""}


@pytest.fixture
def ground() -> Shenzhen:
    publishing.publish_catalogue(by=SETUP)
    return make_shenzhen()


@pytest.fixture
def case(ground: Shenzhen) -> Case:
    return judged(ground)


def browser(ground: Shenzhen, key: str, place: int = 0) -> Client:
    """A reviewer of the unit, who sits at none of the case's desks where `place` is 1."""
    unit = ground.units[key]
    return at_unit(Account.objects.get(pk=ground.keepers[unit.pk][place].account), unit)


@pytest.fixture
def transport(ground: Shenzhen) -> Unit:
    """Another department of the city, with the same reviewers' role."""
    row = organizations.create_unit(
        site=SITE, kind=UnitKind.DEPARTMENT, name="深圳transport", region=CITY, parent=ground.units["city"].pk,
        credit_code=credit_code("11", CITY, 49999), by=SETUP,
    )  # fmt: skip
    keeper = replace(ground.keepers[ground.units["city"].pk][1], unit=row.pk)
    assert keeper.account is not None
    organizations.install_holder(unit=row.pk, role=Role.REVIEWER, account=keeper.account, by=SETUP)
    ground.units["transport"] = row
    ground.keepers[row.pk] = [keeper, keeper]
    return row


def test_the_named_department_enters_imports_and_publishes(ground: Shenzhen, case: Case):
    assert Outcome.objects.get(case=case).keeper_id == ground.units["water"].pk
    water = browser(ground, "water", 1)
    page = words_of(water.get(RESULTS + TAB))
    assert ("1件办结1件未认定" in page, "导入结果" in page, "录入" in page) == (True, True, True)
    assert "评审结果" in words_of(water.get(f"/{SITE}/work/{TAB}&service=title-ordinary"))
    rows = CalamineWorkbook.from_filelike(BytesIO(water.get(f"{RESULTS}template/{TAB}").content))
    assert [row[0] for row in rows.get_sheet_by_index(0).to_python()[1:]] == [case.number]

    file = BytesIO(documents.write_sheet(
        [Column(name) for name in ("受理编号", "姓名", "评审状态", "文号", "评审日期")],
        [(case.number, ground.person.name, "通过", "1号", "2026-03-01")],
    ))  # fmt: skip
    file.name = "results.xlsx"
    shown = water.post(f"{RESULTS}import/{TAB}", {"file": file})
    assert "可以录入 1 行" in words_of(shown)
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page_of(shown))
    assert "已录入 1 件" in words_of(water.post(f"{RESULTS}import/{TAB}", {"confirm": "1", "kept": kept}))
    assert "1件待公布" in words_of(water.get(RESULTS + TAB))
    done = water.post(f"{RESULTS}publish/{TAB}", {"case": f"{case.number}:1", "confirm": "1"})
    assert "已公布 1 件" in words_of(done)
    acts = [row.detail["keeper"] for row in ledger.about("case", case.number) if "outcome" in row.action]
    assert acts == [str(ground.units["water"].pk)] * 2
    mine = words_of(as_person(ground.person).get(f"/{SITE}/cases/{case.number}/"))
    assert "评审结果" in mine
    assert "1号" in mine


@pytest.mark.parametrize("key", ["city", "works", "transport"])
def test_others_find_nothing_and_are_refused(ground: Shenzhen, case: Case, transport: Unit, key: str):
    actions.enter_outcome(number=case.number, seen=0, typed=TYPED, by=ground.keepers[ground.units["water"].pk][1])
    by, other = ground.keepers[ground.units[key].pk][1], browser(ground, key, 1)
    with pytest.raises(Absent):
        actions.enter_outcome(number=case.number, seen=1, typed=TYPED, by=by)
    (row,) = actions.publish_outcomes(chosen=[(case.number, 1)], by=by)
    assert (row.ok, "不由本单位公布" in row.say) == (False, True)
    for address in (f"{RESULTS}{case.number}/", f"{RESULTS}{case.number}/{TAB}"):
        assert other.get(address).status_code == 404
        assert other.post(address, {**POSTED, "seen": "1"}).status_code == 404
    for page in ("import/", "template/"):
        assert other.get(f"{RESULTS}{page}{TAB}").status_code == 403
    for page in ("import/", "publish/", "announce/"):
        assert other.post(f"{RESULTS}{page}{TAB}", {"all": "1"}).status_code == 403
    with pytest.raises(Refused):
        queries.read_outcomes(b"", service=service(case), most=1, by=ground.me)
    words = words_of(other.get(RESULTS + TAB))
    # Whose people they are knows that they wait, and not that there is a result to come.
    assert ("1件办结1件未认定0件通过" in words) is (key != "transport")
    assert ("待公布" in words, "导入结果" in words, "1号" in words) == (False, False, False)
    assert Outcome.objects.get(case=case).published_at is None
    assert Outcome.objects.get(case=case).revision == 1


def service(case: Case) -> Service:
    return cases.service_of(case)


def test_a_department_with_people_of_its_own_keeps_only_what_names_it(ground: Shenzhen, case: Case):
    """The employer of the applicant is named by another case: of its own person it learns nothing early."""
    works, water = ground.units["works"], ground.units["water"]
    mine = Outcome.objects.get(case=case)
    actions.enter_outcome(number=case.number, seen=0, typed=TYPED, by=ground.keepers[water.pk][1])
    twin = Outcome.objects.get(pk=mine.pk)
    # A second result that this employer keeps, of a unit elsewhere.
    other = Case.objects.get(pk=case.pk)
    other.pk, other.number, other.unit, other.person, other.open_key = None, "ZCPT-OTHER", water, None, None
    other._state.adding = True
    other.save()
    twin.pk, twin.case, twin.unit, twin.keeper, twin.revision = None, other, water, works, 0
    twin._state.adding = True
    twin.save()
    by = ground.keepers[works.pk][1]
    assert by.account is not None
    held = next(each for each in units.capacities(by.account) if each.unit == works.pk)
    rows = queries.outcomes(by, held, service(case))
    assert {row.case.number: row.shown for row in rows} == {case.number: "pending", "ZCPT-OTHER": "passed"}
    assert queries.outcome_counts(rows, works.pk)["entered"] == 1
    page = page_of(browser(ground, "works", 1).get(RESULTS + TAB))
    assert f"{RESULTS}ZCPT-OTHER/" in page
    assert f"{RESULTS}{case.number}/" not in page


def test_a_case_whose_named_unit_was_closed_is_not_completed(ground: Shenzhen, case: Case):
    Outcome.objects.all().delete()
    Unit.objects.filter(pk=ground.units["water"].pk).update(closed_on=clock.today())
    with pytest.raises(Refused, match="评审结果由表中填写的单位录入，该单位已经停用"):
        results.begin_outcome(case, service(case))
