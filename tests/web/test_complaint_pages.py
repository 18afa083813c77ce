"""「网上投诉」 and 「网上举报」 in the browser (NX-01)."""

import re

import pytest
from django.test import Client

from bole.portal.models import Complaint
from bole.portal.terms import ComplaintKind
from tests.factories.browsers import text_of
from tests.factories.portal import complain

pytestmark = pytest.mark.django_db
TYPED = {"subject": "办理时限", "about": "", "text": "材料交了两个月没有答复。", "name": "李青", "phone": "13800000009"}


def test_a_complaint_gives_a_reference_that_opens_the_answer(client: Client):
    response = client.post("/ningxia/complaints/complaint/", TYPED)
    page = text_of(response)
    reference = re.search(r"TS\d{8}-[A-Z0-9]{6}-[A-Z0-9]{8}", page)
    assert response.status_code == 200
    assert reference is not None
    answer = text_of(client.post("/ningxia/complaints/answer/", {"reference": reference[0]}))
    assert Complaint.objects.get().number in answer
    assert "还没有答复，请过几天再查。" in answer
    assert "李青" not in answer


def test_what_was_typed_comes_back_with_every_fault(client: Client):
    response = client.post("/ningxia/complaints/complaint/", {**TYPED, "text": "", "phone": "12"})
    page = text_of(response)
    assert response.status_code == 422
    assert "有 2 处需要修改" in page
    assert '<a href="#f-text">请填写情况说明</a>' in page
    assert 'value="12"' in page
    assert 'aria-describedby="f-phone-e f-phone-h" aria-invalid="true"' in page
    assert Complaint.objects.count() == 0


def test_an_unknown_reference_is_told_so_without_more(client: Client):
    complain(ComplaintKind.REPORT)
    response = client.post("/ningxia/complaints/answer/", {"reference": Complaint.objects.get().number})
    assert response.status_code == 422
    assert "没有查到这个受理编号。请核对回执上的完整编号，包括最后 8 位。" in text_of(response)


def test_a_report_says_that_it_may_be_anonymous(client: Client):
    assert "举报可以匿名" in text_of(client.get("/ningxia/complaints/report/"))
    assert "举报可以匿名" not in text_of(client.get("/ningxia/complaints/complaint/"))


def test_another_kind_does_not_exist(client: Client):
    assert client.get("/ningxia/complaints/gossip/").status_code == 404


def test_a_form_from_nowhere_is_refused():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/ningxia/complaints/complaint/", TYPED)
    assert response.status_code == 403
    assert "这一页打开太久，已经过期。" in text_of(response)
    assert Complaint.objects.count() == 0
