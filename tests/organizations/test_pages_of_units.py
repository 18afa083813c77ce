"""What pages ask about units in one go: all acts on a unit, the opened tree, who administered before, old offers."""

from datetime import timedelta

import pytest

from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Appointment
from bole.organizations.terms import Act, Role, UnitKind
from tests.factories.administration import Managers, accept, make_managers, manage
from tests.factories.organizations import as_person, as_unit, make_unit


@pytest.fixture
def managers(db: None) -> Managers:
    return make_managers()


def test_all_acts_on_a_unit_are_those_that_are_answered_one_by_one(managers: Managers):
    ground = managers.ground
    actors: list[Actor] = [
        manage(managers.head, ground.province),
        manage(managers.keeper, ground.xingqing),
        manage(managers.bursar, ground.school),
        as_unit(managers.cast.chen, ground.xingqing),
        as_person(managers.cast.lin),
    ]
    found = {}
    for actor in actors:
        for unit in (ground.xingqing, ground.school, ground.dawukou):
            asked = {act for act in Act if act is not Act.APPLY and queries.may_act(actor, act, unit)}
            found[actor.name, unit.name] = queries.acts_on(actor, unit) == asked

    assert set(found.values()) == {True}, found


def test_the_opened_tree_is_what_its_levels_are_one_by_one(managers: Managers):
    by, school = manage(managers.keeper, managers.ground.xingqing), managers.ground.school
    opened = queries.tree_at(school.pk, by=by)

    assert opened.chain == (*queries.ancestors(school.pk, by=by), queries.tree_at(school.pk, by=by).chain[-1])
    assert opened.levels[0] == queries.roots(by=by)
    assert [page.nodes for page in opened.levels[1:]] == [
        queries.children(node.id, by=by).nodes for node in opened.chain[:-1]
    ]
    assert opened.below == queries.children(school.pk, by=by)


def test_a_foreign_unit_opens_no_tree(managers: Managers):
    with pytest.raises(Absent):
        queries.tree_at(managers.ground.dawukou.pk, by=manage(managers.keeper, managers.ground.xingqing))


def test_pages_of_the_opened_tree_go_on_where_they_stopped(managers: Managers):
    by, education = manage(managers.keeper, managers.ground.xingqing), managers.ground.education
    for number in range(4):
        make_unit(f"第{number}小学", "640104", education)
    first = queries.tree_at(education.pk, by=by, limit=3).below
    rest = queries.tree_at(education.pk, by=by, after=first.after, limit=3).below

    assert (len(first.nodes), len(rest.nodes), rest.after) == (3, 2, "")
    assert not {node.id for node in first.nodes} & {node.id for node in rest.nodes}


def test_a_search_keeps_to_kinds(managers: Managers):
    by = manage(managers.keeper, managers.ground.xingqing)
    hits = queries.search_units("兴庆区", by=by, kinds=[UnitKind.DEPARTMENT])

    assert [hit.node.id for hit in hits] == [managers.ground.education.pk]


def test_who_administered_before_is_told_masked(managers: Managers):
    school = managers.ground.school
    actions.hand_over(number=managers.cast.sun.login, name="孙晓", by=manage(managers.bursar, school))
    accept(managers.cast.sun, school)
    (past,) = queries.past_administrators(school.pk)

    assert past.invitee == "校**员 6401**********0069"
    assert past.title == "单位管理员"
    assert [each.invitee for each in queries.administrators([school.pk])[school.pk]] == ["孙* 6401**********0034"]


def test_an_offer_is_made_again_on_the_same_terms(managers: Managers):
    by, school = manage(managers.bursar, managers.ground.school), managers.ground.school
    offer = actions.offer_role(unit=school.pk, role=Role.REVIEWER, number=managers.cast.sun.login, name="孙晓", by=by)
    Appointment.objects.filter(pk=offer.id).update(appointed_at=clock.now() - timedelta(days=40))
    again = actions.renew_offer(appointment=offer.id, by=by)
    fresh = Appointment.objects.waiting().get(unit=school)

    assert (fresh.pk, fresh.role, fresh.invitee_name) == (again.id, "reviewer", "孙晓")
    assert accept(managers.cast.sun, school).pk == fresh.pk
    with pytest.raises(Refused, match="已经答复"):
        actions.renew_offer(appointment=fresh.pk, by=by)
    with pytest.raises(Refused):
        actions.renew_offer(appointment=fresh.pk, by=manage(managers.keeper, managers.ground.xingqing))
