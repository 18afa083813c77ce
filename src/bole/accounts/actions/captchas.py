"""The captcha: friction against scripts, never the lock itself; all limits hold without it (AC-10)."""

import secrets
from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import transaction

from bole.accounts.actions.fixed import fixed
from bole.accounts.models import Challenge
from bole.accounts.terms import CAPTCHA_LIFETIME, CLEAR_SIGNS, WRONG_CODE, Captcha
from bole.documents import actions as documents
from bole.kernel import sealing
from bole.kernel.clock import now
from bole.kernel.errors import Invalid
from bole.kernel.ids import new_id


def make_captcha(*, purpose: str = "log-in", visitor: str = "") -> Captcha:
    """A new captcha, good once, for one purpose and, where given, for one visitor's session only."""
    text = fixed.captcha or "".join(secrets.choice(CLEAR_SIGNS) for _ in range(4))
    key = new_id()
    Challenge.objects.create(
        id=key, answer_mac=_mac(str(key), purpose, visitor, text), expires_at=now() + CAPTCHA_LIFETIME
    )
    return Captcha(token=str(key), image=documents.captcha_image(text))


def check_captcha(*, token: str, answer: str, purpose: str = "log-in", visitor: str = "") -> None:
    """Use the captcha up, rightly or wrongly answered. Raises Invalid at "captcha"."""
    if not _spent_rightly(token, answer, purpose, visitor):
        raise Invalid.at("captcha", WRONG_CODE)


def _spent_rightly(token: str, answer: str, purpose: str, visitor: str) -> bool:
    try:
        key = UUID(token)
    except ValueError:
        return False
    with transaction.atomic(durable=True):
        row = Challenge.objects.filter(pk=key, expires_at__gt=now()).first()
        # Of many at once only one takes the row away; the others count as wrong.
        taken = Challenge.objects.filter(pk=key).delete()[0] == 1
    return (
        row is not None and taken and compare_digest(row.answer_mac, _mac(str(key), purpose, visitor, answer.strip()))
    )


def _mac(key: str, purpose: str, visitor: str, text: str) -> str:
    said = "|".join((key, purpose, visitor, text.upper()))
    return sealing.mac(said.encode(), "accounts.captcha").hex()


def expired_for(age: timedelta) -> None:
    """Remove captchas that ended that long ago."""
    Challenge.objects.filter(expires_at__lt=now() - age).delete()
