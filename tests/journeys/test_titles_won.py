"""The title that was won: in the archive while the result holds, and the present title of what is declared next."""

import pytest

from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.organizations import queries as organizations
from bole.people import actions as people_actions
from bole.people import queries as people
from bole.people.terms import Entry, Offered
from bole.review import actions as review
from bole.review.models import Outcome
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import SETUP
from tests.factories.stages import staged
from tests.journeys.declaring_shenzhen import (
    SITE,
    Shenzhen,
    fill,
    hand_in,
    make_shenzhen,
    publish,
    ready_case,
    recommend,
)
from tests.journeys.test_jilin_services import tried
from tests.web.staff.seats import words_of

pytestmark = pytest.mark.django_db
DOCUMENT = "深人社职〔2026〕1号"
TYPED = {"state": "通过", "document": DOCUMENT, "decided_on": "2026-03-01"}


@pytest.fixture
def ground() -> Shenzhen:
    publishing.publish_catalogue(by=SETUP)
    return make_shenzhen()


def service_of(code: str = "title-ordinary") -> Service:
    return definitions.service(SITE, code)


@staged
def judged(ground: Shenzhen) -> Case:
    """A declaration that waits for its result."""
    case = hand_in(ground, ready_case(ground, service_of()))
    while case.status == Status.IN_REVIEW:
        desk, unit = ground.keeper(case), case.step == "unit"
        case = made.approve(case, desk, "材料齐全")
        case = recommend(publish(case, desk), desk) if unit else case
    return case


def keeper_of(ground: Shenzhen, case: Case) -> Actor:
    return ground.keepers[Outcome.objects.get(case=case).keeper_id][1]


def award(ground: Shenzhen, case: Case, **changes: str) -> None:
    by = keeper_of(ground, case)
    seen = Outcome.objects.get(case=case).revision
    done = review.enter_outcome(number=case.number, seen=seen, typed={**TYPED, **changes}, by=by)
    (row,) = review.publish_outcomes(chosen=[(case.number, done.revision)], by=by)
    assert row.ok, row.say


def correct(ground: Shenzhen, case: Case, reason: str = "复核", **changes: str) -> Outcome:
    seen = Outcome.objects.get(case=case).revision
    return review.correct_outcome(
        number=case.number, seen=seen, typed={**TYPED, **changes}, reason=reason, by=keeper_of(ground, case)
    )


def titles(case: Case) -> tuple[Entry, ...]:
    assert case.person_id is not None
    return people.archive(case.person_id, "title")


def test_the_record_stands_and_falls_with_the_result(ground: Shenzhen):
    case = judged(ground)
    award(ground, case)
    (entry,) = titles(case)
    unit = organizations.unit(keeper_of(ground, case).place)
    assert (entry.verified_by, entry.source, entry.source_case) == (unit.name, "普通申报（公布结果）", case.number)
    assert entry.data["obtained"] == "2026-03"

    correct(ground, case, decided_on="2026-04-02")
    (entry,) = titles(case)
    assert (entry.data["obtained"], entry.verified) == ("2026-04", True)
    correct(ground, case, state="未通过")
    assert titles(case) == ()
    correct(ground, case)  # on re-examination (40号令 Art 27)
    (entry,) = titles(case)
    assert entry.data["obtained"] == "2026-03"
    assert len(people.history(ground.person.pk, "title", entry.key)) == 3
    rows = [row for row in ledger.about("person", str(ground.person.pk)) if row.detail.get("case") == case.number]
    assert [(row.detail["added"], row.detail["changed"], row.detail["ended"]) for row in rows
            if row.detail["kinds"] == ["title"]] in ([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)],
                                                     [(1, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0)])  # fmt: skip


def test_what_the_person_made_of_it_goes_with_it_and_a_failure_leaves_both_as_they_were(
    ground: Shenzhen, monkeypatch: pytest.MonkeyPatch
):
    case = judged(ground)
    award(ground, case)
    (entry,) = titles(case)
    people_actions.correct_record(
        person=ground.person.pk, kind="title", key=entry.key, data={**entry.data, "number": "12345"}, by=ground.me
    )

    def fail(**_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("bole.people.actions.take_back_record", fail)
        with pytest.raises(RuntimeError):
            correct(ground, case, state="未通过")
    assert Outcome.objects.get(case=case).state == "passed"
    assert titles(case)[0].data["number"] == "12345"
    correct(ground, case, state="未通过")
    assert titles(case) == ()


def test_it_is_the_present_title_of_the_next_declaration_until_somebody_changes_it(ground: Shenzhen):
    case = judged(ground)
    award(ground, case)
    with pytest.raises(Refused, match="已有中级以上职称"):  # eligibility reads it: verified, so that it stops
        bindings.open_case(
            service=service_of("title-first"), person=ground.person, unit=ground.units["works"], by=ground.me
        )
    older = {
        "series": "05",
        "level": "05-4",
        "title": "0504",
        "obtained": "2012-05",
        "way": "1",
        "issuer": "广东省人社厅",
    }
    people_actions.give_back(
        person=ground.person.pk, kind="title", records=[Offered("older", older)], source="本人填报", by=ground.me
    )
    service = service_of("title-elsewhere")
    new = made.open_case(ground.person, ground.me, service)
    basic = case_queries.typed_answers(new)["basic"]
    held = {name: text for name, text in basic.items() if name.startswith("held")}
    assert held == {
        "held": "高级工程师", "held_since": "2026-03", "held_way": "1",
        "held_issuer": organizations.site(SITE).authority,
    }  # fmt: skip
    # The records of the section of that kind are the same, with where they are known from.
    rows = case_queries.typed_answers(new)["certificate"]
    assert [(row["title"], row["obtained"]) for row in rows] == [("0502", "2026-03"), ("0504", "2012-05")]

    fill(
        ground,
        new,
        only=tuple(each.section for each in service.sections if each.section not in ("basic", "certificate")),
    )
    fill(ground, new, {("basic", name): text for name, text in held.items()}, only=("basic",))
    address, mine = f"/{SITE}/cases/{new.number}/sections/basic/", as_person(ground.person)
    mark = f"现资格信息已核验 {organizations.unit(keeper_of(ground, case).place).name}"
    assert mark in words_of(mine.get(address))
    with tried():
        fill(
            ground,
            new,
            {("basic", name): f"{text}" for name, text in held.items()} | {("basic", "held"): "副高"},
            only=("basic",),
        )
        assert mark not in words_of(mine.get(address))
    for row in rows:
        typed = {**made.sample_record(service.section("certificate")), **row}
        seen = case_queries.form_of(new, service).sections["certificate"].version
        cases.save_record(case=new, section="certificate", record=row["id"], typed=typed, seen=seen, by=ground.me)
    made.prove(new, ground.me)
    new = hand_in(ground, new)
    desk = ground.keeper(new)
    account = Account.objects.get(pk=desk.account)
    read = words_of(at_unit(account, ground.units["works"]).get(f"/{SITE}/work/{new.number}/"))
    assert f"高级工程师 已核验 {organizations.unit(keeper_of(ground, case).place).name}" in read
