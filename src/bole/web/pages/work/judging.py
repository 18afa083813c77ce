"""What a reviewer typed on the review page, kept as it was typed until it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from bole.definitions.terms import APPLICANT, Service, Verdict
from bole.kernel.errors import Invalid
from bole.review.terms import Faulty

_YES = "是"
_SAY_MOST = 200


@dataclass(frozen=True)
class Judged:
    """The panel and the marks under the sections. A section is faulty when either place says so."""

    verdict: str = ""
    opinion: str = ""
    target: str = APPLICANT
    marks: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)
    ticked: tuple[str, ...] = ()

    @classmethod
    def posted(cls, data: QueryDict, service: Service) -> "Judged":
        """What was posted; codes that the form does not have stay in `ticked`, for the action to refuse."""
        codes = [section.section for section in service.sections]
        return cls(
            verdict=data.get("verdict", ""),
            opinion=data.get("opinion", "").replace("\r\n", "\n"),
            target=data.get("target", APPLICANT),
            marks={code: data.get(f"mark-{code}", "") for code in codes},
            says={code: data.get(f"say-{code}", "").strip()[:_SAY_MOST] for code in codes},
            ticked=tuple(data.getlist("faulty")),
        )

    def is_faulty(self, code: str) -> bool:
        """Whether the section was marked, in its own foot or in 「问题模块」."""
        return code in self.ticked or self.marks.get(code) == _YES

    def faulty(self) -> tuple[Faulty, ...]:
        """Every marked section with what is wrong with it, in the order of the form; unknown codes last."""
        marked = [code for code in self.marks if self.is_faulty(code)]
        strange = [code for code in dict.fromkeys(self.ticked) if code not in self.marks]
        return tuple(Faulty(code, self.says.get(code, "")) for code in [*marked, *strange])

    def chosen(self) -> Verdict:
        """The verdict. Raises Invalid at "verdict" when none was chosen."""
        try:
            return Verdict(self.verdict)
        except ValueError:
            raise Invalid.at("verdict", "请选择审核结果。") from None
