"""The archive: offered, verified, corrected, never overwritten (ALL-01)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.audit import queries as ledger
from bole.kernel.actors import Actor, system
from bole.kernel.errors import Absent, Invalid, Moved, Refused
from bole.people import actions, queries
from bole.people.terms import Entry, Given, Offered
from tests.factories.organizations import SETUP, as_unit
from tests.factories.people import World, as_self

CASE = "NX20181030000001"
FIRST = Offered("2012-school", {"start": "2012-07", "employer": "兴庆区第一中学", "post": "教师"})
SECOND = Offered("2008-school", {"start": "2008-09", "employer": "银川市第九中学", "post": "教师"})
CHANGED = Offered("2012-school", {"start": "2012-07", "employer": "兴庆区第一中学", "post": "教研组长"})


def give(world: World, *records: Offered, by: Actor | None = None, gone: tuple[str, ...] = ()) -> Given:
    return actions.give_back(
        person=world.lin.pk,
        kind="work",
        records=records,
        source="高层次人才采集（本人填报）",
        source_case=CASE,
        gone=gone,
        by=by or as_self(world.lin),
    )


def verify(world: World, *records: Offered, by: Actor | None = None) -> Given:
    return actions.verify_archive(
        person=world.lin.pk,
        kind="work",
        records=records,
        source="高层次人才采集",
        source_case=CASE,
        by=by or as_unit(world.cast.chen, world.ground.xingqing),
    )


def work(world: World) -> dict[str, Entry]:
    return {entry.key: entry for entry in queries.archive(world.lin.pk, "work")}


def audited(world: World) -> list[tuple[str, int, int]]:
    rows = ledger.about("person", str(world.lin.pk)).filter(action__startswith="people.archive.").order_by("at")
    return [(row.action, row.detail["added"], row.detail["changed"]) for row in rows]


def test_what_was_entered_is_offered_with_its_source(world: World):
    assert give(world, FIRST, SECOND) == Given(2, 0, 0, 0)
    entry = work(world)["2012-school"]
    assert (dict(entry.data), entry.source, entry.source_case) == (FIRST.data, "高层次人才采集（本人填报）", CASE)
    assert (entry.verified, entry.verified_by) == (False, "")
    assert audited(world) == [("people.archive.changed", 2, 0)]


def test_twice_is_once(world: World):
    give(world, FIRST)
    before = work(world)
    assert give(world, FIRST) == Given(0, 0, 1, 0)
    assert work(world) == before
    assert len(audited(world)) == 1


def test_a_change_ends_the_old_row_and_keeps_it(world: World):
    give(world, FIRST)
    assert give(world, CHANGED) == Given(0, 1, 0, 0)
    assert dict(work(world)["2012-school"].data) == CHANGED.data
    past = queries.history(world.lin.pk, "work", "2012-school")
    assert [(dict(entry.data), entry.ended_at is None) for entry in past] == [
        (CHANGED.data, True),
        (FIRST.data, False),
    ]


def test_what_is_not_offered_stays_unless_it_is_named_as_gone(world: World):
    give(world, FIRST, SECOND)
    assert give(world, CHANGED) == Given(0, 1, 0, 0)
    assert set(work(world)) == {"2012-school", "2008-school"}
    assert give(world, CHANGED, gone=("2008-school", "2012-school", "never")) == Given(0, 0, 1, 1)
    assert set(work(world)) == {"2012-school"}


def test_an_authority_verifies_exactly_what_it_saw(world: World):
    give(world, FIRST, SECOND)
    assert verify(world, CHANGED, SECOND) == Given(0, 1, 1, 0)
    found = work(world)
    assert [(found[key].verified, found[key].verified_by) for key in ("2012-school", "2008-school")] == [
        (True, "银川市兴庆区人力资源和社会保障局")
    ] * 2
    assert dict(found["2012-school"].data) == CHANGED.data
    assert verify(world, CHANGED, SECOND) == Given(0, 0, 2, 0)
    assert [action for action, _, _ in audited(world)] == ["people.archive.changed", "people.archive.verified"]


def test_a_later_change_is_unverified_and_equal_content_keeps_its_mark(world: World):
    verify(world, FIRST)
    give(world, FIRST)
    assert work(world)["2012-school"].verified
    give(world, CHANGED)
    assert not work(world)["2012-school"].verified
    assert [entry.verified for entry in queries.history(world.lin.pk, "work", "2012-school")] == [False, True]


def test_a_second_verification_does_not_rename_the_first(world: World):
    verify(world, FIRST)
    verify(world, FIRST, by=as_unit(world.cast.wu, world.ground.province))
    assert work(world)["2012-school"].verified_by == "银川市兴庆区人力资源和社会保障局"


def test_who_may_verify(world: World):
    ground, cast = world.ground, world.cast
    for actor in (
        as_self(world.lin),
        as_unit(cast.zhou, ground.school),
        as_unit(cast.ma, ground.xingqing),
        as_unit(cast.chen, ground.province),
        SETUP,
    ):
        with pytest.raises(Refused):
            verify(world, FIRST, by=actor)
    assert work(world) == {}
    verify(world, FIRST)
    assert set(work(world)) == {"2012-school"}


def test_nobody_verifies_the_own_archive(world: World):
    from bole.organizations.terms import Role
    from tests.factories.organizations import give_role

    give_role(world.ground.xingqing, Role.REVIEWER, world.cast.lin)
    with pytest.raises(Refused, match="不能核验本人的档案"):
        verify(world, FIRST, by=as_unit(world.cast.lin, world.ground.xingqing))


def test_who_may_offer(world: World):
    ground, cast = world.ground, world.cast
    for actor in (as_self(world.sun), as_unit(cast.sun, ground.hospital), as_unit(cast.chen, ground.xingqing)):
        with pytest.raises(Refused):
            give(world, FIRST, by=actor)
    give(world, FIRST, by=as_unit(cast.zhou, ground.school))
    assert set(work(world)) == {"2012-school"}


def test_the_person_corrects_and_retires(world: World):
    verify(world, FIRST)
    me = as_self(world.lin)
    actions.correct_record(person=world.lin.pk, kind="work", key="2012-school", data=CHANGED.data, by=me)
    entry = work(world)["2012-school"]
    assert (entry.source, entry.verified, dict(entry.data)) == ("本人更正", False, CHANGED.data)
    for _ in range(2):
        actions.retire_record(person=world.lin.pk, kind="work", key="2012-school", by=me)
    assert work(world) == {}
    assert len(queries.history(world.lin.pk, "work", "2012-school")) == 2
    with pytest.raises(Absent):
        actions.correct_record(person=world.lin.pk, kind="work", key="2012-school", data=CHANGED.data, by=me)


def test_others_correct_nothing(world: World):
    give(world, FIRST)
    for actor in (as_self(world.sun), as_unit(world.cast.zhou, world.ground.school)):
        with pytest.raises(Refused):
            actions.correct_record(person=world.lin.pk, kind="work", key="2012-school", data=CHANGED.data, by=actor)
        with pytest.raises(Refused):
            actions.retire_record(person=world.lin.pk, kind="work", key="2012-school", by=actor)
        with pytest.raises(Refused):
            actions.correct_person(person=world.lin.pk, values={"ethnic_group": "03"}, seen=1, by=actor)
    assert dict(work(world)["2012-school"].data) == FIRST.data


def test_basic_data_are_corrected_with_the_revision_seen(world: World):
    def correct(seen: int, **values: str) -> object:
        return actions.correct_person(person=world.lin.pk, values=values, seen=seen, by=as_self(world.lin))

    before = queries.person(world.lin.pk).revision
    correct(before, ethnic_group="03", region="640104")
    correct(before, ethnic_group="03", region="640104")  # twice is once
    assert queries.person(world.lin.pk).revision == before + 1
    with pytest.raises(Moved):
        correct(before, ethnic_group="01")
    for wrong in ({"ethnic_group": "00"}, {"name": "林二"}, {}):
        with pytest.raises(Invalid):
            correct(before + 1, **wrong)
    stored = queries.person(world.lin.pk)
    assert (stored.ethnic_group, stored.region, stored.name) == ("03", "640104", "林致远")


@pytest.mark.parametrize("count", [1, 3])
def test_the_whole_archive_is_one_query(world: World, count: int):
    for kind in ("work", "education", "honor")[:count]:
        actions.give_back(person=world.lin.pk, kind=kind, records=[FIRST, SECOND], source="导入", by=SETUP)
    with CaptureQueriesContext(connection) as asked:
        found = queries.archive_kinds(world.lin.pk)
    assert (len(asked), len(found)) == (1, count)
    assert found["work"] == queries.archive(world.lin.pk, "work")


def test_what_a_decision_entered_stands_verified_until_it_is_taken_back(world: World):
    unit = world.ground.xingqing
    told = {"person": world.lin.pk, "kind": "work", "source": "评审（公布结果）", "source_case": CASE}
    platform = system("decided")
    for _ in range(2):  # twice is once
        actions.enter_record(**told, record=FIRST, unit=unit.pk, by=platform)
    entry = work(world)[FIRST.key]
    assert (entry.verified_by, entry.source, entry.source_case) == (unit.name, "评审（公布结果）", CASE)
    give(world, CHANGED)
    for _ in range(2):
        actions.take_back_record(**told, key=FIRST.key, by=platform)
    assert work(world) == {}
    assert [each.verified for each in queries.history(world.lin.pk, "work", FIRST.key)] == [False, True]
    assert len(audited(world)) == 3
    for stranger in (as_self(world.lin), as_unit(world.cast.chen, unit)):
        with pytest.raises(Refused, match="不能直接录入或撤销"):
            actions.enter_record(**told, record=FIRST, unit=unit.pk, by=stranger)
        with pytest.raises(Refused, match="不能直接录入或撤销"):
            actions.take_back_record(**told, key=FIRST.key, by=stranger)


def test_records_are_sealed_in_the_table(world: World):
    give(world, FIRST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM people_archiverecord")
        (sealed,) = cursor.fetchone()
    assert "兴庆区第一中学".encode() not in bytes(sealed)
