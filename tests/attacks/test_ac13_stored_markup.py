"""AC-13, AC-06, AC-26: what somebody typed is text on every page, in every workbook and on every paper."""

import json
import zipfile
from io import BytesIO

import pypdfium2
import pytest
from django.http import HttpResponse

from bole.cases import actions
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column
from bole.organizations import actions as organizing
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.portal.models import Complaint
from bole.review import actions as review
from tests.attacks.conftest import Stage
from tests.attacks.test_ac13_requests import addresses
from tests.factories import cases as made
from tests.factories import portal
from tests.factories.browsers import at_unit, text_of
from tests.factories.organizations import SETUP, SITE, give_role
from tests.factories.portal import VISITOR
from tests.web.staff.conftest import describe

XSS = "\"'><img src=x onerror=alert(1)>"
SHORT = "'><b onx=1>"  # for fields of twenty characters
RAW = ("<img src=x", "<b onx")
TYPST = '#read("/etc/passwd") $x$ *b*'


def poisoned(case: Case, by: object, text: str = SHORT) -> None:
    """Every text of every section is a script to be."""
    service = cases.service_of(case)
    for section in service.sections:
        texts = [field for field in section.fields if field.type in ("text", "long-text") and field.fixed is None]
        if not texts:
            continue
        record = made.sample_record(section)
        for field in texts:
            long = field.max is None or field.max >= len(XSS)
            record[field.field] = XSS if long and text == SHORT else text[: field.max]
        version = cases.form_of(case, service).sections[section.section].version
        if section.many is None:
            actions.save_section(case=case, section=section.section, typed=record, seen=version, by=by)
        else:
            actions.save_record(case=case, section=section.section, record="", typed=record, seen=version, by=by)


@pytest.fixture
def poison(stage: Stage) -> Case:
    """A case at the county's desk whose applicant, unit, papers, marks and opinions are full of markup."""
    Unit.objects.filter(pk=stage.world.ground.school.pk).update(name=f"学校{XSS}", leader=SHORT, address=XSS)
    Person.objects.filter(pk=stage.world.lin.pk).update(name=f"林{SHORT}")
    person = Person.objects.get(pk=stage.world.lin.pk)
    case = made.open_case(person, stage.lin)
    poisoned(case, stage.lin)
    for slot in cases.form_of(case).slots:
        place = {"case": case, "section": slot.section, "record": slot.record, "by": stage.lin}
        if slot.replaceable and slot.required:
            actions.declare_gap(**place, reason=XSS)
            actions.attach(
                **place, data=made.picture(), name=f"{XSS}.jpg", purpose=actions.evidence.Purpose.EXPLANATION
            )
        elif slot.required:
            actions.attach(**place, data=made.picture(), name=f"{XSS}.jpg")
    review.submit_case(case=made.fresh(case), seen=0, by=stage.lin)
    case = made.send_back(case, stage.clerk, "basic", opinion=XSS)
    review.submit_case(case=case, seen=case.revision, by=stage.lin)
    return made.approve(case, stage.clerk, opinion=XSS)


def test_no_page_shows_markup_that_somebody_typed(stage: Stage, poison: Case):
    article = portal.publish(title=XSS)
    portal.draft(title=XSS, body=f"{XSS} https://a.example/{XSS}", source=XSS)
    portal.complain(text=XSS, about=XSS, name=SHORT, by=VISITOR)
    review.keep_phrase(text=XSS, by=stage.county)
    organizing.create_unit(site=SITE, kind=UnitKind.UNIT, name=f"单位{XSS}", region="640104", by=SETUP)
    give_role(stage.world.ground.province, Role.EDITOR, stage.city)
    editor = at_unit(stage.city, stage.world.ground.province)
    visits = [(stage.browser(who), who) for who in ("lin", "clerk", "county", "operator")]
    found, seen = [], 0
    for browser, who in (*visits, (editor, "editor")):
        for name, address in addresses(stage, poison):
            whole = () if name in ("print", "captcha", "logout") else ({}, {"HX-Request": "true"})
            for headers in whole if who in ("lin", "county") else whole[:1]:
                answer = browser.get(address, headers=headers)
                if "html" in answer.headers.get("Content-Type", ""):
                    page = answer.content.decode()
                    seen += "&lt;img src=x" in page or "&lt;b onx" in page
                    found += [(who, name, raw) for raw in RAW if raw in page]
    row = Complaint.objects.get()
    more = (
        editor.get(f"/{SITE}/portal/complaints/{row.pk}/"),
        editor.get(f"/{SITE}/articles/{article.pk}/"),
        editor.get(f"/{SITE}/search/", {"q": XSS}),
        stage.browser("clerk").get(f"/{SITE}/unit/?tab=reviewing"),
        stage.browser("county").post(f"/{SITE}/work/{poison.number}/unmask/", {"show": "basic", "opinion": XSS}),
        stage.browser("county").post(f"/{SITE}/work/{poison.number}/", {"verdict": XSS, "opinion": XSS, "seen": "1"}),
        stage.browser("lin").post(f"/{SITE}/complaints/report/", {"subject": XSS, "text": XSS, "name": XSS}),
        stage.browser("operator").get(f"/{SITE}/authority/", {"credit_code": XSS, "unit": XSS}),
    )
    found += [(answer.request["PATH_INFO"], raw) for answer in more for raw in RAW if raw in text_of(answer)]
    assert found == []
    assert seen > 40


def test_json_is_no_page(stage: Stage, poison: Case):
    answer = stage.browser("clerk").get(f"/{SITE}/unit/profile/superiors/", {"q": "单位"})
    organizing.create_unit(site=SITE, kind=UnitKind.UNIT, name=f"单位{XSS}", region="640104", by=SETUP)
    found = stage.browser("clerk").get(f"/{SITE}/unit/profile/superiors/", {"q": "单位"})
    assert answer.headers["Content-Type"] == "application/json"
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert [entry["name"] for entry in json.loads(found.content)["entries"]] == [f"单位{XSS}"]


def cells(answer: HttpResponse) -> str:
    """The sheets and shared texts of a workbook as they are written."""
    book = zipfile.ZipFile(BytesIO(b"".join(answer) if answer.streaming else answer.content))
    return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


FORMULAS = ('=HYPERLINK("http://e.example","点")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1", "=cmd|'/C calc'!A0")


def test_a_formula_in_a_name_is_text_in_every_workbook(stage: Stage):
    case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    describe(stage.world)
    for formula in FORMULAS:
        Person.objects.filter(pk=stage.world.lin.pk).update(name=formula)
        Unit.objects.filter(pk=case.unit_id).update(name=formula)
        for who, path in (("county", "work/export/?tab=waiting"), ("clerk", "unit/export/?tab=reviewing")):
            written = cells(stage.browser(who).post(f"/{SITE}/{path}"))
            assert "<sheetData>" in written
            assert not any(part in written for part in ("<f>", "<f ", "<hyperlink "))


def test_a_failed_row_comes_back_as_text(stage: Stage):
    rows = documents.write_sheet(
        [Column("姓名"), Column("证件号码"), Column("单位")], [[FORMULAS[0], "x", FORMULAS[1]]]
    )
    report = people.import_persons(rows, site=SITE, by=SETUP)
    assert report.failures is not None
    assert "<f>" not in cells(HttpResponse(report.failures))
    assert sheets.read_rows(report.failures, header=["姓名"])[0].values["姓名"] == FORMULAS[0]


def test_papers_print_what_was_typed_and_run_nothing(stage: Stage):
    """Typst source, markup and file paths in every text come out as letters."""
    case = made.open_case(stage.world.lin, stage.lin)
    poisoned(case, stage.lin, text=TYPST)
    answer = stage.browser("lin").get(f"/{SITE}/cases/{case.number}/print/")
    assert answer.status_code == 200
    document = pypdfium2.PdfDocument(answer.content)
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert "#read(" in text
    assert "root:" not in text
    assert b"/JavaScript" not in answer.content
    assert b"/Launch" not in answer.content


def test_files_come_back_under_a_harmless_name(stage: Stage):
    case = made.complete_case(stage.world.lin, stage.lin)
    slot = cases.form_of(case).slots[0]
    for name in ('a".html', "x\r\nSet-Cookie: a=b.jpg", "../../etc/passwd", "\u202egpj.exe", "C:\\x\\y.svg", "n" * 400):
        file = actions.attach(
            case=case, section=slot.section, record=slot.record, data=made.picture(9), name=name, by=stage.lin
        )
        for query in ("", "?download"):
            answer = stage.browser("lin").get(f"/{SITE}/cases/{case.number}/attachments/{file.pk}/{query}")
            told = answer.headers["Content-Disposition"]
            assert answer.headers["Content-Type"] == "image/jpeg"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert "\n" not in told
            assert told.partition("=")[2].count(".jpg") == 1
            assert not any(bad in told.lower() for bad in ("html", ".exe", ".svg", "..", "%2f", "\u202e", "%e2%80%ae"))
        actions.detach(case=case, attachment=file.pk, by=stage.lin)
