"""Complaints: who can read what, and the reference that opens the answer."""

import pytest
from django.db import connection

from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Fault, Invalid, Moved, Refused, TooMany
from bole.portal import actions, queries
from bole.portal.models import Complaint
from bole.portal.terms import COMPLAINTS, ComplaintKind, Contact
from tests.factories.organizations import SITE
from tests.factories.portal import VISITOR, complain
from tests.portal.conftest import Press


def test_the_reference_opens_the_answer_and_says_nothing_of_the_sender(press: Press):
    receipt = complain()
    row = Complaint.objects.get()
    assert queries.reply(SITE, receipt.reference).answered_at is None
    actions.answer_complaint(site=SITE, id=row.pk, seen=1, answer="已于今日办结。", by=press.editor)
    reply = queries.reply(SITE, f" {receipt.reference.lower()} ")
    assert (reply.answer, reply.subject, reply.number) == ("已于今日办结。", "办理时限", row.number)
    assert not hasattr(reply, "contact")


@pytest.mark.usefixtures("press")
def test_the_number_alone_opens_nothing_and_neither_does_another_site():
    receipt = complain()
    number = Complaint.objects.get().number
    assert receipt.reference.startswith(number)
    assert queries.reply(SITE, number) is None
    assert queries.reply("jilin", receipt.reference) is None


@pytest.mark.usefixtures("press")
def test_neither_text_nor_sender_nor_reference_stands_in_the_database():
    receipt = complain(text="某某科长索要好处", about="某某局")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_complaint")
        stored = b"|".join(str(bytes(v) if isinstance(v, memoryview) else v).encode() for v in cursor.fetchone())
    for secret in ("某某科长", "某某局", "李青", "13800000009", receipt.reference):
        assert secret.encode() not in stored
        assert str(secret.encode())[2:-1].encode() not in stored


def test_an_editor_reads_text_and_sender_others_are_refused(press: Press):
    complain(about="某单位")
    id = Complaint.objects.get().pk
    found = queries.complaint_to_answer(SITE, id, by=press.editor)
    assert (found.text, found.about, found.contact) == (
        "材料交了两个月没有答复。",
        "某单位",
        Contact("李青", "13800000009"),
    )
    for stranger in (press.outsider, VISITOR):
        with pytest.raises(Refused):
            queries.complaint_to_answer(SITE, id, by=stranger)
        with pytest.raises(Refused):
            actions.answer_complaint(site=SITE, id=id, seen=1, answer="好。", by=stranger)


@pytest.mark.usefixtures("press")
def test_a_report_may_be_anonymous_and_a_complaint_may_not():
    assert complain(ComplaintKind.REPORT, name="", phone="").reference.startswith("JB")
    with pytest.raises(Invalid) as invalid:
        complain(name="", phone="")
    assert invalid.value.faults == (Fault("name", "请填写联系人"), Fault("phone", "请填写手机号码"))


@pytest.mark.usefixtures("press")
def test_wrong_entries_are_all_named():
    with pytest.raises(Invalid) as invalid:
        complain(subject="弄虚作假", text="字" * 1001, phone="123")
    assert [fault.at for fault in invalid.value.faults] == ["subject", "text", "phone"]
    assert invalid.value.faults[1].say == "情况说明最多1000个字符，现在是1001个"


@pytest.mark.usefixtures("press")
def test_the_twenty_first_from_one_address_in_a_day_is_put_off():
    for _ in range(COMPLAINTS.most):
        complain()
    with pytest.raises(TooMany):
        complain()
    complain(by=Actor(way=Way.PERSON, site=SITE, address="192.0.2.8"))
    assert Complaint.objects.count() == COMPLAINTS.most + 1


def test_two_answers_at_once_do_not_overwrite_each_other(press: Press):
    complain()
    id = Complaint.objects.get().pk
    actions.answer_complaint(site=SITE, id=id, seen=1, answer="第一个答复", by=press.editor)
    with pytest.raises(Moved):
        actions.answer_complaint(site=SITE, id=id, seen=1, answer="第二个答复", by=press.editor)
    assert queries.complaint_to_answer(SITE, id, by=press.editor).reply.answer == "第一个答复"


def test_the_unanswered_come_first(press: Press):
    complain()
    answered = Complaint.objects.get()
    complain()
    actions.answer_complaint(site=SITE, id=answered.pk, seen=1, answer="好。", by=press.editor)
    page = queries.complaints_to_answer(SITE, by=press.editor)
    assert [row.answered_at is None for row in page.rows] == [True, False]
