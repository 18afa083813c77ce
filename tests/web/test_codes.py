"""Code tables for the page script."""

import pytest
from django.test import Client

from bole.standards import queries as standards


def test_a_search_answers_codes_and_names_best_first(client: Client):
    name = standards.table("discipline").entry("416").name
    response = client.get("/codes/discipline/", {"q": "416"})
    assert response.json()["entries"][0] == {"code": "416", "name": name}
    assert response.headers["Cache-Control"] == "public, max-age=3600"


def test_children_of_a_code(client: Client):
    parent = standards.table("title").children(None)[0]
    below = standards.table("title").children(parent.code)
    found = client.get("/codes/title/", {"parent": parent.code}).json()
    assert [each["code"] for each in found["entries"]] == [each.code for each in below]
    assert found["complete"] is True


def test_too_many_hits_say_so(client: Client):
    found = client.get("/codes/discipline/", {"q": "学"}).json()
    assert (len(found["entries"]), found["complete"]) == (50, False)


def test_an_unknown_table_is_a_404(client: Client):
    response = client.get("/codes/gossip/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["error"]) == (404, "没有这个代码表。")


@pytest.mark.parametrize("address", ["/codes/sex/", "/codes/sex/?q=男", "/codes/sex/?parent="])
def test_no_session_is_begun(client: Client, address: str):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
