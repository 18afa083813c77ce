"""The words for affairs of accounts and units: several sites, unit subjects, chosen units, seats that answers name.

Each right once, and each wrong with its file and line.
"""

import pytest

from bole.definitions import catalogue, queries
from bole.definitions.compare import compare
from bole.definitions.terms import SeatKind, SubjectKind, UnitSource
from bole.kernel.errors import Absent
from bole.organizations.terms import UnitKind
from tests.definitions.affairs import FILES, KNOWN, ROUTE, SERVICE, problems_of, write


@pytest.fixture
def service(tmp_path):
    return catalogue.load(write(tmp_path)).services["jilin", "superior"]


def test_one_file_serves_several_sites_each_with_its_own_hash(tmp_path):
    assert problems_of(tmp_path) == []
    found = catalogue.load(tmp_path).services
    assert set(found) == {("ningxia", "superior"), ("jilin", "superior")}
    one, other = found["ningxia", "superior"], found["jilin", "superior"]
    assert one.body() == {**other.body(), "site": "ningxia"}
    assert one.hash != other.hash
    assert type(one).model_validate(one.body()) == one


def test_what_was_said_is_understood(service):
    assert (service.category, service.desk, service.form_name) == ("法人基础业务", "审核上级绑定", "归口申请表")
    assert (service.subject, service.unit, service.filed_by) == (SubjectKind.UNIT, UnitSource.OWN, "administrator")
    former, coming = service.route.steps
    assert (former.overseen, coming.overseen) == (True, False)
    assert (coming.seat.kind, coming.seat.field) == (SeatKind.ANSWER, "target.unit")
    assert [field.field for _, field in service.compared] == ["unit", "since", "phone"]


def test_what_was_not_said_is_usual(tmp_path):
    text = SERVICE.replace("category: 法人基础业务\ndesk_name: 审核上级绑定\nform_name: 归口申请表\n", "")
    service = catalogue.load(write(tmp_path, service=(SERVICE, text))).services["jilin", "superior"]
    assert (service.category, service.desk, service.form_name) == ("业务申报", "绑定上级单位", "申报表")
    assert "category" not in service.body()


def test_a_site_may_have_a_shared_route_of_its_own(tmp_path):
    write(tmp_path)
    own = tmp_path / "jilin/routes/ask-both.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(ROUTE.replace("name: 原上级审核", "name: 原归口单位审核"), encoding="utf-8")
    found = catalogue.load(tmp_path).services
    assert found["jilin", "superior"].route.steps[0].name == "原归口单位审核"
    assert found["ningxia", "superior"].route.steps[0].name == "原上级审核"


def test_a_site_uses_a_shared_route_in_a_service_of_its_own(tmp_path):
    write(tmp_path)
    own = tmp_path / "guizhou/services/superior.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(SERVICE.replace("sites: [ningxia, jilin]", "site: guizhou"), encoding="utf-8")
    assert ("guizhou", "superior") in catalogue.load(tmp_path).services


def test_a_service_of_a_site_and_a_shared_one_do_not_share_a_name(tmp_path):
    write(tmp_path)
    own = tmp_path / "ningxia/services/superior.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(SERVICE.replace("sites: [ningxia, jilin]", "site: ningxia"), encoding="utf-8")
    found = [str(each) for each in catalogue.problems(tmp_path, KNOWN)]
    assert f"{FILES['service']}:2: 站点「ningxia」已有事项「superior」：ningxia/services/superior.yaml" in found


def test_a_printed_paper_is_the_sites_own_or_the_shared_one(tmp_path, monkeypatch):
    write(tmp_path, service=("route: ask-both", "route: ask-both\noutputs:\n  - {print: form, name: 申请表}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "_directory", [tmp_path])
        assert "没有打印模板 jilin/print/form.typ" in "".join(map(str, catalogue.problems(tmp_path, KNOWN)))
        with pytest.raises(Absent):
            queries.print_template("jilin", "form")
        for folder in ("shared", "jilin"):
            (tmp_path / folder / "print").mkdir(parents=True)
            (tmp_path / folder / "print/form.typ").write_text("", encoding="utf-8")
            assert queries.print_template("jilin", "form").parent.parent.name == folder
        assert [str(each) for each in catalogue.problems(tmp_path, KNOWN)] == []


SITES = "sites: [ningxia, jilin]"
PERSON = "subject: person\nopened_by: "
UNIT = "subject: unit\nopened_by: [unit]\n"
TARGET = "type: unit, lookup: invented, required: true"
WRONG = [
    ("service", SITES, "sites: []", 2, "要用 sites 列出办理这个事项的站点，例如 [ningxia, jilin]"),
    ("service", SITES, "sites: ningxia", 2, "要用 sites 列出办理这个事项的站点，例如 [ningxia, jilin]"),
    ("service", SITES, "sites: [ningxia, 1]", 2, "要用 sites 列出办理这个事项的站点，例如 [ningxia, jilin]"),
    ("service", SITES + "\n", "", 1, "要用 sites 列出办理这个事项的站点，例如 [ningxia, jilin]"),
    ("service", SITES, "site: ningxia", 2, "几个站点合用的事项不写 site，用 sites 列出站点"),
    ("service", SITES, "sites: [ningxia, ningxia]", 2, "sites 里同一个站点写了两次"),
    ("service", SITES, "sites: [ningxai, jilin]", 2, "没有站点「ningxai」"),
    ("service", "route: ask-both", "route: ask-all", 25, "没有流程「ask-all」，现有：ask-both"),
    (
        "service",
        "subject: unit\n",
        "subject: unit\nunit: chosen\nchosen_kinds: [unit]\n",
        10,
        "以单位为对象的事项办的是本单位，不能写 chosen",
    ),
    ("service", "[unit]\nfiled", "[subject, unit]\nfiled", 10, "以单位为对象的事项由单位填报，opened_by 应写作 [unit]"),
    ("service", "subject: unit\n", "subject: unit\nunit: others\n", 10, "「unit」只能是 own、chosen，现在是「others」"),
    (
        "service",
        UNIT,
        PERSON + "[subject]\nunit: chosen\n",
        11,
        "要用 chosen_kinds 写明可以选哪几类单位：authority、department、unit、base",
    ),
    ("service", UNIT, PERSON + "[subject]\nchosen_kinds: [unit]\n", 11, "没有写 unit: chosen，chosen_kinds 不起作用"),
    (
        "service",
        UNIT,
        PERSON + "[subject]\nunit: chosen\nchosen_kinds: [school]\n",
        12,
        "「chosen_kinds」只能是 unit、authority、department、base，现在是「school」",
    ),
    (
        "service",
        UNIT,
        PERSON + "[subject, unit]\nunit: chosen\nchosen_kinds: [unit]\n",
        11,
        "填报时选择单位的事项由本人办理，opened_by 应写作 [subject]",
    ),
    ("service", "filed_by: administrator", "filed_by: boss", 11, "没有角色「boss」"),
    ("service", "lookup: invented", "lookup: inventde", 21, "没有单位查找「inventde」，可用的是 invented"),
    ("service", "type: unit, lookup: invented", "type: unit", 21, "类型 unit 要写明 lookup"),
    ("service", "max: 50", "lookup: invented", 24, "类型 text 用不上 lookup"),
    ("service", "was: unit.superior_id", "was: unit.boss", 21, "没有「unit.boss」这项事实"),
    ("service", "was: unit.details.since", "was: unit.details.", 22, "没有「unit.details.」这项事实"),
    (
        "service",
        "was: unit.superior_id",
        "was: person.name",
        21,
        "以单位为对象的事项没有申报人，不能引用「person.name」",
    ),
    ("service", "max: 50", "fixed: person.name", 24, "以单位为对象的事项没有申报人，不能引用「person.name」"),
    ("service", "max: 50", "show: person.sex == null", 24, "以单位为对象的事项没有申报人，不能引用「person.sex」"),
    (
        "service",
        "was: unit.superior_id",
        "was: unit.superior_id, fixed: unit.name",
        21,
        "要修改的栏目（was）不能再有 fixed 或 default",
    ),
    ("service", "    required: true\n    fields", "    many: {max: 2}\n    fields", 21, "多条栏目里的字段不能写 was"),
    ("service", "type: date, was", "type: photo, was", 22, "图片字段不能写 was"),
    ("service", TARGET, "type: unit, lookup: invented", 15, "席位引用的「上级单位」应为必填、始终显示"),
    ("service", TARGET, TARGET + ", show: reason == null", 15, "席位引用的「上级单位」应为必填、始终显示"),
    (
        "service",
        "{field: unit, name: 上级单位, type: unit, lookup: invented",
        "{field: unit, name: 上级单位, type: text",
        15,
        "席位引用的「上级单位」应为 unit 类型或以单位为值的目录字段，现在是 text",
    ),
    ("service", "{field: unit,", "{field: units,", 15, "席位引用的「target.unit」不存在"),
    ("route", "seat: {kind: answer, field: target.unit}", "seat: answer", 13, "席位 answer 要写明 field"),
    ("route", "field: target.unit", "field: target", 13, "「field」的写法不对：target（应符合"),
    ("route", "overseen: true", "overseen: 是的", 10, "「overseen」应为true、false 或条件，现在是「是的」"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "say"), WRONG, ids=[case[4][:24] for case in WRONG])
def test_each_wrong_use_is_told_at_its_place(tmp_path, file, old, new, line, say):
    found = problems_of(tmp_path, **{file: (old, new)})
    where = FILES["route"] if line == 15 else FILES[file]  # a seat stands in its route
    assert any(each.startswith(f"{where}:") and say in each for each in found), found
    if line != 15:
        assert any(each.startswith(f"{where}:{line}: ") and say in each for each in found), found


def test_many_problems_are_told_at_once(tmp_path):
    found = problems_of(tmp_path, service=("filed_by: administrator", "filed_by: boss\nchosen_kinds: [unit]"))
    assert {each.partition(": ")[2] for each in found} == {
        "没有角色「boss」",
        "没有写 unit: chosen，chosen_kinds 不起作用",
    }


def test_a_unit_never_decides_alone_on_what_it_files(tmp_path):
    own = "seat: subject_unit\n    role: registrar\n    skip_when: unit.superior_id == null"
    route = ROUTE.replace("seat: superior\n    role: registrar\n    skip_when: unit.superior_id == null", own)
    found = problems_of(tmp_path, route=(ROUTE, route))
    assert any("本单位的申报不能由本单位审核，环节「原上级审核」" in each for each in found)
    alone = ROUTE[: ROUTE.index("  - step: coming")].replace("seat: superior", "seat: subject_unit")
    person = SERVICE.replace("subject: unit", "subject: person").replace("[former, coming]", "former")
    found = problems_of(tmp_path, route=(ROUTE, alone), service=(SERVICE, person))
    assert any("单位填报的只由本单位审核，等于自己批准自己" in each for each in found)


def test_the_unit_that_somebody_wants_to_join_may_decide_alone(tmp_path):
    alone = ROUTE[: ROUTE.index("  - step: coming")].replace("seat: superior", "seat: subject_unit")
    alone = alone.replace("    skip_when: unit.superior_id == null\n", "")
    person = SERVICE.replace(UNIT, PERSON + "[subject]\nunit: chosen\nchosen_kinds: [unit, base]\n")
    person = person.replace("[former, coming]", "former")
    assert problems_of(tmp_path, route=(ROUTE, alone), service=(SERVICE, person)) == []
    service = catalogue.load(tmp_path).services["jilin", "superior"]
    assert service.chosen_kinds == (UnitKind.UNIT, UnitKind.BASE)


def test_changes_between_versions_are_told_in_words(service):
    other = service.model_copy(update={"filed_by": "registrar", "category": "业务申报"})
    assert compare(service, other) == [
        "事项类别由「法人基础业务」改为「业务申报」",
        "单位填报角色由「administrator」改为「registrar」",
    ]
