"""What the journeys share: the published catalogue, the fixed answers of test mode, an empty outbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from bole.accounts import actions as accounts
from bole.accounts.actions.fixed import fixed
from bole.definitions import actions as publishing
from tests.factories.organizations import SETUP
from tests.journeys.visitor import CAPTCHA, CODE


@pytest.fixture
def site(db: None) -> Iterator[None]:
    """Nothing but the catalogue; the captcha and one-time codes are those of test mode."""
    before = (fixed.captcha, fixed.code)
    accounts.configure(fixed_captcha=CAPTCHA, fixed_code=CODE)
    Path(settings.BOLE_OUTBOX).unlink(missing_ok=True)
    publishing.publish_catalogue(by=SETUP)
    yield
    Path(settings.BOLE_OUTBOX).unlink(missing_ok=True)
    accounts.configure(fixed_captcha=before[0], fixed_code=before[1])
