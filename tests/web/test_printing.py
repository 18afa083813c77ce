"""The formal paper in the pages: its pages to look at, its final form, and the public check of what somebody holds."""

import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bole.cases.models import IssuedPaper
from bole.documents.models import StoredFile
from bole.organizations.terms import Role
from bole.review.actions import printing
from bole.review.terms import PAPER_CHECKS
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role, make_account
from tests.web.filling import Desk, make_desk, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete(db: None) -> Desk:
    """Lin's form, ready to be handed in."""
    desk = make_desk()
    made.fill(desk.case, desk.lin)
    made.prove(desk.case, desk.lin)
    desk.fresh()
    return desk


def paper_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return re.sub(r"\s+", "", "".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


@pytest.mark.one_database
def test_pages_are_looked_at_while_filling(complete: Desk):
    desk = complete
    assert "预览高层次人才信息采集表" in words_of(desk.own.get(desk.at()))
    assert f'href="{desk.at("print", "pages")}"' in text_of(desk.own.get(desk.at("preview")))
    page = desk.own.get(desk.at("print", "pages"))
    text = text_of(page)
    leaves = [int(each) for each in re.findall(rf'src="{desk.at("print", "pages")}(\d+)/"', text)]
    assert leaves == list(range(1, len(leaves) + 1))
    assert len(leaves) > 1
    assert f"共 {len(leaves)} 页，与打印出来的一样。核准之前带有水印。" in words_of(page)
    assert text.count('alt="第 ') == len(leaves)
    assert f'href="{desk.at("print")}"' in text
    picture = desk.own.get(desk.at("print", "pages", "1"))
    wide = desk.own.get(desk.at("print", "pages", "1") + "?wide")
    assert [Image.open(BytesIO(each.content)).width for each in (picture, wide)] == [800, 1600]
    assert picture.headers["Cache-Control"] == "private, no-store"
    assert desk.own.get(desk.at("print", "pages", str(len(leaves) + 1))).status_code == 404
    assert {desk.other.get(desk.at("print", *more)).status_code for more in (("pages",), ("pages", "1"))} == {404}


def completed(desk: Desk) -> None:
    """Lin's case handed in and passed by every desk."""
    cast, ground = desk.world.cast, desk.world.ground
    desk.own.post(desk.at("submit"), {"seen": str(desk.case.revision)})
    case = made.approve(desk.case, desk.clerk)
    city = make_account("田审核", SPARE_NUMBERS[3])
    give_role(ground.yinchuan, Role.REVIEWER, city)
    for account, unit in ((cast.chen, ground.xingqing), (city, ground.yinchuan), (cast.wu, ground.province)):
        case = made.approve(case, as_unit(account, unit))
    assert case.closed_at is not None
    assert not IssuedPaper.objects.exists()


def test_a_final_paper_is_checked_by_anybody(complete: Desk, client: Client):
    desk = complete
    assert f"草稿{desk.case.number}" in paper_text(desk.own.get(desk.at("print")).content)
    completed(desk)

    content = desk.own.get(desk.at("print")).content
    paper = IssuedPaper.objects.get()
    text = paper_text(content)
    grouped = "-".join(paper.code[at : at + 4] for at in (0, 4, 8))
    assert f"校验码{grouped}" in text
    assert "草稿" not in text
    assert "未审核" not in text
    assert desk.own.get(desk.at("print")).content == content
    assert "已核准，页末有校验码和二维码" in words_of(desk.own.get(desk.at("print", "pages")))

    page = client.get(f"/ningxia/verify/{paper.code}/")
    words = words_of(page)
    assert page.status_code == 200
    assert "打印件属实" in words
    for said in ("高层次人才信息采集表", desk.case.number, "林*远", paper.code, "核准日期"):
        assert said in words, said
    assert "林致远" not in words
    assert "6401" not in words.replace(desk.case.number, "")
    assert "打印件属实" in words_of(client.get("/ningxia/verify/", {"code": grouped.lower()}))
    assert 'href="/ningxia/verify/"' in text_of(client.get("/ningxia/"))

    unknown = client.get("/ningxia/verify/", {"code": "7K2M-9QHX-4B8T"})
    assert unknown.status_code == 404
    assert "没有查到这个校验码。请核对打印件上的 12 位校验码" in words_of(unknown)
    assert 'value="7K2M-9QHX-4B8T"' in text_of(unknown)
    assert "输入校验码" in words_of(client.get("/ningxia/verify/"))


def test_a_held_file_is_compared_with_the_one_given_out(complete: Desk, client: Client):
    desk = complete
    completed(desk)
    content = desk.own.get(desk.at("print")).content
    paper, address = IssuedPaper.objects.get(), "/ningxia/verify/"
    page = text_of(client.get(f"{address}{paper.code}/"))
    assert f'method="post" action="{address}{paper.code}/" enctype="multipart/form-data"' in page

    def told(where: str, held: bytes) -> str:
        answer = client.post(where, {"file": SimpleUploadedFile("手里的.pdf", held, "application/pdf")})
        assert answer.status_code == 200
        return words_of(answer)

    kept = StoredFile.objects.count()
    for where in (address, f"{address}{paper.code}/"):
        words = told(where, content)
        assert "文件是出具的原文件" in words
        assert "打印件属实" in words
        assert paper.code in words
    edited = content.replace(b"%%EOF", b"%%EOF\n% one more remark")
    assert edited != content
    words = told(f"{address}{paper.code}/", edited)
    assert f"文件与出具的不符 这个文件不是校验码 {paper.code} 对应的原文件，不能作为依据。" in words
    assert "校验码对应的打印件属实" in words
    words = told(address, edited)
    assert "这个文件不是本平台出具的原文件，不能作为依据。" in words
    assert "工作单位" not in words
    assert StoredFile.objects.count() == kept


def test_many_looks_from_one_network_are_slowed(client: Client, monkeypatch: pytest.MonkeyPatch, db: None):
    monkeypatch.setattr(printing, "PAPER_CHECKS", replace(PAPER_CHECKS, most=2))
    statuses = [client.get("/ningxia/verify/", {"code": "7K2M-9QHX-4B8T"}).status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
    page = client.get("/ningxia/verify/7K2M9QHX4B8T/")
    assert page.status_code == 429
    assert "从这个网络查验的次数太多，请" in words_of(page)
    assert client.get("/ningxia/verify/").status_code == 200
    file = SimpleUploadedFile("手里的.pdf", b"%PDF-1.7", "application/pdf")
    assert client.post("/ningxia/verify/", {"file": file}).status_code == 429
