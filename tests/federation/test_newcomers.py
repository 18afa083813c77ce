"""Whom the provider knows and we do not: registering with its word, being told the way, binding by oneself."""

from datetime import timedelta

import pytest
from django.http import HttpResponse

from bole.accounts.actions.federation import linked_identities, unbind_identity
from bole.accounts.models import Account, ExternalIdentity
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now, travel
from bole.kernel.errors import Absent, Refused
from bole.people import queries as people
from tests.factories.browsers import as_person, text_of
from tests.factories.organizations import PASSWORD, SPARE_NUMBERS
from tests.factories.people import World, fresh_phone, obtain_code
from tests.federation.conftest import PEOPLE, Visitor, onward
from tests.federation.provider import RealProvider

REGISTER = "/ningxia/register/with/"
NUMBER = SPARE_NUMBERS[0]


def filled(**changes: str) -> dict[str, str]:
    """A good registration."""
    phone = fresh_phone()
    code = changes.get("code") or obtain_code(phone)
    form = {"do": "register", "phone": phone, "password": PASSWORD, "again": PASSWORD, "agreed": "1"}
    return {**form, **changes, "code": code}


@pytest.fixture
def newcomer(visitor: Visitor) -> Visitor:
    """Gao has come back from the provider; there is no account yet."""
    assert visitor.log_in("new", next="/ningxia/my/profile/").headers["Location"] == REGISTER
    return visitor


def test_number_and_name_are_fixed_and_the_phone_is_offered(newcomer: Visitor):
    page = text_of(newcomer.us.get(REGISTER))

    assert "高远" in page
    assert NUMBER not in page
    assert f"{NUMBER[:4]}**********{NUMBER[-4:]}" in page
    assert f'value="{PEOPLE["new"]["phone_number"]}"' in page


def test_registering_links_and_logs_in(newcomer: Visitor, provider: RealProvider):
    response = newcomer.us.post(REGISTER, filled())

    assert response.headers["Location"] == "/ningxia/my/profile/"
    assert newcomer.name == "高远"
    person = people.person_by_identity("resident", NUMBER)
    assert person is not None
    assert ExternalIdentity.objects.get(account=person.account_id).subject == "new"


def test_another_number_or_name_in_the_form_counts_for_nothing(newcomer: Visitor):
    newcomer.us.post(REGISTER, filled(number=SPARE_NUMBERS[1], name="别人", kind="passport"))

    assert Account.objects.filter(name="高远").exists()
    assert people.person_by_identity("resident", SPARE_NUMBERS[1]) is None


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"code": "12"}, "请填写短信中的 6 位数字"),
    ({"code": "999999"}, "验证码错误"),
    ({"again": "something else"}, "两次输入的密码不一致"),
    ({"agreed": ""}, "勾选「已阅读」"),
    ({"password": "short", "again": "short"}, "密码至少 12 个字符"),
    ({"phone": "123", "code": "123456"}, "手机号码应为 11 位数字"),
])  # fmt: skip
def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(newcomer: Visitor, changes, sentence):
    form = filled(**changes)
    response = newcomer.us.post(REGISTER, form)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'value="{form["phone"]}"' in text_of(response)
    assert PASSWORD not in text_of(response)
    assert not Account.objects.filter(name="高远").exists()


def test_the_code_is_sent_from_the_page(newcomer: Visitor):
    page = text_of(newcomer.us.post(REGISTER, {"do": "send", "phone": fresh_phone()}))

    assert "验证码已发送到您填写的手机" in page


def test_nobody_registers_without_coming_from_a_provider(visitor: Visitor):
    for response in (visitor.us.get(REGISTER), visitor.us.post(REGISTER, {"number": NUMBER, "name": "高远"})):
        assert response.status_code == 403
        assert "这次登录已过期" in text_of(response)


def test_the_word_of_the_provider_is_good_for_twenty_minutes(newcomer: Visitor):
    form = filled()
    with travel(now() + timedelta(minutes=21)):
        response = newcomer.us.post(REGISTER, form)

    assert response.status_code == 403
    assert not Account.objects.filter(name="高远").exists()


def test_the_session_keeps_the_number_sealed(newcomer: Visitor):
    assert NUMBER not in str(dict(newcomer.us.session.items()))


@pytest.mark.parametrize(("site", "sentence"), [("henan", "由所在单位审核"), ("shenzhen", "由所在单位新增")])
def test_where_persons_do_not_come_by_themselves_the_way_is_told(visitor: Visitor, site, sentence):
    response = visitor.log_in("new", site=site)

    assert response.status_code == 200
    assert sentence in text_of(response)
    assert not Account.objects.filter(name="高远").exists()
    assert visitor.us.get(f"/{site}/register/with/").status_code == 403


def test_without_name_and_number_the_page_tells_how_to_bind(visitor: Visitor):
    page = text_of(visitor.log_in("silent"))

    assert "还没有绑定账号" in page
    assert "「账号与安全」" in page


def back(client, visitor: Visitor, who: str) -> HttpResponse:
    """Bind the account of a logged-in browser with what the provider says of somebody."""
    response = client.post("/ningxia/account/identities/shebao/bind/", {"next": "/ningxia/account/"})
    assert response.status_code == 200, text_of(response)
    address = visitor.there.log_in(onward(response), who)
    return client.get(address.removeprefix("http://testserver"))


def test_binding_and_logging_in_with_it(visitor: Visitor, world: World):
    response = back(as_person(world.lin), visitor, "silent")

    assert response.headers["Location"] == "/ningxia/account/"
    assert ExternalIdentity.objects.get().account_id == world.lin.account_id
    other = Visitor()
    other.log_in("silent")
    assert other.name == "林致远"


def test_subjects_that_differ_in_case_are_two_people(visitor: Visitor, world: World):
    back(as_person(world.lin), visitor, "silent")

    assert "还没有绑定账号" in text_of(Visitor().log_in("Silent"))


def test_the_account_page_lists_what_is_bound(visitor: Visitor, world: World):
    client = as_person(world.lin)
    assert "未绑定" in text_of(client.get("/ningxia/account/"))

    back(client, visitor, "silent")

    page = text_of(client.get("/ningxia/account/"))
    assert "已绑定「电子社保卡」" in page
    assert "解除绑定" in page


@pytest.mark.parametrize(("who", "sentence"), [
    ("zhou", "证件号码与您的账号不一致"),
    ("wrong-name", "姓名与您的账号不一致"),
])  # fmt: skip
def test_only_one_s_own_identity_is_bound(visitor: Visitor, world: World, who, sentence):
    client = as_person(world.lin)

    response = back(client, visitor, who)

    assert sentence in text_of(client.get(response.headers["Location"]))
    assert not ExternalIdentity.objects.exists()


def test_an_identity_of_another_account_is_not_bound(visitor: Visitor, world: World):
    back(as_person(world.lin), visitor, "silent")
    client = as_person(world.sun)

    response = back(client, Visitor(), "silent")

    assert "已绑定另一个账号" in text_of(client.get(response.headers["Location"]))
    assert ExternalIdentity.objects.get().account_id == world.lin.account_id


def test_binding_ends_with_the_log_in_that_began_it(visitor: Visitor, world: World):
    client = as_person(world.lin)
    response = client.post("/ningxia/account/identities/shebao/bind/")
    address = visitor.there.log_in(onward(response), "silent").removeprefix("http://testserver")
    session = client.session
    session["account"] = str(world.sun.account_id)  # somebody else by now
    account = world.sun.account
    assert account is not None
    session["stamp"] = account.get_session_auth_hash()
    session.save()

    client.get(address)

    assert not ExternalIdentity.objects.exists()


def test_binding_asks_for_the_proof_of_who_one_is(visitor: Visitor, world: World):
    client = as_person(world.lin)
    with travel(now() + timedelta(minutes=15)):
        response = client.post("/ningxia/account/identities/shebao/bind/")

    assert response.headers["Location"].startswith("/ningxia/assure/")


def test_a_log_in_there_long_ago_is_no_fresh_proof_here(visitor: Visitor, provider: RealProvider):
    provider.tamper = provider.resigned(auth_time=int(now().timestamp()) - 3600)
    visitor.log_in("lin")

    response = visitor.us.post("/ningxia/account/identities/shebao/bind/")

    assert response.headers["Location"].startswith("/ningxia/assure/")


def test_unbinding_asks_first_and_leaves_the_password(visitor: Visitor, world: World):
    client = as_person(world.lin)
    back(client, visitor, "silent")
    link = ExternalIdentity.objects.get()
    address = "/ningxia/account/identities/unbind/"

    page = text_of(client.get(f"{address}?identity={link.pk}&next=/ningxia/account/"))
    assert "解除「电子社保卡」的绑定？" in page
    assert ExternalIdentity.objects.exists()
    client.post(address, {"identity": str(link.pk), "next": "/ningxia/account/"})

    assert not ExternalIdentity.objects.exists()
    assert "还没有绑定账号" in text_of(Visitor().log_in("silent"))


def test_unbinding_is_refused_for_others_and_without_a_password(visitor: Visitor, world: World):
    visitor.log_in("lin")
    link = ExternalIdentity.objects.get()
    sun = Actor(way=Way.PERSON, account=world.sun.account_id, site="ningxia")
    lin = Actor(way=Way.PERSON, account=world.lin.account_id, site="ningxia")

    with pytest.raises(Absent):
        unbind_identity(identity=link.pk, by=sun)
    with pytest.raises(Refused, match="重新验证身份"):
        unbind_identity(identity=link.pk, by=Actor(Way.PERSON, world.lin.account_id, fresh=False))
    account = world.lin.account
    assert account is not None
    account.set_unusable_password()
    account.save()
    with pytest.raises(Refused, match="请先设置密码"):
        unbind_identity(identity=link.pk, by=lin)
    assert ExternalIdentity.objects.count() == 1


def test_links_to_a_provider_that_is_offered_no_more_are_still_listed(visitor: Visitor, world: World, trust, provider):
    visitor.log_in("lin")
    trust(provider, sites=("henan",))

    assert world.lin.account_id is not None
    listed = linked_identities(account=world.lin.account_id, site="ningxia")

    assert [(each.code, each.name, each.id is not None) for each in listed] == [("", "电子社保卡", True)]
