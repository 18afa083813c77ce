"""AC-01: a thing is reached through its owner, its case, its site and the capacity acted in, or not at all."""

import re
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from bole.cases import actions
from bole.cases import queries as cases
from bole.cases.models import Attachment, Case
from bole.notices import actions as notices
from bole.notices.models import Message
from bole.organizations import actions as organizing
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people_actions
from bole.portal.models import Complaint
from bole.review import actions as review
from bole.review.models import Phrase
from bole.web.pages import lists
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories import portal
from tests.factories.browsers import as_person, at_unit, text_of
from tests.factories.organizations import NUMBERS, SETUP, SITE, as_unit, give_role, make_account
from tests.factories.people import as_self
from tests.web.test_matrix import named_addresses

pytestmark = pytest.mark.both_databases
POSTED = ("attachment-act", "review-spot")


def same(answer: HttpResponse) -> str:
    """The page without its token, which is masked anew each time."""
    return re.sub(r'((?:name="csrfmiddlewaretoken" value|name="csrf-token" content)=")[^"]*', r"\1", text_of(answer))


def test_a_file_is_reached_through_its_own_case_only(stage: Stage):
    """Sun's file under Lin's number: looked at, moved, replaced, deleted, ordered, by the person and by the desk."""
    mine = made.submitted_case(stage.world.lin, stage.lin)
    theirs = made.submitted_case(stage.world.sun, as_self(stage.world.sun))
    foreign = cases.attachments_of(theirs)[0]
    found = {}
    for who in ("lin", "clerk"):
        browser = stage.browser(who)
        for name, parts in named_addresses().items():
            if "attachment" not in parts:
                continue
            values = {"site": SITE, "number": mine.number, "attachment": foreign.pk, "leaf": 1}
            address = reverse(name, kwargs={key: values[key] for key in parts})
            for act in ("forward", "replace", "delete"):
                answer = browser.post(address, {"act": act}) if name in POSTED else browser.get(address)
                found[who, name, act] = answer.status_code
        order = browser.post(f"/{SITE}/cases/{mine.number}/evidence/order/", {"order": [str(foreign.pk)]})
        found[who, "order", ""] = order.status_code
    desk = [("lin", name, act) for name in ("review-paper", "review-spot") for act in ("forward", "replace", "delete")]
    shut = {found.pop(place) for place in desk}
    assert shut == {403}  # a desk's page: shut to persons whatever stands behind it
    assert set(found.values()) == {404}
    assert Attachment.objects.filter(pk=foreign.pk, removed_at=None).exists()


def test_a_case_is_of_one_site(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    browser = stage.browser("lin")
    statuses = {
        name: browser.get(reverse(name, kwargs={"site": "jilin", "number": case.number})).status_code
        for name in ("case", "preview", "submitted", "evidence", "print", "withdraw", "cancel")
    }
    assert set(statuses.values()) == {404}


def test_who_acts_for_a_unit_has_no_persons_rights_and_the_other_way_round(stage: Stage):
    """Lin also keeps the hospital's collection: the own case is not the hospital's."""
    case = made.complete_case(stage.world.lin, stage.lin)
    give_role(stage.world.ground.hospital, Role.COLLECTION_ADMINISTRATOR, stage.world.cast.lin)
    at_work = at_unit(stage.world.cast.lin, stage.world.ground.hospital)
    at_home = as_person(stage.world.lin)
    assert at_work.get(f"/{SITE}/cases/{case.number}/").status_code == 404
    assert at_work.post(f"/{SITE}/cases/{case.number}/submit/", {"seen": case.revision}).status_code == 404
    assert at_home.get(f"/{SITE}/unit/").status_code == 403
    assert at_home.get(f"/{SITE}/work/{case.number}/").status_code == 403
    assert made.fresh(case).round == 0


def test_of_several_units_only_the_one_acted_for_counts(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    give_role(stage.world.ground.hospital, Role.COLLECTION_ADMINISTRATOR, stage.world.cast.zhou)
    elsewhere = at_unit(stage.world.cast.zhou, stage.world.ground.hospital)
    answers = (
        elsewhere.get(f"/{SITE}/work/{case.number}/"),
        elsewhere.post(f"/{SITE}/work/{case.number}/", {"verdict": "approve", "step": "unit", "seen": case.revision}),
        elsewhere.post(f"/{SITE}/work/{case.number}/unmask/", {"show": "basic"}),
    )
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert made.fresh(case).step == "unit"


def test_a_closed_unit_opens_nothing(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    browser = stage.browser("clerk")
    Unit.objects.filter(pk=stage.world.ground.school.pk).update(closed_on="2020-01-01")
    assert browser.get(f"/{SITE}/work/{case.number}/").status_code == 403
    assert browser.get(f"/{SITE}/unit/").status_code == 302  # the session is over


@pytest.fixture
def jilin(stage: Stage) -> Unit:
    """A unit of another site, open for collection."""
    unit = organizing.create_unit(site="jilin", kind=UnitKind.UNIT, name="长春市第二中学", region="220102", by=SETUP)
    organizing.enable_collection(unit=unit.pk, by=SETUP)
    return unit


def test_another_sites_unit_is_nobodys_here(stage: Stage, jilin: Unit):
    """Neither described as a superior, nor opened for collection, nor given administrators, nor acted for."""
    give_role(jilin, Role.COLLECTION_ADMINISTRATOR, stage.world.cast.zhou)
    abroad = at_unit(stage.world.cast.zhou, jilin)
    operator = stage.browser("operator")
    typed = {"kind": "resident", "number": NUMBERS["林致远"], "name": "林致远", "appoint": "1"}
    assert abroad.get(f"/{SITE}/unit/").status_code == 403
    assert operator.post(f"/{SITE}/authority/enable/", {"unit": str(jilin.pk)}).status_code == 404
    assert operator.post(f"/{SITE}/authority/units/{jilin.pk}/", typed).status_code == 404
    superior = stage.browser("clerk").post(
        f"/{SITE}/unit/profile/", {"administrative_superior_pick": str(jilin.pk), "region": "640104", "seen": "1"}
    )
    assert superior.status_code == 422
    assert jilin.name not in text_of(superior)


def test_a_case_belongs_to_a_unit_of_its_own_site(stage: Stage, jilin: Unit):
    """A person tied to another site's unit would send the case to a desk that nobody of this site can open."""
    browser = stage.browser("lin")
    people_actions.tie_person(person=stage.world.lin.pk, unit=jilin.pk, by=SETUP)

    answer = browser.get(f"/{SITE}/services/{made.SERVICE}/")

    assert not Case.objects.filter(unit=jilin).exists()
    assert answer.status_code == 403
    assert "不在" in text_of(answer)


def test_the_own_unit_is_one_that_people_can_belong_to(stage: Stage, jilin: Unit):
    """The field takes what its search offers: no authority, no unit of another site, whatever key is posted."""
    browser = stage.browser("lin")
    for unit in (stage.world.ground.xingqing, jilin):
        typed = {"ethnic_group": "01", "employer_pick": str(unit.pk), "seen": "1"}
        answer = browser.post(f"/{SITE}/my/profile/", typed)
        assert answer.status_code == 422, unit.name
    assert stage.world.lin.ties.get(until_on=None).unit == stage.world.ground.school


def test_messages_phrases_and_offers_are_their_owners(stage: Stage):
    notices.tell(stage.world.cast.sun.pk, title="给孙晓的消息", body="内容", channels=("inbox",))
    message = Message.objects.get(title="给孙晓的消息")
    phrase = review.keep_phrase(text="请补充材料", by=stage.county)
    case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    offer = organizing.appoint(
        unit=stage.world.ground.school.pk, role=Role.COLLECTION_ADMINISTRATOR, number=NUMBERS["孙晓"], name="孙晓",
        by=as_unit(stage.world.cast.ma, stage.world.ground.xingqing),
    )  # fmt: skip
    lin, clerk = stage.browser("lin"), stage.browser("clerk")
    assert lin.post(f"/{SITE}/messages/{message.pk}/").status_code == 404
    assert lin.post(f"/{SITE}/offers/{offer.id}/", {"do": "accept"}).status_code == 404
    assert lin.post(f"/{SITE}/offers/{offer.id}/", {"do": "decline"}).status_code == 404
    clerk.post(f"/{SITE}/work/{case.number}/phrases/", {"remove": str(phrase.pk)})
    assert Message.objects.get(pk=message.pk).read_at is None
    assert Appointment.objects.get(pk=offer.id).ended_at is None
    assert Phrase.objects.filter(pk=phrase.pk).exists()


def test_portal_things_are_of_one_site(stage: Stage):
    """An editor of Jilin finds nothing of Ningxia by its key; nor does the public under Jilin's address."""
    authority = organizing.create_unit(
        site="jilin", kind=UnitKind.AUTHORITY, name="吉林省人力资源和社会保障厅", region="220000", by=SETUP
    )
    account = make_account("吉林编辑", "640104199001010018")
    give_role(authority, Role.EDITOR, account)
    editor = at_unit(account, authority)
    article, draft = portal.publish(), portal.draft("未发布的通知")
    receipt = portal.complain()
    complaint = "portal-complaint"
    row = Complaint.objects.get()
    for name in ("portal-article", "portal-preview", "portal-publish", "portal-withdraw"):
        address = reverse(name, args=["jilin", draft.pk])
        assert {editor.get(address).status_code, editor.post(address, {"seen": "1"}).status_code} <= {404, 405, 422}, (
            name
        )
    assert editor.get(reverse(complaint, args=["jilin", row.pk])).status_code == 404
    assert editor.get(reverse("article", args=["jilin", article.pk])).status_code == 404
    assert editor.get(reverse("article", args=[SITE, draft.pk])).status_code == 404
    asked = editor.post("/jilin/complaints/answer/", {"reference": receipt.reference})
    assert (asked.status_code, receipt.reference[:12] in text_of(asked)) == (422, True)
    assert editor.get(reverse(complaint, args=[SITE, row.pk])).status_code == 403


def test_a_lists_sealed_words_open_for_one_account_only(stage: Stage):
    word = lists.close({"who": "林致远"}, stage.clerk, "filter")
    assert lists.disclose(word, stage.clerk, "filter") == {"who": "林致远"}
    assert lists.disclose(word, stage.foreign_clerk, "filter") is None
    assert lists.disclose(word, stage.clerk, "place") is None
    assert lists.disclose(word[:-3] + "AAA", stage.clerk, "filter") is None


def test_the_unit_does_not_see_what_a_person_is_still_writing(stage: Stage):
    """Before the hand-in, and again what is changed after a return."""
    case = made.complete_case(stage.world.lin, stage.lin)
    assert stage.browser("clerk").get(f"/{SITE}/work/{case.number}/").status_code == 404
    assert stage.browser("clerk").get(f"/{SITE}/cases/{case.number}/").status_code == 404
    review.submit_case(case=case, seen=case.revision, by=stage.lin)
    case = made.send_back(case, stage.clerk, "supplement")
    version = cases.form_of(case).sections["supplement"].version
    actions.save_section(
        case=case, section="supplement", typed={"text": "尚未上报的新内容"}, seen=version, by=stage.lin
    )
    clerk = stage.browser("clerk")
    pages = [
        clerk.get(f"/{SITE}/{path}", follow=True)
        for path in (
            f"work/{case.number}/",
            f"cases/{case.number}/",
            f"cases/{case.number}/preview/",
            f"cases/{case.number}/sections/supplement/",
        )
    ]
    assert all("尚未上报的新内容" not in text_of(page) for page in pages)


def test_unknown_things_answer_like_foreign_ones(stage: Stage):
    case = made.submitted_case(stage.world.lin, stage.lin)
    browser = stage.browser("foreign clerk")
    foreign = browser.get(f"/{SITE}/work/{case.number}/")
    unknown = browser.get(f"/{SITE}/work/CJ2026-0101-99999/")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert same(foreign).replace(case.number, "") == same(unknown).replace("CJ2026-0101-99999", "")
    assert browser.get(f"/{SITE}/authority/units/{uuid4()}/").status_code == 403


def test_what_is_not_handed_in_yet_is_there_for_whoever_fills_it_in_only(stage: Stage):
    """The county knows the address of a file that Lin hung on the returned case a minute ago."""
    case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    old = next(row for row in cases.attachments_of(case) if row.section == "education")
    case = made.send_back(case, stage.county, "education")
    actions.detach(case=case, attachment=old.pk, by=stage.lin)
    place = {"section": old.section, "record": old.record, "category": old.category}
    new = actions.attach(case=case, **place, data=made.picture(77), name="新.jpg", by=stage.lin)
    looks = ("attachment", "attachment-page", "attachment-thumb", "attachment-leaves", "review-paper")

    def statuses(who: str, row: Attachment) -> set[int]:
        values = {"site": SITE, "number": case.number, "attachment": row.pk}
        named = [name for name in looks if who != "lin" or name != "review-paper"]
        return {
            stage.browser(who)
            .get(reverse(name, kwargs={**values, **({"leaf": 1} if "page" in name else {})}))
            .status_code
            for name in named
        }

    assert statuses("county", old) == statuses("lin", new) == statuses("lin", old) == {200}
    assert statuses("county", new) == statuses("clerk", new) == {404}
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=stage.lin)
    assert statuses("county", new) == {200}
