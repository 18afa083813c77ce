"""Two at once, on a database with row locks: what the person presses twice and what two windows send together."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection

from bole.cases import actions, queries
from bole.cases.models import Attachment, Case
from bole.cases.terms import SectionMoved
from bole.kernel.errors import Invalid, Refused
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories import services
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import World, as_self, make_world

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    found = make_world()
    made.published()
    return found


def race(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at once, each in a thread with its own connection; what each returned or raised."""
    start, outcomes = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(outcomes)


def kinds(outcomes: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in outcomes)


def test_two_windows_saving_at_once_keep_one_text_and_tell_the_other(world: World):
    lin = as_self(world.lin)
    case = made.open_case(world.lin, lin)

    def save(name: str) -> Callable[[], object]:
        return lambda: actions.save_section(case=case, section="contact", typed={"name": name}, seen=0, by=lin)

    outcomes = race(save("甲"), save("乙"))
    assert kinds(outcomes) == ["SectionAnswer", "SectionMoved"]
    moved = next(each for each in outcomes if isinstance(each, SectionMoved))
    assert {moved.theirs["name"], moved.mine["name"]} == {"甲", "乙"}  # type: ignore[call-overload]  # two mappings


def test_record_pressed_twice_at_once_is_there_once(world: World):
    lin = as_self(world.lin)
    case = made.open_case(world.lin, lin)
    typed = made.sample_record(queries.service_of(case).by_code["honors"])

    def save() -> object:
        return actions.save_record(case=case, section="honors", record="", typed=typed, seen=0, by=lin)

    assert kinds(race(save, save)) == ["tuple", "tuple"]
    assert len(queries.form_of(case).sections["honors"].typed) == 1


def test_place_for_one_file_takes_one_of_two(world: World):
    lin = as_self(world.lin)
    case = made.open_case(world.lin, lin)

    def send(shade: int) -> Callable[[], object]:
        return lambda: actions.attach(
            case=case, section="basic", record="", data=made.picture(shade), name="照片.jpg", by=lin
        )

    outcomes = race(send(10), send(20))
    assert kinds(outcomes) == ["Attachment", "Invalid"]
    assert "这一项最多上传1个附件" in str(next(each for each in outcomes if isinstance(each, Invalid)))
    assert Attachment.objects.count() == 1


def test_pressed_twice_at_once_one_case_is_opened(world: World):
    lin = as_self(world.lin)
    outcomes = race(lambda: made.open_case(world.lin, lin), lambda: made.open_case(world.lin, lin))
    assert kinds(outcomes) == ["Case", "Refused"]
    assert "已有一份「高层次人才采集」正在办理" in str(next(each for each in outcomes if isinstance(each, Refused)))


def test_numbers_given_at_once_differ(world: World):
    people = ((world.lin, as_self(world.lin)), (world.sun, as_self(world.sun)))
    race(*((lambda person=person, by=by: made.open_case(person, by)) for person, by in people))
    assert len(set(Case.objects.values_list("number", flat=True))) == 2


def test_files_hung_at_once_have_places_of_their_own(world: World):
    lin = as_self(world.lin)
    case = made.open_case(world.lin, lin)
    typed = made.sample_record(queries.service_of(case).by_code["honors"])
    _, key = actions.save_record(case=case, section="honors", record="", typed=typed, seen=0, by=lin)

    def send(shade: int) -> Callable[[], object]:
        return lambda: actions.attach(
            case=case, section="honors", record=key, data=made.picture(shade), name="证书.jpg", by=lin
        )

    race(send(10), send(20), send(30))
    assert sorted(Attachment.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_a_unit_opens_one_case_however_often_it_is_pressed(transactional_db: None, tmp_path: Path):
    with services.in_force(tmp_path) as published:
        world = make_world()
        school, chen = world.ground.school, world.cast.chen
        give_role(school, Role.REGISTRAR, chen)
        by = as_unit(chen, school)

        def open_once() -> object:
            return actions.open_case(service=published["unit-facts"], person=None, unit=school, prefill={}, by=by)

        assert kinds(race(open_once, open_once, open_once)) == ["Case", "Refused", "Refused"]
        assert Case.objects.filter(person=None).count() == 1
