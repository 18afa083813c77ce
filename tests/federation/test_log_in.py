"""Logging in with a real, certified provider: the way there and back, whose account it opens, and the log-out."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from bole.accounts import actions as accounts
from bole.accounts.models import Account, ExternalIdentity
from bole.audit.models import Entry
from bole.kernel.actors import system
from bole.notices.models import Message
from tests.factories.browsers import text_of
from tests.factories.organizations import NUMBERS
from tests.factories.people import World
from tests.federation.conftest import Visitor, onward
from tests.federation.provider import CLIENT, STRONG, RealProvider, parameters


def test_the_button_stands_on_the_log_in_page(visitor: Visitor):
    page = text_of(visitor.us.get("/ningxia/login/?next=/ningxia/me/"))

    assert 'formaction="/ningxia/login/with/shebao/"' in page
    assert "电子社保卡" in page


def test_without_providers_there_is_no_button(db: None):
    assert "login/with" not in text_of(Client().get("/ningxia/login/"))


def test_the_request_carries_all_that_protects_it(visitor: Visitor, provider: RealProvider):
    address = visitor.depart()
    asked = parameters(address)

    assert address.startswith(f"{provider.issuer}/auth?")
    assert asked["response_type"] == "code"
    assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid identity")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://testserver/ningxia/login/with/shebao/return/"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    other = parameters(visitor.depart())
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_the_first_log_in_finds_the_account_by_number_and_name(visitor: Visitor, world: World, provider: RealProvider):
    response = visitor.log_in("lin")

    assert response.status_code == 302
    assert visitor.name == "林致远"
    link = ExternalIdentity.objects.get()
    assert (link.account_id, link.issuer, link.subject) == (world.lin.account_id, provider.issuer, "lin")
    assert {entry.action for entry in Entry.objects.filter(account=world.lin.account_id)} >= {
        "accounts.identity.linked",
        "accounts.account.logged_in_by_identity",
    }


def test_afterwards_issuer_and_subject_are_enough(visitor: Visitor, world: World, provider: RealProvider):
    visitor.log_in("lin")
    account = Account.objects.get(pk=world.lin.account_id)
    account.name = "林又名"  # a later change of the name breaks no link
    account.save()
    again = Visitor()

    again.log_in("lin")

    assert again.name == "林又名"
    assert ExternalIdentity.objects.count() == 1


def test_the_page_wanted_before_comes_next(visitor: Visitor):
    assert visitor.log_in("lin", next="/ningxia/my/archive/").headers["Location"] == "/ningxia/my/archive/"


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_no_other_host_comes_next(visitor: Visitor, wanted: str):
    assert visitor.log_in("lin", next=wanted).headers["Location"].startswith("/ningxia/")


def test_the_session_is_a_new_one(visitor: Visitor):
    visitor.depart()
    before = visitor.us.session.session_key

    visitor.log_in("lin")

    assert visitor.us.session.session_key != before


def test_a_locked_log_in_opens_by_the_provider(visitor: Visitor, world: World):
    number = NUMBERS["林致远"]
    for _ in range(3):
        with pytest.raises(Exception, match="账户或密码错误"):
            accounts.log_in(login=number, password="wrong password", device=None, address="")

    visitor.log_in("lin")

    assert visitor.name == "林致远"
    with pytest.raises(Exception, match="账户或密码错误"):  # and not: locked
        accounts.log_in(login=number, password="wrong password", device=None, address="")


def test_the_owner_is_told_of_a_new_link_and_only_once(visitor: Visitor, world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        visitor.log_in("lin")
        visitor.log_in("lin")

    told = Message.objects.filter(account=world.lin.account_id, title="您的账号已绑定「电子社保卡」")
    assert told.count() == 1


def test_another_name_is_refused_and_nothing_is_linked(visitor: Visitor):
    response = visitor.log_in("wrong-name")

    assert response.status_code == 403
    assert "姓名与本平台这个证件号码的账号不一致" in text_of(response)
    assert visitor.name == ""
    assert not ExternalIdentity.objects.exists()


def test_an_unverified_number_opens_nothing(visitor: Visitor):
    assert "还没有绑定账号" in text_of(visitor.log_in("unverified"))
    assert visitor.name == ""


@pytest.mark.parametrize(("linked", "closed", "sentence"), [
    (True, True, "此账号已停用"), (False, True, "此账号已停用"), (True, False, "未被审核"), (False, False, "未被审核"),
])  # fmt: skip
def test_an_account_that_may_not_come_in_stays_out(visitor: Visitor, world: World, linked, closed, sentence):
    if linked:
        visitor.log_in("lin")
    account = world.lin.account_id
    accounts.close_account(account=account, by=system("test"))
    if not closed:
        Account.objects.filter(pk=account).update(closed_at=None)
    late = Visitor()

    response = late.log_in("lin")

    assert response.status_code == 403
    assert sentence in text_of(response)
    assert late.name == ""
    assert ExternalIdentity.objects.count() == int(linked)


def test_a_second_identity_of_the_same_person_is_not_linked_by_itself(
    visitor: Visitor, world: World, provider: RealProvider
):
    ExternalIdentity.objects.create(
        account_id=world.lin.account_id, issuer=provider.issuer, subject="former", subject_index="f" * 40,
        linked_at=world.lin.created_at, used_at=world.lin.created_at,
    )  # fmt: skip

    response = visitor.log_in("lin")

    assert response.status_code == 403
    assert "已绑定另一个「电子社保卡」身份" in text_of(response)


def test_staff_choose_their_capacity_and_give_a_second_factor(visitor: Visitor, world: World, settings):
    settings.BOLE_OPERATOR_SECOND_FACTOR = True
    response = visitor.log_in("zhou")

    assert response.headers["Location"] == "/ningxia/login/factor/"
    assert visitor.us.session["factor"] is False


def test_an_assurance_that_counts_is_the_second_factor(visitor: Visitor, world: World, provider, trust, settings):
    settings.BOLE_OPERATOR_SECOND_FACTOR = True
    trust(provider, acr_values=(STRONG,), factor_acr=(STRONG,))
    provider.tamper = provider.resigned(acr=STRONG)

    response = visitor.log_in("zhou")

    assert visitor.us.session["factor"] is True
    assert "login/factor" not in response.headers["Location"]
    assert visitor.us.session["unit"] == str(world.ground.school.pk)


def test_log_out_ends_both_log_ins(visitor: Visitor, provider: RealProvider):
    visitor.log_in("lin")

    away = onward(visitor.us.post("/ningxia/logout/"))

    asked = parameters(away)
    assert away.startswith(f"{provider.issuer}/session/end?")
    assert asked["post_logout_redirect_uri"] == "http://testserver/ningxia/logout/done/"
    assert NUMBERS["林致远"] not in away
    assert visitor.name == ""
    _, page = visitor.there.go(away)
    assert "Do you want to sign-out" in page
    token = page.partition('name="xsrf" value="')[2].partition('"')[0]
    at, page = visitor.there.go(f"{provider.issuer}/session/end/confirm", {"xsrf": token, "logout": "yes"})
    assert urlsplit(at).path == "/ningxia/logout/done/"
    assert "都已退出" in text_of(visitor.us.get(urlsplit(at).path))
    # The provider asks for name and password again: its own log-in has ended too.
    assert 'name="password"' in visitor.there.go(visitor.depart())[1]


def test_an_identity_token_with_personal_data_stands_in_no_address(visitor: Visitor, provider: RealProvider):
    provider.tamper = provider.resigned(id_number=NUMBERS["林致远"])
    visitor.log_in("lin")

    assert "id_token_hint" not in parameters(onward(visitor.us.post("/ningxia/logout/")))


def test_who_logged_in_with_the_password_leaves_without_a_detour(world: World, provider: RealProvider):
    from tests.factories.browsers import as_person

    assert as_person(world.lin).post("/ningxia/logout/").status_code == 302


def test_giving_up_there_leads_back_to_the_log_in_page(visitor: Visitor):
    _, page = visitor.there.go(visitor.depart())
    abort = page.partition('href="')[2].partition('"')[0]
    address, _ = visitor.there.go(abort)

    response = visitor.back(address)

    assert response.status_code == 403
    assert "您取消了「电子社保卡」登录" in text_of(response)
    assert 'id="login"' in text_of(response)


def test_secret_may_go_in_the_form_instead(visitor: Visitor, provider: RealProvider, trust):
    trust(provider, client_id="post", client_authentication="client_secret_post")

    visitor.log_in("lin")

    assert visitor.name == "林致远"


def test_providers_of_other_sites_are_not_offered(world: World, provider: RealProvider, trust):
    trust(provider, sites=("henan",))

    assert "login/with" not in text_of(Client().get("/ningxia/login/"))
    assert Client().post("/ningxia/login/with/shebao/").status_code == 404
