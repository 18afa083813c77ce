"""「批量打印」: the papers of chosen cases as one bundle, made in the background as exports are."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bole.audit import actions as audit
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.documents import actions as documents
from bole.documents.actions import Bundle
from bole.documents.terms import Column, PrintFailed
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Moved, Refused
from bole.kernel.sealing import Unsealable
from bole.organizations.terms import Capacity
from bole.review import actions as review
from bole.review import queries
from bole.review.terms import AuditWord
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.account_review.area import ACCOUNTS
from bole.web.pages.work.choosing import keep_chosen, ticked
from bole.web.pages.work.desks import BUSINESS, held_for
from bole.web.requests import PageRequest

LIST = "papers"
MOST = 1_000  # papers of one bundle: some hundred megabytes
_LONGEST = 200  # signs of a paper's name
_HEADER = ("受理编号", "姓名", "事项", "文件", "情况")


class Papers:
    """Cases whose papers are wanted, in the order chosen: those of one name, or all. The last file of the bundle lists
    what became of each."""

    slice = 1

    def __init__(self, seen: QuerySet[Case], numbers: Sequence[str], base: str, by: Actor, paper: str = "") -> None:
        self.seen, self.numbers, self.base, self.by, self.paper = seen, numbers, base, by, paper
        self.told: list[tuple[str, ...]] = []

    def keys(self) -> list[UUID]:
        """The cases' keys, as they were chosen."""
        found = dict(self.seen.filter(number__in=self.numbers).values_list("number", "pk"))
        return [found[number] for number in self.numbers if number in found]

    def read(self, ids: Sequence[UUID]) -> list[tuple[str, bytes]]:
        """Their papers, as (name, PDF)."""
        found = {case.pk: case for case in self.seen.filter(pk__in=ids).select_related("person", "unit__parent")}
        return [file for id in ids if id in found for file in self._papers(found[id])]

    def _papers(self, case: Case) -> list[tuple[str, bytes]]:
        """The paper that is wanted of a case, or each of its papers."""
        service = cases.service_of(case)
        whose = case.person.name if case.person is not None else case.unit.name
        wanted = [output for output in service.outputs if self.paper in ("", output.name)]
        if not wanted:
            said = f"这项业务没有「{self.paper}」" if service.outputs else "这项业务没有打印件"
            self.told.append((case.number, whose, service.name, "", said))
            return []
        form = cases.form_of(case, service, submitted=case.round > 0)
        made = []
        for output in wanted:
            ending = f"-{output.name}" if len(service.outputs) > 1 else ""
            file, said = f"{case.number}-{whose}{ending}.pdf", "已生成"
            try:
                paper = review.print_paper(
                    case=case, service=service, form=form, output=output, base=self.base, by=self.by
                )
                made.append((file, paper))
            except Moved as moved:
                file, said = "", moved.sentence
            except PrintFailed:
                file, said = "", "打印模板有误，没有生成。请联系系统管理员。"
            except (FileNotFoundError, Unsealable):
                file, said = "", "出具时留存的文件读不出来。请联系系统管理员。"
            self.told.append((case.number, whose, service.name, file, said))
        return made

    def stream(self, name: str, into: documents.Making) -> Bundle:
        """What the papers are put into."""
        return Bundle(into)

    def closing(self) -> list[tuple[str, bytes]]:
        """The list of what is in the bundle, and of what is not, with the reason."""
        return [("清单.xlsx", documents.write_sheet([Column(head, 24) for head in _HEADER], self.told, name="清单"))]


def papers_again(by: Actor, held: Capacity | None, asked: Mapping[str, Any]) -> Papers:
    """The papers that somebody asked for before. Raises Refused for who may not see one of the cases any more."""
    numbers = [str(number) for number in asked.get("cases", ())]
    seen = queries.visible_cases(by)
    if held is None or seen.filter(number__in=numbers).count() < len(numbers):
        raise Refused("其中有申报您已没有权限查看，打印件没有生成。请回到清单重新选择。")
    return Papers(seen, numbers, str(asked.get("base", "")), by, str(asked.get("paper", "")))


@for_units
@require_POST
def print_chosen(request: PageRequest) -> HttpResponse:
    """Have the papers of the chosen cases made; what cannot be seen was not sent by the list. Raises Refused for who
    does not hold the role that opens the list, Invalid, TooMany."""
    held_for(request.capacity, ACCOUNTS if request.POST.get("list") == ACCOUNTS.key else BUSINESS)
    name = request.POST.get("from", "")
    chosen = list(ticked(request, name))
    if not chosen:
        raise Invalid.at("cases", "请先在清单里勾选要打印的申报。")
    if len(chosen) > MOST:
        raise Invalid.at("cases", f"一次最多打印{MOST:,}份，现在选了{len(chosen):,}份，请分几次打印。")
    seen = set(queries.visible_cases(request.actor).filter(number__in=chosen).values_list("number", flat=True))
    numbers = [number for number in chosen if number in seen]
    base, paper = request.build_absolute_uri("/").rstrip("/"), request.POST.get("paper", "").strip()[:_LONGEST]
    review.ask_export(
        list=LIST, name=f"批量打印{paper}", asked={"cases": numbers, "base": base, "paper": paper},
        total=len(numbers), by=request.actor,
    )  # fmt: skip
    audit.record(
        AuditWord.EXPORTED,
        by=request.actor,
        kind="list",
        id=LIST,
        unit=request.actor.unit,
        detail={"rows": len(numbers)},
    )
    keep_chosen(request, "", {})
    say(request, f"正在生成 {len(numbers)} 件申报的打印件，完成后在这里和消息里都能下载。")
    return redirect("work-exports", request.here.code)
