"""What every filling page shows around its content: the case, its progress bar, its rail of sections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bole.cases import actions as case_actions
from bole.cases import queries as cases
from bole.cases.models import Attachment, Case, Draft
from bole.cases.terms import FilledForm, OpenPlaces, Status
from bole.definitions.faces.form import fields_html
from bole.definitions.terms import Opener, Origin, Section, SectionKind, SectionState, Service
from bole.kernel.actors import STAFF, Way
from bole.kernel.errors import Absent, Fault, Refused
from bole.organizations.terms import Role
from bole.review import queries as review
from bole.review.models import Movement
from bole.review.terms import Faulty
from bole.web.pages.filling.flow import copied, flow
from bole.web.pages.filling.returning import FaultLine, fault_lines
from bole.web.pages.spots import PlacedSpot, at_lines, placed
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
    waits: str = ""

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
        self.case: Case = review.case_visible(number, self.by, request.capacity)
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
    def subject(self) -> str:
        """Whose it is, by name: the person, or the unit that asks for itself."""
        return self.case.person.name if self.case.person is not None else self.case.unit.name

    @property
    def attests(self) -> bool:
        """Whether the person must stand by what the unit fills in."""
        return cases.needs_attestation(self.case)

    @cached_property
    def home(self) -> tuple[str, str]:
        """Where the visitor came from, as (address, words)."""
        if self.by.way not in STAFF:
            return reverse("me", args=[self.case.site]), "返回个人平台"
        if self.case.filed_by != Role.COLLECTION_ADMINISTRATOR:
            return reverse("unit-affairs", args=[self.case.site]), "返回单位业务"
        return reverse("unit-collection", args=[self.case.site]), "返回单位平台"

    @property
    def masked(self) -> bool:
        """Whether sensitive values are hidden: from others, and on a device that goes on without a password (NX-02)."""
        return not self.owned or not self.by.assured

    @cached_property
    def fillable(self) -> bool:
        """Whether the visitor may type into this case at all."""
        return bool(cases.may_fill(self.by, self.case))

    @cached_property
    def open(self) -> OpenPlaces:
        """Which places may be changed: after a return what was marked and what it could not be handed in without."""
        return cases.open_places(self.case, self.form, self.service) if self.fillable else OpenPlaces()

    def is_open(self, code: str) -> bool:
        """Whether the visitor may type anything into this section, be it one field of it."""
        return self.fillable and self.open.section(code)

    def demand_open(self, code: str, record: str | None = None) -> None:
        """Raise Refused with the reason unless something in the section is open; with `record`, in that record, which
        for a new one (an empty key) is the section as a whole."""
        needed = (code,) if self.open.section(code) else ()
        cases.may_edit_section(self.by, self.case, code, needed=needed).demand()
        if record is not None and not self.touches(code, record):
            what = "这条记录不能修改" if record else "不能新增记录"
            raise Refused(f"审核人只退回了有问题的内容，{what}。确需修改请申请开放其他模块，由退回的单位答复。")

    def touches(self, code: str, record: str) -> bool:
        """Whether anything in the record is open; for a new one, whether records may be added."""
        if not self.fillable:
            return False
        return self.open.touches(code, record) if record else self.open.whole(code)

    def closed(self, code: str, record: str = "") -> frozenset[str]:
        """The fields of a section or record that may not be changed while others of it may."""
        fields = self.service.by_code[code].fields
        if self.service.by_code[code].many is not None and not record:
            return frozenset()
        return frozenset(each.field for each in fields if not self.open.field(code, record, each.field))

    def kept(self, code: str, record: str, typed: dict[str, Any]) -> dict[str, Any]:
        """What was typed, with every closed field as it stands."""
        if not self.closed(code, record):
            return typed
        stands = self.form.sections[code].typed
        if isinstance(stands, list):
            stands = next((row for row in stands if row["id"] == record), {})
        return self.open.kept(code, record, stands, typed)

    def files_open(self, code: str, record: str = "") -> bool:
        """Whether the visitor may change the files of this record, or of a single section."""
        return self.fillable and self.open.evidence(code, record)

    def file(self, attachment: UUID) -> Attachment:
        """A file of the case; to others than its owner only what was handed in is there. Raises Absent."""
        return cases.attachment_in(self.case, attachment, handed_in=not self.owned)

    def files_only(self, code: str) -> bool:
        """Whether files of this section may be changed and nothing that is typed in it."""
        return self.fillable and not self.is_open(code) and self.open.any_evidence(code)

    def demand_files_open(self, code: str) -> None:
        """Raise Refused with the reason unless files of this section may be changed."""
        needed = (code,) if self.open.all_files or any(code == each for each, _ in self.open.files) else ()
        if not (self.fillable and self.open.section(code)):
            cases.may_change_files(self.by, self.case, code, self.service, needed=needed).demand()

    def fields(
        self, code: str, typed: Any, faults: Iterable[Fault] = (), record: str = "",
        origins: Mapping[str, Origin] | None = None,
    ) -> SafeString:  # fmt: skip
        """The controls of a section or record; the face knows symbols by name, the pages know their one cached file."""
        closed = self.closed(code, record)
        context = self.form.context
        html = fields_html(self.service, code, typed, faults=faults, context=context, closed=closed, origins=origins)
        html = html.replace('href="#i-', f'href="{static("bole/icons.svg")}#i-')
        html = html.replace('data-source="choices:', f'data-source="{self.url("section-choices", code, "-")[:-2]}')
        found = reverse("lookup", args=[self.case.site, "-"]).removesuffix("-/")
        # safe: every slot is escaped by the face, so a quote before these marks is never somebody's text
        return mark_safe(html.replace('data-source="lookup:', f'data-source="{found}'))  # noqa: S308  # escaped, as said above

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
                    waits=self.waits_for(section.section),
                )
            )
        return items

    def waits_for(self, code: str) -> str:
        """The section that must be filled before this one is begun; empty where nothing is waited for.

        What has content already never waits: nobody is kept from what they typed.
        """
        if self.form.sections[code].state is not SectionState.EMPTY or not self.fillable:
            return ""
        done = (SectionState.VALID, SectionState.NONE)
        waited = (each for each in self.service.before(code) if self.form.sections[each.section].state not in done)
        return next((each.section for each in waited), "")

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

    def shell(self, current: str = "", *, last_step: bool = False, **more: Any) -> dict[str, Any]:
        """The template context of a page of this case. Opened by others than the person, it is a look on record."""
        if self.request.method == "GET" or not self.owned:
            case_actions.look(case=self.case, by=self.by)
        last = self.returned
        rail = self.rail(current)
        return {
            "page": self,
            "case": self.case,
            "service": self.service,
            "rail": rail,
            "place": next((item.place for item in rail if item.current), 0),
            "stages": self.stages(),
            "flow": flow(self, current, last=last_step),
            "copied": copied(self, current),
            "returned": last,
            "fault_lines": self.fault_lines if last is not None else (),
            "spots": at_lines(self.spots),
            "spotted": frozenset(each.row.pk for each in self.spots),
            "resumed": self._resumed(last.resume) if last is not None and last.resume else "",
            "editable": self.fillable,
            "checking": self.fillable and self.case.opener == Opener.UNIT and self.by.way is Way.PERSON,
            "form_name": self.service.form_name,
            "saved_at": self.case.changed_at if self.fillable else None,
            "done_count": sum(1 for item in rail if item.done),
            "missing": self.form.missing,
            **more,
        }

    @cached_property
    def returned(self) -> Movement | None:
        """The return or ending that the case stands at."""
        return review.last_return(self.case) if self.case.status in (Status.RETURNED, Status.TERMINATED) else None

    @cached_property
    def spots(self) -> tuple[PlacedSpot, ...]:
        """What that return marked on pages of files; a query only where it marked something."""
        return placed(self.service, review.spots_of(self.case, self.returned, self.form))

    @cached_property
    def fault_lines(self) -> list[FaultLine]:
        """Every fault of the last return, at once (一次告知)."""
        return fault_lines(self.case, self.service, self.form, self.fault_url, mask=self.masked)

    def fault_url(self, fault: Faulty) -> str:
        """Where a marked place is changed; read, where it cannot be changed now. A file is looked at first."""
        section, record, field = fault.section, fault.record, fault.field
        if fault.file:
            return self.url("attachment-spots", fault.file) + (f"?page={fault.page}" if fault.page > 1 else "")
        if self.service.by_code[section].kind is SectionKind.EVIDENCE:
            return self.url("evidence")
        if (
            record
            and self.case.status == Status.RETURNED
            and self.touches(section, record)
            and self._stands(section, record)
        ):
            return self.url("record", section, record) + (f"#f-{field}" if field else "")
        anchor = f"#r-{record}" if record else f"#f-{field}" if field else ""
        return self.section_url(section) + anchor

    def _stands(self, section: str, record: str) -> bool:
        typed = self.form.sections[section].typed
        return isinstance(typed, list) and any(row["id"] == record for row in typed)

    def _resumed(self, step: str) -> str:
        """The name of the desk that the case comes straight back to."""
        return next((one.name for one in self.service.route.steps if one.step == step), "")

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
