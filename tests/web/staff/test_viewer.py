"""The page of one file: pages, size, turning, the next file; every picture is a look on record."""

import pytest

from bole.audit import queries as ledger
from bole.cases.models import Case
from tests.factories import cases as made
from tests.factories.people import as_self
from tests.web.staff.seats import Staff, page_of, words_of


@pytest.fixture
def at_county(staff: Staff) -> Case:
    return made.approve(made.submitted_case(staff.world.lin, as_self(staff.world.lin)), staff.zhou)


def files_of(case: Case) -> list[str]:
    return [str(file.pk) for slot in made.queries.form_of(case).slots for file in slot.attachments]


def at(case: Case, file: str, **terms: object) -> str:
    asked = "&".join(f"{name}={value}" for name, value in terms.items())
    return f"/ningxia/work/{case.number}/papers/{file}/" + (f"?{asked}" if asked else "")


def test_file_is_drawn_enlarged_turned_and_followed_by_the_next(staff: Staff, at_county: Case):
    first, second, *_ = files_of(at_county)
    page = staff.county.get(at(at_county, first))
    assert f"第 1 个附件，共 {len(files_of(at_county))} 个" in words_of(page)
    assert "第 1 页，共 1 页" in words_of(page)
    assert f'src="/ningxia/cases/{at_county.number}/attachments/{first}/pages/1/?w=1"' in page_of(page)
    assert f'href="/ningxia/work/{at_county.number}/papers/{second}/"' in page_of(page)
    assert "turn=90" in page_of(page)

    turned = page_of(staff.county.get(at(at_county, first, zoom=200, turn=90)))
    assert "zoom-200 turn-90" in turned
    assert "/pages/1/?w=2" in turned
    assert "zoom-100 turn-0" in page_of(staff.county.get(at(at_county, first, zoom=999, turn=1)))


def test_picture_of_a_page_is_a_look_on_record_and_never_the_file(staff: Staff, at_county: Case):
    first = files_of(at_county)[0]
    before = ledger.about("case", at_county.number).filter(action="cases.attachment.viewed").count()
    picture = staff.county.get(f"/ningxia/cases/{at_county.number}/attachments/{first}/pages/1/?w=1")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert ledger.about("case", at_county.number).filter(action="cases.attachment.viewed").count() == before + 1


def test_pages_that_are_not_there_and_files_of_others_are_absent(staff: Staff, at_county: Case):
    first = files_of(at_county)[0]
    assert staff.county.get(at(at_county, first, page=2)).status_code == 404
    assert staff.county.get(at(at_county, str(at_county.pk))).status_code == 404
    assert staff.hospital.get(at(at_county, first)).status_code == 404
