"""The pages on which a result ends and on which its end is read are open to everybody."""

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from bole.review import actions
from tests.browser.filling import enter
from tests.browser.test_pages import checked
from tests.factories.browsers import at_unit
from tests.factories.grading import completed, desks, grading_in_force
from tests.factories.people import make_world

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

ENDS = ", publicity: 5, ends: {objected: 公示未通过, revoked: 资格撤销}"
PASSED = {"state": "passed", "awarded": "C", "document": "8号", "decided_on": "2026-04-18"}


def test_where_a_result_ends_and_where_its_end_is_read(page: Page, live_server: LiveServer):
    world = make_world()
    with grading_in_force(ends=ENDS) as service:
        case, region = completed(world, service, world.lin), desks(world)[2]
        done = actions.enter_outcome(number=case.number, seen=0, typed=PASSED, by=region)
        actions.publish_outcomes(chosen=[(case.number, done.revision)], by=region)
        cookie = at_unit(world.cast.wu, world.ground.province).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        root = f"{live_server.url}/ningxia/work/"
        result = f"{root}results/{case.number}/"

        faults = checked(page, result)
        faults += checked(page, f"{result}end/")
        page.get_by_label("失效情形").select_option(label="资格撤销")
        page.get_by_label("失效原因").fill("提供虚假业绩材料，经核实属实。")
        page.get_by_role("button", name="登记失效").click()
        page.wait_for_url(f"{root}results/?tab=grading*")
        faults += checked(page, f"{root}results/?tab=grading")
        faults += checked(page, result)
        faults += checked(page, f"{root}{case.number}/")
        enter(page, live_server.url, world.lin)
        faults += checked(page, f"{live_server.url}/ningxia/cases/{case.number}/")
        assert faults == []
