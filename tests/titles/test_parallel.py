"""Two editors at once, on PostgreSQL: one line changed twice, one code added twice; an editor whose role ends."""

from threading import Event
from typing import Any
from unittest.mock import patch

import pytest

from bole.kernel.errors import Invalid, Moved
from bole.organizations import actions as organizations
from bole.organizations import standing
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from bole.titles import actions
from bole.titles.actions import entries
from bole.titles.models import Catalogue, TitleEntry
from bole.titles.terms import Kind
from tests.factories.organizations import SETUP, SITE, as_unit, give_role, make_ground
from tests.factories.people import make_world
from tests.factories.titles import make_titles
from tests.review.test_parallel import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_changes_or_additions_at_once_one_is_told_of_the_other():
    titles = make_titles(make_ground())
    Catalogue.objects.all().delete()  # the first to come makes it; the other waits for that

    def rename(name: str) -> Any:
        return lambda: actions.keep_entry(
            site=SITE, kind=Kind.MAJOR, code="0501", name=name, id=titles.water.pk, seen=1, by=SETUP
        )

    def add(name: str) -> Any:
        return lambda: actions.keep_entry(site=SITE, kind=Kind.SERIES, code="66", name=name, by=SETUP)

    outcomes = race(rename("水利"), rename("水务"))
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [Moved]
    row = TitleEntry.objects.get(pk=titles.water.pk)
    assert (row.revision, row.name in ("水利", "水务")) == (2, True)

    outcomes = race(add("甲系列"), add("乙系列"))
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [Invalid]
    assert TitleEntry.objects.filter(code="66").count() == 1


@pytest.mark.parametrize("steady", [True, False])
def test_role_of_a_keeper_ends_before_the_change_or_after_it(steady: bool):
    """The twin that does not hold the role goes wrong: it ends amid the change (G16)."""
    world = make_world()
    titles = make_titles(world.ground)
    give_role(world.ground.province, Role.TITLE_KEEPER, world.cast.wu)
    role = Appointment.objects.get(account=world.cast.wu, role=Role.TITLE_KEEPER)
    keeper = as_unit(world.cast.wu, world.ground.province)
    asked, ended, amid = Event(), Event(), list[bool]()
    whole = entries.new_edition

    def slowly(catalogue: Catalogue) -> None:
        asked.set()
        amid.append(ended.wait(1))
        whole(catalogue)

    def end() -> Any:
        asked.wait(10)
        done = organizations.end_appointment(appointment=role.pk, reason="离职", by=SETUP)
        ended.set()
        return done

    def rename() -> Any:
        return actions.keep_entry(
            site=SITE, kind=Kind.MAJOR, code="0501", name="水务", id=titles.water.pk, seen=1, by=keeper
        )

    held = standing.inside_act if steady else lambda: False
    with patch.object(entries, "new_edition", slowly), patch.object(standing, "inside_act", held):
        outcomes = race(rename, end)
    assert not any(isinstance(each, Exception) for each in outcomes)
    assert amid == [not steady]
