"""The public check of papers takes files from anybody: none is kept, none too large, none tells of another's paper."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory

from bole.cases import actions as case_actions
from bole.cases.models import Case, IssuedPaper
from bole.documents.models import StoredFile
from bole.documents.terms import UPLOAD_LIMIT
from bole.kernel import clock
from bole.web import middleware
from bole.web.pages import checking
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.factories.people import as_self

VERIFY = "/ningxia/verify/"
PDF = b"%PDF-1.7\n"


def given_out(case: Case, stage: Stage, content: bytes) -> IssuedPaper:
    """A paper of the case, as far as the public check is concerned."""
    shown = {
        "subject": case.person.name if case.person else "",
        "title": "采集表",
        "unit": case.unit.name,
        "approved_on": "",
    }
    return case_actions.issue_paper(
        case=case, output="sheet", shown=shown, source="", code=case_actions.new_code(), at=clock.now(),
        content=content, by=stage.clerk,
    )  # fmt: skip


def told(answer: HttpResponse) -> str:
    return re.sub(r"<[^>]*>|\s+", " ", text_of(answer).partition("<main")[2])


def send(content: bytes, where: str = VERIFY, **more: str) -> HttpResponse:
    return Client().post(where, {"file": SimpleUploadedFile("a.pdf", content, "application/pdf"), **more})


def test_the_code_of_one_paper_says_nothing_of_the_file_of_another(stage: Stage):
    mine = given_out(stage.by_unit(), stage, PDF + b"lin")
    sun = made.open_case(stage.world.sun, as_self(stage.world.sun))
    theirs = given_out(sun, stage, PDF + b"sun")
    for answer in (send(PDF + b"sun", f"{VERIFY}{mine.code}/"), send(PDF + b"sun", code=mine.code)):
        words = told(answer)
        assert "文件与出具的不符" in words
        for secret in (theirs.code, sun.number, stage.world.ground.hospital.name):
            assert secret not in words
    # A code of nobody opens nothing, whatever file comes with it.
    answer = send(PDF + b"sun", code="7K2M-9QHX-4B8T")
    assert answer.status_code == 404
    assert sun.number not in told(answer)


def test_what_is_no_paper_is_told_at_the_file_and_not_looked_up(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    case = stage.by_unit()
    given_out(case, stage, b"PK no paper")
    for content, say in (
        (b"PK no paper", "这不是 PDF 文件"),
        (b" " + PDF, "这不是 PDF 文件"),
        (b"", "请选择手里的 PDF 文件"),
    ):
        answer = send(content)
        assert answer.status_code == 422
        assert say in told(answer)
        assert case.number not in told(answer)
    assert Client().post(VERIFY, {"file": "not a file"}).status_code == 422
    assert Client().post(VERIFY).status_code == 422
    monkeypatch.setattr(checking, "UPLOAD_LIMIT", 100)
    answer = send(PDF + b"x" * 100)
    assert answer.status_code == 422
    assert "文件超过 20 MB" in told(answer)


def test_hostile_names_and_codes_do_nothing(stage: Stage):
    for code in ("<script>alert(1)</script>", "' OR 1=1 --", "%00", "../../etc/passwd", "７Ｋ２Ｍ" * 30):
        answer = send(PDF, code=code)
        assert answer.status_code == 404, code
        assert "<script>alert" not in text_of(answer)
    assert send(PDF, code="\0").status_code == 400


def test_no_file_stays_behind(stage: Stage):
    folder = Path(settings.BOLE_VAR)
    before = (StoredFile.objects.count(), sorted(folder.rglob("*")))
    send(PDF + b"x" * 3_000_000)
    assert (StoredFile.objects.count(), sorted(folder.rglob("*"))) == before


class Unread:
    """A body that nobody may read: it is refused by its length alone."""

    def read(self, *given: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize("path", [VERIFY, "/ningxia/complaints/complaint/", "/ningxia/portal/new/"])
def test_a_stranger_sends_no_more_than_a_file(stage: Stage, path: str):
    told = {"CONTENT_LENGTH": str(UPLOAD_LIMIT + 2_000_000), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = Client().generic("POST", path, **told, **{"wsgi.input": Unread()})
    assert answer.status_code == 413
    assert "提交的内容超过 21 MB，没有接收" in text_of(answer)


@pytest.mark.parametrize(("files", "stopped"), [(5, False), (13, True)])
def test_who_is_logged_in_sends_several_files_at_once_but_not_everything(stage: Stage, files: int, stopped: bool):
    asked = RequestFactory().get("/", CONTENT_LENGTH=str(files * UPLOAD_LIMIT))
    asked.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    asked.portal = None  # type: ignore[attr-defined]  # see PageRequest
    guard = middleware.bounded_body(lambda request: HttpResponse())
    answer = guard.process_view(asked, lambda request: None, (), {})  # type: ignore[attr-defined]  # Django's name
    assert (answer is not None) is stopped
