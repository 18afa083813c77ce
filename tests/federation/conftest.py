"""One real provider for each process of the tests; accounts and browsers that meet it."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bole.accounts.actions import federation
from bole.accounts.actions.federation import ClaimNames, Provider
from tests.factories.browsers import text_of
from tests.factories.organizations import NUMBERS, SPARE_NUMBERS
from tests.factories.people import World, make_world
from tests.federation import provider as real
from tests.federation.provider import Browser, RealProvider

SITES = ("ningxia", "henan", "shenzhen")
CODES = ("shebao", "other")
PEOPLE: dict[str, dict[str, Any]] = {
    "lin": {"id_number": NUMBERS["林致远"], "name": "林致远", "phone_number": "13895100099", "id_verified": True},
    "zhou": {"id_number": NUMBERS["周敏"], "name": "周敏", "id_verified": True},
    "wrong-name": {"id_number": NUMBERS["林致远"], "name": "林志远", "id_verified": True},
    "new": {"id_number": SPARE_NUMBERS[0], "name": "高远", "phone_number": "13895100098", "id_verified": True},
    "unverified": {"id_number": NUMBERS["林致远"], "name": "林致远", "id_verified": False},
    "silent": {},
    "Silent": {},
}


@pytest.fixture(scope="session")
def _running() -> Iterator[RealProvider]:
    hosts = ("http://testserver", "http://localhost")
    back = [f"{host}/{site}/login/with/{code}/return/" for host in hosts for site in SITES for code in CODES]
    found, end = real.start(PEOPLE, back, [f"{host}/{site}/logout/done/" for host in hosts for site in SITES])
    yield found
    end()


@pytest.fixture
def provider(_running: RealProvider, trust: Callable[..., Provider]) -> Iterator[RealProvider]:
    """The real provider, honest and trusted under the code `shebao`."""
    _running.restore()
    trust(_running)
    yield _running
    _running.restore()


@pytest.fixture
def trust() -> Iterator[Callable[..., Provider]]:
    """Trust a provider with further settings; nobody is trusted after the test."""
    kept: dict[str, Provider] = {}

    def configure(found: RealProvider, **changes: Any) -> Provider:
        settings: dict[str, Any] = {
            "code": "shebao",
            "name": "电子社保卡",
            "issuer": found.issuer,
            "client_id": real.CLIENT,
            "client_secret": real.SECRET,
            "scopes": ("openid", "identity"),
            "algorithms": ("RS256",),
            "claims": ClaimNames("id_number", "name", "phone_number", "id_verified"),
            **changes,
        }
        made = Provider(**settings)
        kept[made.code] = made
        federation.configure(tuple(kept.values()))
        federation.forget()
        return made

    yield configure
    federation.configure(())
    federation.forget()


@pytest.fixture
def world(db: None) -> World:
    return make_world()


class Visitor:
    """Somebody with one browser, which goes to us and to the provider."""

    def __init__(self, **headers: str) -> None:
        self.us = Client(**headers)  # type: ignore[arg-type]  # headers are words
        self.there = Browser()

    def depart(self, code: str = "shebao", site: str = "ningxia", **form: str) -> str:
        """Press the button on our log-in page; the address at the provider."""
        response = self.us.post(f"/{site}/login/with/{code}/", form)
        assert response.status_code == 200, text_of(response)
        return onward(response)

    def answered(self, who: str, code: str = "shebao", site: str = "ningxia", **form: str) -> str:
        """Log in there and consent; the address with which the provider sends the browser back, not opened yet."""
        return self.there.log_in(self.depart(code, site, **form), who)

    def back(self, address: str) -> HttpResponse:
        """Open that address at our place."""
        return self.us.get(address.removeprefix("http://testserver"))

    def log_in(self, who: str, code: str = "shebao", site: str = "ningxia", **form: str) -> HttpResponse:
        """The whole way there and back."""
        return self.back(self.answered(who, code, site, **form))

    @property
    def name(self) -> str:
        """Who we take the visitor for; blank for a stranger."""
        page = text_of(self.us.get("/ningxia/"))
        found = re.search(r'id="in-t">([^<，]+)，您好', page)
        return found[1] if found else ""


@pytest.fixture
def visitor(world: World, provider: RealProvider) -> Visitor:
    return Visitor()


def onward(response: HttpResponse) -> str:
    """Where the page that leaves our host goes on to: by itself and by its link, the same."""
    page = text_of(response)
    itself = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    link = re.search(r'<a class="btn btn--primary" href="([^"]+)" rel="noreferrer">继续', page)
    assert itself is not None
    assert link is not None
    assert itself[1] == link[1]
    return unescape(itself[1])
