"""Files used twice are found among what the viewer may see, however much lies before them (C9)."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.cases import actions, evidence, queries
from bole.cases.models import Attachment, Case
from bole.kernel import clock
from bole.kernel.ids import new_id
from bole.people.models import Person
from tests.cases.conftest import Desk
from tests.cases.test_filling import add
from tests.documents import pages
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import roster_person

pytestmark = pytest.mark.usefixtures("kept")
GOOD = pages.jpeg(pages.letter(Random(1)))
AGAIN = pages.jpeg(pages.letter(Random(1)), 55)
FORM = pages.jpeg(pages.certificate(Random(2), form=7))


def filed(case: Case, desk: Desk, *data: bytes) -> list[Attachment]:
    """Files of Lin's case."""
    key = add(case, desk)
    place = {"section": "honors", "record": key, "by": desk.lin}
    return [actions.attach(case=case, **place, data=each, name="证书.jpg") for each in data]


def elsewhere(case: Case, row: Attachment, *persons: Person, days: int) -> list[Attachment]:
    """The file hung in a case of each of these persons, so many days ago."""
    found = []
    for person in persons:
        values = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
        number = f"{case.number}-{Case.objects.count()}"
        fresh = {"id": new_id(), "number": number, "person_id": person.pk, "open_key": None}
        other = Case.objects.create(**{**values, **fresh})
        place = {"section": row.section, "record": row.record, "purpose": row.purpose, "position": 1}
        added = clock.now() - timedelta(days=days)
        hung = {"case": other, "file": row.file, "round": 0, "added_at": added, "added_by": row.added_by}
        found.append(Attachment.objects.create(**place, **hung))
    return found


@pytest.fixture
def others(desk: Desk) -> list[Person]:
    """Four persons more."""
    named = list(zip(("甲一", "乙二", "丙三", "丁四"), SPARE_NUMBERS, strict=True))
    return [roster_person(name, number, desk.world.ground.hospital) for name, number in named]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two candidates a step."""
    monkeypatch.setattr(evidence, "_MOST_TWINS", 2)


@pytest.mark.parametrize("data", [GOOD, AGAIN])
def test_what_the_viewer_may_not_see_hides_no_file_that_he_may(case: Case, desk: Desk, others, few, data: bytes):
    row, spread = filed(case, desk, GOOD, data)
    seen = elsewhere(case, spread, desk.world.sun, days=30)[0]
    elsewhere(case, spread, *others, days=1)
    visible = Case.objects.filter(pk__in=[case.pk, seen.case_id])
    twins = queries.twins_elsewhere([row], visible)
    assert [(twin.other.pk, twin.exact) for twin in twins] == [(seen.pk, data == GOOD)]
    assert queries.twins_elsewhere([row], Case.objects.none()) == []


def test_a_form_that_everybody_hands_in_hides_no_page_used_twice(case: Case, desk: Desk, others, few):
    form, page, other_form, other_page = filed(
        case, desk, FORM, GOOD, pages.jpeg(pages.certificate(Random(3), form=7)), AGAIN
    )
    elsewhere(case, other_form, *others, days=1)
    old = elsewhere(case, other_page, desk.world.sun, days=30)[0]
    with CaptureQueriesContext(connection) as sent:
        twins = queries.twins_elsewhere([form, page], Case.objects.all())
    assert [(twin.attachment.pk, twin.other.pk) for twin in twins] == [(page.pk, old.pk)]
    assert len(sent) <= 1 + evidence._STEPS
    with CaptureQueriesContext(connection) as sent:
        queries.twins_elsewhere([page], Case.objects.all())
    assert len(sent) == 2
