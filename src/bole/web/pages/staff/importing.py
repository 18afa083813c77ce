"""「批量导入单位」 and 「批量导入经办」: row by row, the rows not taken come back as a workbook with reasons.

Short workbooks are taken at once; of longer ones the background worker takes the rows, slice by slice.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import SHEET_LIMIT, ImportReport, RowImport
from bole.kernel import sealing
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.terms import Act
from bole.review import actions as review
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages import exports
from bole.web.pages.staff.forms import Outcome, at, attempt, proved, to
from bole.web.pages.staff.organizations import TITLE as TREE
from bole.web.pages.staff.organizations import own_unit
from bole.web.pages.staff.users import TITLE as STAFF
from bole.web.pages.staff.users import managed
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

AT_ONCE = 100  # rows that the page waits for; of more the worker takes them
_MOST_KEPT = 1024 * 1024  # bytes of a workbook that the page carries itself


@dataclass(frozen=True)
class Kind:
    """What is imported: its name in bole.web.tasks, what lists call it, and the import as an actor may do it now."""

    list: str
    title: str
    open: Callable[[Actor], RowImport]


UNITS = Kind("import-units", "导入单位", lambda by: actions.subordinates_import(unit=by.place, by=by))
OPERATORS = Kind(
    "import-operators", "导入经办", lambda by: actions.operators_import(site=by.site, unit=by.place, by=by)
)


def _demand(request: PageRequest, act: Act) -> None:
    organizations.may_act(request.actor, act, own_unit(request.actor)).demand()


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def units(request: PageRequest) -> HttpResponse:
    """Units below the own one, with their superiors, from one workbook."""
    _demand(request, Act.CREATE_UNIT)
    texts = {
        "here": "organizations",
        "title": "批量导入单位",
        "lead": "每行一个下级单位和首任管理员，单位账号同时建立；管理员由本人登录后接受",
        "back": at(request, "organizations"),
        "back_name": TREE,
        "template_address": at(request, "organizations-template"),
    }
    return _import(request, texts, UNITS)


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def operators(request: PageRequest) -> HttpResponse:
    """Operators of the own unit with their roles; everyone gets an invitation."""
    unit = managed(request)
    texts = {
        "here": "staff",
        "title": "批量导入经办",
        "lead": f"{unit.name}　每人收到邀请，由本人登录后接受",
        "back": at(request, "staff"),
        "back_name": STAFF,
        "template_address": at(request, "operators-template"),
    }
    return _import(request, texts, OPERATORS)


def _import(request: PageRequest, texts: dict[str, Any], kind: Kind) -> HttpResponse:
    if request.method != "POST":
        return _page(request, texts, Outcome[ImportReport](Typed()))

    def act() -> ImportReport | None:
        file = request.FILES.get("file")
        if file is None:
            raise Invalid.at("file", "请选择要导入的 xlsx 文件")
        if (file.size or 0) > SHEET_LIMIT:
            raise Invalid.at("file", "文件超过 10 MB，请分成几个文件导入")
        data, work = file.read(), kind.open(request.actor)
        rows = sheets.rows_for(work, data)
        if len(rows) <= AT_ONCE:
            return documents.take_whole(work, rows)
        review.ask_import(
            list=kind.list, title=kind.title, file=file.name or "", data=data, total=len(rows), by=request.actor
        )
        say(request, f"表格共 {len(rows):,} 行，正在后台导入。可以离开这一页，完成后有消息提醒。")
        return None

    outcome = attempt(request, Typed(), act)
    if outcome.done and outcome.result is None:
        return to(request, "work-exports")
    if outcome.status == 422:  # what is wrong with the workbook is told at the file
        said = Typed().with_faults(Invalid.at("file", "；".join(each.say for each in outcome.typed.faults)))
        outcome = Outcome[Any](said, status=422)
    return _page(request, texts, outcome)


def _page(request: PageRequest, texts: dict[str, Any], outcome: Outcome[Any]) -> HttpResponse:
    report: ImportReport | None = outcome.result
    kept = ""
    if report is not None and report.failures is not None and len(report.failures) <= _MOST_KEPT:
        kept = _keep(request, report.failures)
    context = {
        **texts,
        "typed": outcome.typed,
        "refusal": outcome.refusal,
        "file_fault": outcome.typed.fault_of("file"),
        "report": report,
        "failures": kept,
        "at_once": AT_ONCE,
        "too_many": report is not None and report.failures is not None and not kept,
    }
    return render(request, "web/staff/import.html", context, status=outcome.status)


def _keep(request: PageRequest, workbook: bytes) -> str:
    """The workbook inside the page, sealed: it holds identity numbers, and only this account opens it again."""
    return base64.urlsafe_b64encode(sealing.seal(workbook, f"import/{request.actor.account}")).decode()


@for_administrators
@require_POST
def failures(request: PageRequest) -> HttpResponse:
    """「下载没有导入的行」."""
    try:
        workbook = sealing.unseal(
            base64.urlsafe_b64decode(request.POST.get("kept", "")), f"import/{request.actor.account}"
        )
    except (sealing.Unsealable, binascii.Error, ValueError):
        raise Absent("这份表格已经失效，请重新导入。") from None
    return exports.file("没有导入的行", workbook)


@for_administrators
@require_safe
def units_template(request: PageRequest) -> HttpResponse:
    """The empty workbook for units."""
    _demand(request, Act.CREATE_UNIT)
    return exports.file("单位导入模板", actions.subordinates_template(unit=request.actor.place))


@for_administrators
@require_safe
def operators_template(request: PageRequest) -> HttpResponse:
    """The empty workbook for operators of the own unit."""
    unit = managed(request)
    return exports.file("经办导入模板", actions.operator_template(unit=unit.pk))
