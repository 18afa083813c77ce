"""What every filling page shows around its content: the case, its progress bar, its rail of sections."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import EDITABLE, FilledForm, Status
from bole.definitions.faces.form import fields_html
from bole.definitions.terms import Section, SectionKind, SectionState, Service
from bole.kernel.errors import Absent, Fault
from bole.review import queries as review
from bole.web.requests import PageRequest
from bole.web.shapes import Stage, stages


@dataclass(frozen=True)
class RailItem:
    """One section in the rail and in the overview."""

    code: str
    name: str
    group: str
    url: str
    state: SectionState
    note: str
    required: bool
    open: bool
    current: bool
    faulty: bool

    @property
    def done(self) -> bool:
        """Nothing left to do here."""
        return self.state in (SectionState.VALID, SectionState.NONE)


class CasePage:
    """The case behind a request with its definition and filled form, fetched once."""

    def __init__(self, request: PageRequest, number: str) -> None:
        self.request = request
        self.by = request.actor
        self.case: Case = review.case_visible(number, self.by)
        if self.case.site != request.here.code:
            raise Absent
        self.service: Service = cases.service_of(self.case)
        self._form: FilledForm | None = None

    @property
    def form(self) -> FilledForm:
        """The filled form, cleaned once per request."""
        if self._form is None:
            self._form = cases.form_of(self.case, self.service)
        return self._form

    def fields(self, code: str, typed: Any, faults: Iterable[Fault] = ()) -> SafeString:
        """The controls of a section or record; the face knows symbols by name, the pages know their one cached file."""
        html = fields_html(self.service, code, typed, faults=faults, context=self.form.context)
        # safe: every slot is escaped by the face, so a quote before #i- is never somebody's text
        return mark_safe(html.replace('href="#i-', f'href="{static("bole/icons.svg")}#i-'))  # noqa: S308

    def url(self, name: str, *args: Any) -> str:
        """The address of a page of this case."""
        return reverse(f"{name}", args=[self.case.site, self.case.number, *args])

    def section(self, code: str) -> Section:
        """The section with this code. Raises Absent for a forged one."""
        section = self.service.by_code.get(code)
        if section is None:
            raise Absent
        return section

    def section_url(self, code: str) -> str:
        """Where a section is filled; the gathering of evidence has a page of its own."""
        if self.service.by_code[code].kind is SectionKind.EVIDENCE:
            return self.url("evidence")
        return self.url("section", code)

    def rail(self, current: str = "") -> list[RailItem]:
        """Every section in order with its state."""
        faulty = {fault["section"] for fault in self.case.faults or []}
        items = []
        for section in self.service.sections:
            state = self.form.sections[section.section].state
            items.append(
                RailItem(
                    code=section.section,
                    name=section.name,
                    group=self.service.group_of(section.section),
                    url=self.section_url(section.section),
                    state=state,
                    note=self._note(section, state),
                    required=section.required is not False,
                    open=bool(cases.may_edit_section(self.by, self.case, section.section)),
                    current=section.section == current,
                    faulty=self.case.status == Status.RETURNED and section.section in faulty,
                )
            )
        return items

    def _note(self, section: Section, state: SectionState) -> str:
        form = self.form.sections[section.section]
        if state is SectionState.NONE:
            return "已声明无此项"
        if section.kind is SectionKind.EVIDENCE:
            lacking = sum(1 for slot in self.form.slots if slot.required and not slot.answered)
            total = len(self.form.slots)
            return f"{total} 项" + (f"，还缺 {lacking} 项" if lacking else "") if total else "填写记录后在这里上传"
        if state is SectionState.EMPTY:
            return "尚未填写"
        faults = len(form.faults)
        if isinstance(form.typed, list):
            return f"{len(form.typed)} 条" + (f"，{faults} 处需要处理" if faults else "")
        return f"{faults} 处需要处理" if faults else "已填写"

    def stages(self) -> tuple[Stage, ...]:
        """「未上报 → 待单位确认 → 待审核 → 审核通过」 as the definition declares it, with a return marked."""
        place = {
            Status.DRAFT: "draft",
            Status.RETURNED: "draft",
            Status.CANCELLED: "draft",
            Status.COMPLETED: "completed",
        }.get(Status(self.case.status), self.case.step)
        if self.case.status == Status.TERMINATED:
            last = review.last_return(self.case)
            place = last.step if last is not None else "draft"
        progress = self.service.progress
        now = next((index for index, stage in enumerate(progress) if place in stage.at), 0)
        if self.case.status == Status.COMPLETED:
            now = len(progress)
        returned = self.case.status in (Status.RETURNED, Status.TERMINATED)
        return stages([stage.name for stage in progress], now, returned=returned)

    def shell(self, current: str = "", **more: Any) -> dict[str, Any]:
        """The template context of a page of this case."""
        last = review.last_return(self.case) if self.case.status in (Status.RETURNED, Status.TERMINATED) else None
        rail = self.rail(current)
        return {
            "page": self,
            "case": self.case,
            "service": self.service,
            "rail": rail,
            "stages": self.stages(),
            "returned": last,
            "editable": self.case.status in EDITABLE and bool(cases.may_fill(self.by, self.case)),
            "done_count": sum(1 for item in rail if item.done),
            "missing": self.form.missing,
            **more,
        }

    def missing_links(self) -> list[tuple[str, str]]:
        """Everything to be done before submitting, as (words, address)."""
        links = []
        for item in self.form.missing:
            if self.service.by_code[item.section].kind is SectionKind.EVIDENCE or item.at.startswith(
                item.section + ":"
            ):
                address = f"{self.url('evidence')}#slot-{item.at.replace(':', '-')}"
            else:
                address = self.place_url(item.section, item.at)
            links.append((f"{item.name}：{item.say}", address))
        return links

    def place_url(self, section: str, at: str) -> str:
        """The address of a field: of a single section by anchor, of a record by its own page."""
        record, dot, field = at.partition(".")
        if self.service.by_code[section].many is not None:
            if dot:
                return f"{self.url('record', section, record)}#f-{field}"
            return self.section_url(section)
        return f"{self.section_url(section)}#f-{at}" if at else self.section_url(section)
