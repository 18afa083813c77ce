"""The person's own pages: what is going on, declarations, services, archive, who looked, messages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import CLOSED, EDITABLE, OPEN, Status
from bole.definitions import queries as definitions
from bole.definitions.terms import Field, Opener, RecordKind, Service
from bole.kernel import clock
from bole.kernel.actors import Way
from bole.kernel.errors import Absent
from bole.notices import actions as notices
from bole.notices import queries as inbox
from bole.organizations import queries as sites
from bole.people import queries as people
from bole.people.terms import Entry
from bole.review import queries as review
from bole.review.models import Outcome
from bole.review.terms import Result
from bole.web.doors import assured, for_persons
from bole.web.flash import say
from bole.web.pages.cases import state_of
from bole.web.pages.exports import moment, workbooks
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest
from bole.web.states import ENDED

MOST_CASES = 200
MESSAGES = 50
RECENT = timedelta(days=30)
_ORDER = {Status.RETURNED: 0, Status.DRAFT: 1, Status.IN_REVIEW: 2, Status.COMPLETED: 3}


@dataclass(frozen=True)
class Declaration:
    """One declaration as the person's lists show it; `kind` is that of a state which the service names itself."""

    case: Case
    service: str
    state: str
    where: str
    why: str
    first: str
    renewable: bool = False
    waits: bool = False
    kind: str = ""

    @property
    def recallable(self) -> bool:
        """Whether 「撤回」 is worth offering: the first desk has not passed it on."""
        return self.case.step == self.first and self.case.opener == Opener.SUBJECT


def declarations(request: PageRequest) -> tuple[list[Declaration], list[Declaration]]:
    """「申报中的信息」 and 「已申报的信息」, newest change first. Two queries."""
    rows = cases.cases_of(request.actor).select_related("seat_unit").filter(site=request.here.code)[:MOST_CASES]
    found = list(rows)
    why = review.latest_opinions(case.pk for case in found if case.status in (Status.RETURNED, Status.TERMINATED))
    judged = [case.pk for case in found if case.status == Status.COMPLETED and cases.service_of(case).keeping]
    results = review.results_by_case(judged)
    shown = [_declaration(case, why.get(case.pk, ""), results.get(case.pk)) for case in found]
    return (
        [item for item in shown if _goes_on(item)],
        [item for item in shown if not _goes_on(item)],
    )


def _goes_on(item: Declaration) -> bool:
    """Whether it is not over: in somebody's hands, or waiting for what is decided outside the platform."""
    return item.case.status in OPEN or item.waits


def _declaration(case: Case, why: str, outcome: Outcome | None) -> Declaration:
    where = case.seat_unit.name if case.seat_unit is not None else "本人填写" if case.status in OPEN else ""
    if case.status == Status.RETURNED:
        where = "本人修改"
    if case.opener == Opener.UNIT and case.status in EDITABLE:
        where = f"{case.unit.name}代为填报"
    service = cases.service_of(case)
    state, waits, kind = state_of(case), False, ""
    if case.status == Status.COMPLETED and service.keeping:
        result = Result(outcome.state) if outcome is not None else Result.PENDING
        if service.results is not None:
            waits = result is Result.PENDING
            state = "评审中" if waits else review.state_word(service, result)
        if outcome is not None and result.end is not None:
            state, kind, why = review.state_word(service, result), ENDED, outcome.end_reason or ""
    renewable = case.status in CLOSED and not waits and case.opener == Opener.SUBJECT
    return Declaration(case, service.name, state, where, why, service.route.steps[0].step, renewable, waits, kind)


@dataclass(frozen=True)
class Going:
    """「接着办」: the one declaration to go on with."""

    item: Declaration
    stages: tuple[Any, ...]
    sections: int
    done: int
    lacking: list[tuple[str, str]]
    missing: int


def _going(request: PageRequest, running: list[Declaration]) -> Going | None:
    """What was returned comes first, then what is not sent yet, then what is on its way."""
    if not running:
        return None
    item = min(running, key=lambda each: _ORDER[Status(each.case.status)])
    page = CasePage(request, item.case.number)
    if item.case.status not in EDITABLE:
        return Going(item, page.stages(), len(page.service.sections), 0, [], 0)
    rail = page.rail()
    codes = {missing.section for missing in page.form.missing}
    return Going(
        item=item,
        stages=page.stages(),
        sections=len(rail),
        done=sum(1 for each in rail if each.done),
        lacking=[(each.name, each.url) for each in rail if each.code in codes],
        missing=len(page.form.missing),
    )


@dataclass(frozen=True)
class Kept:
    """One kind of record in the summary of the archive."""

    code: str
    name: str
    count: int
    verified: bool


def _kept(person: UUID, offered: tuple[Service, ...]) -> list[Kept]:
    """The kinds of records that the services of the site ask for, with what the archive has of each."""
    counts = people.archive_counts(person)
    asked = dict.fromkeys(section.record for service in offered for section in service.sections if section.record)
    return [
        Kept(code, definitions.record_kind(code).name, count, 0 < count == verified)
        for code in asked
        for count, verified in (counts.get(code, (0, 0)),)
    ]


def home(request: PageRequest) -> dict[str, Any]:
    """What the personal platform shows below its greeting."""
    assert request.actor.person is not None  # noqa: S101  # the door lets persons in only
    assert request.account is not None  # noqa: S101  # nor anybody who is not logged in
    person, account = request.actor.person, request.actor.who
    running, done = declarations(request)
    offered = offered_to_persons(request.here.code)
    kept = _kept(person, offered)
    since = clock.now() - RECENT
    return {
        "invitations": people.invitations_for(number=request.account.login, name=request.account.name),
        "running": running,
        "done": done,
        "going": _going(request, running),
        "kept": kept,
        "kinds_kept": sum(1 for each in kept if each.count),
        "recent_looks": sum(1 for look in people.looks(person) if look.at >= since),
        "services": offered,
        "businesses": businesses(request.here.code),
        "today": clock.today(),
        "messages": inbox.inbox(account)[:5],
    }


def offered_to_persons(site: str) -> tuple[Service, ...]:
    """The services of the site that a person opens: declarations in the order of the site's menu (JL-12), then the
    affairs of accounts by category."""
    offered = (service for service in definitions.services_of(site) if Opener.SUBJECT in service.opened_by)
    places = {heading: place for place, heading in enumerate(sites.site(site).menu)}

    def place(service: Service) -> tuple[bool, int, str, str]:
        return not service.declared, places.get(service.heading, len(places)), service.heading, service.category

    return tuple(sorted(offered, key=place))


@require_safe
@for_persons
def my_cases(request: PageRequest) -> HttpResponse:
    """Everything the person has declared."""
    running, done = declarations(request)
    return render(request, "web/personal/cases.html", {"here": "my-cases", "running": running, "done": done})


@require_safe
@for_persons
def business(request: PageRequest, place: int) -> HttpResponse:
    """One type of business (「选择业务类型」): its entries, what is going on in it, and what is done (SZ-04)."""
    headings = sites.site(request.here.code).menu
    if not 1 <= place <= len(headings):
        raise Absent
    heading = headings[place - 1]
    offered = [each for each in offered_to_persons(request.here.code) if each.heading == heading]
    codes = {each.service for each in offered}
    running, done = declarations(request)
    context = {
        "here": f"menu-{place}",
        "heading": heading,
        "services": offered,
        "today": clock.today(),
        "running": [item for item in running if item.case.service in codes],
        "done": [item for item in done if item.case.service in codes],
    }
    return render(request, "web/personal/business.html", context)


def businesses(site: str) -> list[tuple[str, int]]:
    """The types of business that the site asks persons to choose from first, with their places; none elsewhere."""
    found = sites.site(site)
    if not found.business:
        return []
    used = {each.heading for each in definitions.catalogue_of(site) if Opener.SUBJECT in each.opened_by}
    return [(heading, place) for place, heading in enumerate(found.menu, start=1) if heading in used]


@require_safe
@for_persons
def my_services(request: PageRequest) -> HttpResponse:
    """What the site offers to persons."""
    context = {
        "here": "my-services",
        "services": offered_to_persons(request.here.code),
        "today": clock.today(),
    }
    return render(request, "web/personal/services.html", context)


@dataclass(frozen=True)
class ArchiveGroup:
    """One kind of record in the archive, ready to be read."""

    code: str
    name: str
    heads: tuple[str, ...]
    rows: list[tuple[Entry, list[tuple[str, str]]]]


@require_safe
@for_persons
def my_archive(request: PageRequest) -> HttpResponse:
    """The archive by kind of record, each with its source and whether it was verified (ALL-01)."""
    assert request.actor.person is not None  # noqa: S101  # the door lets persons in only
    groups = [
        _group(definitions.record_kind(kind), entries, mask=not request.actor.assured)
        for kind, entries in people.archive_kinds(request.actor.person).items()
    ]
    return render(
        request,
        "web/personal/archive.html",
        {
            "here": "my-archive",
            "groups": groups,
            "unit": people.current_unit(request.actor.person),
            "person": people.person(request.actor.person),
        },
    )


@require_safe
@for_persons
@assured
def export_archive(request: PageRequest) -> HttpResponse:
    """The whole archive as a workbook, a sheet for each kind: what the platform knows goes along (ALL-09)."""
    assert request.actor.person is not None  # noqa: S101  # the door lets persons in only
    kinds = people.archive_kinds(request.actor.person)
    if not kinds:
        raise Absent("档案还是空的，没有可以导出的内容。")
    groups = [_group(definitions.record_kind(kind), entries, mask=False) for kind, entries in kinds.items()]
    return workbooks("我的档案", ((group.name.replace("/", "、"), _heads(group), _lines(group)) for group in groups))


def _heads(group: ArchiveGroup) -> list[str]:
    return [*group.heads, "来源", "录入时间", "核验单位", "核验时间"]


def _lines(group: ArchiveGroup) -> list[list[str]]:
    return [
        [
            *(text for _, text in cells),
            entry.source,
            moment(entry.entered_at),
            entry.verified_by,
            moment(entry.verified_at),
        ]
        for entry, cells in group.rows
    ]


def _group(kind: RecordKind, entries: tuple[Entry, ...], *, mask: bool) -> ArchiveGroup:
    fields = [field for field in kind.fields if any(field.field in entry.data for entry in entries)]
    rows = [(entry, [(field.name, _text(field, entry, mask=mask)) for field in fields]) for entry in entries]
    return ArchiveGroup(kind.record, kind.name, tuple(field.name for field in fields), rows)


def _text(field: Field, entry: Entry, *, mask: bool) -> str:
    """A value of the record; sensitive ones masked on a device that goes on without a password (NX-02)."""
    text = definitions.shown_text(field, entry.data.get(field.field)) if field.field in entry.data else ""
    return definitions.masked_text(field, text, mask=mask)


@require_safe
@for_persons
def my_looks(request: PageRequest) -> HttpResponse:
    """「谁看过我的档案」 (ALL-09)."""
    assert request.actor.person is not None  # noqa: S101  # the door lets persons in only
    context = {"here": "my-looks", "looks": people.looks(request.actor.person)}
    return render(request, "web/personal/looks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: PageRequest) -> HttpResponse:
    """The messages of the account, newest first; posted to, all of them count as read."""
    if request.method == "POST":
        notices.mark_all_read(by=request.actor)
        say(request, "全部消息已标为已读。")
        return redirect("messages", request.here.code)
    rows = list(inbox.inbox(request.actor.who, before=_before(request))[: MESSAGES + 1])
    by_unit = request.actor.way is Way.UNIT
    context = {
        "here": "messages",
        "shell": "web/shells/workbench.html" if by_unit else "web/shells/personal.html",
        "messages": rows[:MESSAGES],
        "older": rows[MESSAGES - 1].created_at.isoformat() if len(rows) > MESSAGES else "",
        "any_new": any(row.read_at is None for row in rows),
    }
    return render(request, "web/personal/messages.html", context)


def _before(request: PageRequest) -> datetime | None:
    """The time of the last message of the page before; None when it is none."""
    try:
        moment = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


@require_POST
def read_message(request: PageRequest, message: UUID) -> HttpResponse:
    """Mark a message read and go where it leads."""
    found = inbox.inbox(request.actor.who).filter(pk=message).first()
    if found is None:
        raise Absent
    notices.mark_read(message=message, by=request.actor)
    own = f"/{request.here.code}/"
    return redirect(found.link) if found.link.startswith(own) else redirect("messages", request.here.code)
