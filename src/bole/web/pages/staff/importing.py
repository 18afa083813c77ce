"""「批量导入单位」 and 「批量导入经办」: row by row, the rows not taken come back as a workbook with reasons."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.documents.terms import SHEET_LIMIT, ImportReport
from bole.kernel import sealing
from bole.kernel.errors import Absent, Invalid
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.terms import Act
from bole.web.doors import for_administrators
from bole.web.pages import exports
from bole.web.pages.staff.forms import Outcome, at, attempt, proved
from bole.web.pages.staff.organizations import TITLE as TREE
from bole.web.pages.staff.organizations import own_unit
from bole.web.pages.staff.users import TITLE as STAFF
from bole.web.pages.staff.users import managed
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_MOST_KEPT = 1024 * 1024  # bytes of a workbook that the page carries itself


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
    return _import(
        request, texts, lambda data: actions.import_subordinates(data, unit=request.actor.place, by=request.actor)
    )


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
    return _import(
        request,
        texts,
        lambda data: actions.import_operators(data, site=request.here.code, unit=unit.pk, by=request.actor),
    )


def _import(request: PageRequest, texts: dict[str, Any], take: Callable[[bytes], ImportReport]) -> HttpResponse:
    if request.method != "POST":
        return _page(request, texts, Outcome[ImportReport](Typed()))

    def act() -> ImportReport:
        file = request.FILES.get("file")
        if file is None:
            raise Invalid.at("file", "请选择要导入的 xlsx 文件")
        if (file.size or 0) > SHEET_LIMIT:
            raise Invalid.at("file", "文件超过 10 MB，请分成几个文件导入")
        return take(file.read())

    outcome = attempt(request, Typed(), act)
    if outcome.status == 422:  # what is wrong with the workbook is told at the file
        said = Typed().with_faults(Invalid.at("file", "；".join(each.say for each in outcome.typed.faults)))
        outcome = Outcome(said, status=422)
    return _page(request, texts, outcome)


def _page(request: PageRequest, texts: dict[str, Any], outcome: Outcome[ImportReport]) -> HttpResponse:
    report = outcome.result
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
