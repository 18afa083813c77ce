"""Filling in the log-in box as a person does, with the captcha answered."""

from django.http import HttpResponse
from django.test import Client

from bole.accounts import actions as accounts
from tests.factories.organizations import NUMBERS, PASSWORD


def captcha_key(purpose: str = "log-in") -> str:
    """The key of a captcha that is open."""
    return accounts.make_captcha(purpose=purpose).token


def post_log_in(
    client: Client, name: str = "", *, way: str = "person", site: str = "ningxia", **given: str
) -> HttpResponse:
    """Send the log-in box."""
    typed = {
        "way": way,
        "login": NUMBERS.get(name, ""),
        "password": PASSWORD,
        "captcha": "0000",
        "captcha_key": captcha_key(),
        "next": "",
        **given,
    }
    return client.post(f"/{site}/login/", typed)
