"""Acts one word of a case's script through the rooms' own actions, as the one whose turn it is."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases import queries
from bole.cases.models import Case
from bole.cases.terms import Confirmation, Purpose, Typed
from bole.definitions.terms import APPLICANT, Service, Verdict
from bole.kernel.actors import Actor
from bole.organizations.terms import Role
from bole.project.demo_data.careers import answers
from bole.project.demo_data.chance import chance
from bole.project.demo_data.papers import Papers
from bole.project.demo_data.plots import Course
from bole.project.demo_data.stage import Stage
from bole.review import actions as review
from bole.review.terms import Faulty

_FIRST = ("basic", "work")
_LATE = "上次退回后改得不完整，仍有问题"
_GAP = "原件在迁移档案时遗失，正在向原发证机构申请补办。"
_GAPS = 0.1  # of the evidence that may be explained instead
# What a reviewer says of a section, and what of it the person then mends.
_FAULTS: dict[str, str] = {
    "basic": "「专业特长」请按现从事专业填写，不要写爱好。",
    "work": "工作经历中现单位的岗位职责过于简单，请写明具体工作内容。",
    "education": "学历证书图片不清晰，请重新上传原件照片。",
}
_ENDS = (
    "所持资格证书的级别未达到本次采集范围。",
    "经核实，已调离本单位，不在本次采集范围。",
    "专业技术职称未达到副高级，不符合采集条件。",
)
_LOWERED = "单位意见与证明材料不一致，请核实后重新提出审核意见。"


@dataclass
class Player:
    """Plays one course; keeps the case and what the person has to tell."""

    stage: Stage
    service: Service
    papers: Papers
    course: Course
    serial: int
    draw: Random = field(init=False)
    told: dict[str, Any] = field(init=False)
    case: Case | None = None
    by_unit: bool = False

    def __post_init__(self) -> None:
        """Draw what is particular to this case."""
        self.draw = chance(f"case/{self.course.person.number}/{self.course.plot.code}")
        self.told = answers(self.course.person)

    def act(self, word: str) -> None:
        """Do what the word says, now."""
        verb, _, where = word.partition(":")
        if verb in ("open", "open-unit"):
            self._open(by_unit=verb == "open-unit")
            return
        case = self._fresh()
        match verb:
            case "part":
                self._type(case, _FIRST)
            case "fill":
                self._type(case, tuple(self.told))
                self._prove(case)
            case "attest":
                cases.attest(case=case, way=Confirmation.LOG_IN, by=self.stage.as_self(self.course.person))
            case "code":
                cases.attest(case=case, way=Confirmation.CODE, by=self.typist)
            case "paper":
                scan = self.papers.scan
                cases.attest(case=case, way=Confirmation.PAPER, by=self.typist, data=scan, name="签字采集表.pdf")
            case "submit":
                review.submit_case(case=case, seen=case.revision, by=self.typist)
            case "withdraw":
                review.withdraw_case(case=case, seen=case.revision, by=self.typist)
            case "cancel":
                review.cancel_case(case=case, seen=case.revision, by=self.typist)
            case "mend":
                self._mend(case)
            case "begin":
                review.begin(case=case, by=self._desk(case))
            case "pass":
                self._decide(case, Verdict.APPROVE, self.draw.choice(("", "同意", "材料齐全，同意上报")))
            case "end":
                self._decide(case, Verdict.TERMINATE, self.draw.choice(_ENDS))
            case "back":
                self._send_back(case)
            case "lower":
                self._decide(case, Verdict.SEND_BACK, _LOWERED, target=where)

    @property
    def typist(self) -> Actor:
        """Who fills the form in: the person, or the unit's first clerk."""
        if not self.by_unit:
            return self.stage.as_self(self.course.person)
        return self.stage.holder(self.stage.units[self.course.person.unit].pk, Role.COLLECTION_ADMINISTRATOR)

    def _fresh(self) -> Case:
        assert self.case is not None  # noqa: S101  # every script begins with opening
        return Case.objects.get(pk=self.case.pk)

    def _open(self, *, by_unit: bool) -> None:
        self.by_unit = by_unit
        person = self.course.person
        self.case = bindings.open_case(
            service=self.service,
            person=self.stage.persons[person.number],
            unit=self.stage.units[person.unit],
            by=self.typist,
        )

    def _type(self, case: Case, sections: tuple[str, ...]) -> None:
        """Save the sections that do not stand there already, as the archive may have offered them."""
        standing = {row.section: row for row in case.answers.all()}
        for section in (name for name in sections if name in self.told):
            row = standing.get(section)
            if row is None or _plain(row.typed) != _plain(self.told[section]):
                seen = row.version if row is not None else 0
                cases.save_section(case=case, section=section, typed=self.told[section], seen=seen, by=self.typist)

    def _prove(self, case: Case) -> None:
        """Upload a paper for every line that needs one; a few are declared missing and explained."""
        for slot in queries.form_of(case, self.service).slots:
            if slot.answered or not (slot.required or self.serial % 6 == 0):
                continue
            if slot.section == "basic":
                data, name = self.papers.portrait(self.serial)
            else:
                data, name = self.papers.of(slot.section)
            purpose, place = (
                Purpose.EVIDENCE,
                {"section": slot.section, "record": slot.record, "category": slot.category},
            )
            if slot.required and self.draw.random() < _GAPS:
                cases.declare_gap(case=case, **place, reason=_GAP, by=self.typist)
                (data, name), purpose = self.papers.explanation(), Purpose.EXPLANATION
            cases.attach(case=case, **place, data=data, name=name, purpose=purpose, by=self.typist)

    def _desk(self, case: Case) -> Actor:
        """Whoever keeps the desk where the case lies and did not type it."""
        assert case.seat_unit_id is not None  # noqa: S101  # the script says that it lies at a desk
        role = Role.COLLECTION_ADMINISTRATOR if case.step == "unit" else Role.REVIEWER
        return self.stage.holder(case.seat_unit_id, role, self.serial)

    def _decide(
        self, case: Case, verdict: Verdict, opinion: str, *, faulty: tuple[Faulty, ...] = (), target: str = APPLICANT
    ) -> None:
        desk = self._desk(case)
        review.decide(
            case=case, step=case.step, seen=case.revision, verdict=verdict, opinion=opinion, faulty=faulty,
            target=target, late_reason=_LATE if faulty else "", by=desk,
        )  # fmt: skip

    def _send_back(self, case: Case) -> None:
        wrong = self.draw.sample(sorted(_FAULTS), self.draw.choice((1, 1, 2)))
        faulty = tuple(Faulty(section, _FAULTS[section]) for section in wrong)
        self._decide(case, Verdict.SEND_BACK, f"请修改后再次上报：{_FAULTS[wrong[0]]}", faulty=faulty)

    def _mend(self, case: Case) -> None:
        """Change what was marked."""
        for section in case.open_sections or ():
            if section == "education":
                slot = next(slot for slot in queries.form_of(case, self.service).slots if slot.section == section)
                data, name = self.papers.of(section)
                cases.attach(
                    case=case, section=section, record=slot.record, data=data, name=f"重拍{name}", by=self.typist
                )
                continue
            row = case.answers.get(section=section)
            typed = _mended(section, row.typed)
            cases.save_section(case=case, section=section, typed=typed, seen=row.version, by=self.typist)


def _mended(section: str, typed: Typed) -> Typed:
    if isinstance(typed, dict):
        return {**typed, "strengths": typed["specialty"]}
    *rest, last = typed
    return [*rest, {**last, "responsibility": f"{last['responsibility']}，并指导青年同事"[:50]}]


def _plain(typed: Typed) -> Any:
    """The same without keys of records, which differ when they come from the archive."""
    if isinstance(typed, dict):
        return typed
    return [{name: value for name, value in record.items() if name != "id"} for record in typed]
