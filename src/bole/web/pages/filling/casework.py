"""What every filling page shows around its content: the case, its progress bar, its rail of sections."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bole.cases import actions as case_actions
from bole.cases import queries as cases
from bole.cases.models import Case, Draft
from bole.cases.terms import FilledForm, Status
from bole.definitions.faces.form import fields_html
from bole.definitions.terms import Opener, Section, SectionKind, SectionState, Service
from bole.kernel.actors import Way
from bole.kernel.errors import Absent, Fault
from bole.review import queries as review
from bole.web.requests import PageRequest
from bole.web.shapes import Stage, stages

_LONG_TEXT = "long-text"


@dataclass(frozen=True)
class RailItem:
    """One section in the rail and in the overview; `place` counts from 1."""

    code: str
    name: str
    group: str
    url: str
    state: SectionState
    note: str
    place: int
    required: bool
    open: bool
    current: bool
    faulty: bool

    @property
    def done(self) -> bool:
        """Nothing left to do here."""
        return self.state in (SectionState.VALID, SectionState.NONE)


@dataclass(frozen=True)
class Unsaved:
    """A record that somebody was typing and has not saved."""

    section: str
    name: str
    url: str
    at: Any


class CasePage:
    """The case behind a request with its definition and filled form, fetched once."""

    def __init__(self, request: PageRequest, number: str) -> None:
        self.request = request
        self.by = request.actor
        self.case: Case = review.case_visible(number, self.by)
        if self.case.site != request.here.code:
            raise Absent
        self.service: Service = cases.service_of(self.case)

    @cached_property
    def form(self) -> FilledForm:
        """The filled form, cleaned once per request; others than its owner see what was handed in last."""
        return cases.form_of(self.case, self.service, submitted=not self.owned)

    @cached_property
    def owned(self) -> bool:
        """Whether the visitor is the person concerned, or of the unit that fills the case in."""
        own = cases.is_subject(self.by, self.case)
        return own or self.case.round == 0 or bool(cases.may_hand_in(self.by, self.case))

    @property
    def masked(self) -> bool:
        """Whether sensitive values are hidden: from others, and on a device that goes on without a password (NX-02)."""
        return not self.owned or not self.by.assured

    @cached_property
    def fillable(self) -> bool:
        """Whether the visitor may type into this case at all."""
        return bool(cases.may_fill(self.by, self.case))

    @cached_property
    def _needed(self) -> frozenset[str]:
        return cases.needed_sections(self.case, self.form)

    def is_open(self, code: str) -> bool:
        """Whether the visitor may type into this section."""
        return self.fillable and bool(cases.may_edit_section(self.by, self.case, code, needed=self._needed))

    def demand_open(self, code: str) -> None:
        """Raise Refused with the reason unless the section is open."""
        cases.may_edit_section(self.by, self.case, code, needed=self._needed).demand()

    def files_open(self, code: str) -> bool:
        """Whether the visitor may change the files of this section."""
        if not self.fillable:
            return False
        return bool(cases.may_change_files(self.by, self.case, code, self.service, needed=self._needed))

    def demand_files_open(self, code: str) -> None:
        """Raise Refused with the reason unless the files of this section may be changed."""
        cases.may_change_files(self.by, self.case, code, self.service, needed=self._needed).demand()

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
        for place, section in enumerate(self.service.sections, 1):
            state = self.form.sections[section.section].state
            items.append(
                RailItem(
                    code=section.section,
                    name=section.name,
                    group=self.service.group_of(section.section),
                    url=self.section_url(section.section),
                    state=state,
                    note=self._note(section, state),
                    place=place,
                    required=section.required is not False,
                    open=self.is_open(section.section) or section.kind is SectionKind.EVIDENCE,
                    current=section.section == current,
                    faulty=self.case.status == Status.RETURNED and section.section in faulty,
                )
            )
        return items

    def _note(self, section: Section, state: SectionState) -> str:
        """What a list says of a section: how much is in it and what it lacks."""
        form = self.form.sections[section.section]
        if state is SectionState.NONE:
            return "已声明无此项"
        if section.kind is SectionKind.EVIDENCE:
            return _told(f"{len(self.form.slots)} 项", self._unproved()) if self.form.slots else "填写记录后在这里上传"
        if state is SectionState.EMPTY:
            return "尚未填写"
        wrong, unproved = len(form.faults), self._unproved(section.section)
        if isinstance(form.typed, list):
            return _told(f"{len(form.typed)} 条", unproved, wrong)
        return _told(self._filled(section), unproved, wrong)

    def _unproved(self, code: str = "") -> int:
        """How many lines of evidence (of a section) are not answered."""
        lines = (slot for slot in self.form.slots if not code or slot.section == code)
        return sum(1 for slot in lines if slot.required and not slot.answered)

    def _filled(self, section: Section) -> str:
        values = self.form.sections[section.section].values
        fields = section.fields
        if len(fields) == 1 and fields[0].type == _LONG_TEXT:
            return f"已填 {len(values.get(fields[0].field, ''))} 字"
        blank = sum(1 for field in fields if field.required is False and not field.show and field.field not in values)
        return f"已填写，{blank} 项选填未填" if blank else "已填写"

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
        """The template context of a page of this case. Opened by others than the person, it is a look on record."""
        if self.request.method == "GET" or not self.owned:
            case_actions.look(case=self.case, by=self.by)
        last = review.last_return(self.case) if self.case.status in (Status.RETURNED, Status.TERMINATED) else None
        rail = self.rail(current)
        return {
            "page": self,
            "case": self.case,
            "service": self.service,
            "rail": rail,
            "place": next((item.place for item in rail if item.current), 0),
            "stages": self.stages(),
            "returned": last,
            "editable": self.fillable,
            "checking": self.fillable and self.case.opener == Opener.UNIT and self.by.way is Way.PERSON,
            "saved_at": self.case.changed_at if self.fillable else None,
            "done_count": sum(1 for item in rail if item.done),
            "missing": self.form.missing,
            **more,
        }

    def unsaved(self) -> list[Unsaved]:
        """Records that this visitor was typing and has not saved; shown wherever the form is handed in."""
        if not self.fillable:
            return []
        return [
            Unsaved(draft.section, self.service.by_code[draft.section].name, self.record_url(draft), draft.changed_at)
            for draft in cases.drafts_of(self.case, self.by)
            if draft.section in self.service.by_code
        ]

    def record_url(self, draft: Draft) -> str:
        """Where an unsaved record goes on."""
        if draft.record:
            return self.url("record", draft.section, draft.record)
        return self.url("record-new", draft.section)

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
        return f"{self.section_url(section)}?check#f-{at}" if at else self.section_url(section)


def _told(much: str, unproved: int = 0, wrong: int = 0) -> str:
    lacks = [f"{unproved} 项缺附件"] * bool(unproved) + [f"{wrong} 处需要处理"] * bool(wrong)
    return "，".join([much, *lacks])
