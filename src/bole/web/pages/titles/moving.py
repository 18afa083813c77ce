"""The catalogue out to a workbook and in again: first what would change, then all of it or nothing."""

import base64
import binascii
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bole.documents.terms import SHEET_LIMIT
from bole.kernel import sealing
from bole.kernel.errors import Absent, Invalid, Refused
from bole.titles import actions, queries
from bole.titles.terms import ADDED, ALTERED, FAULTY, SAME, ImportPlan
from bole.web.doors import for_operators
from bole.web.flash import say
from bole.web.pages import exports
from bole.web.pages.staff.forms import Outcome, at, attempt, to
from bole.web.pages.titles.listing import HERE, TITLE
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed

_MOST_KEPT = 1024 * 1024  # bytes of a workbook that the page carries itself between the two steps
_MOST_SHOWN = 200


@for_operators
@require_safe
def export(request: PageRequest) -> HttpResponse:
    """「导出」: everything, retired lines included; on record."""
    return exports.file("资格目录", actions.export_catalogue(site=request.here.code, by=request.actor))


@for_operators
@require_safe
def template(request: PageRequest) -> HttpResponse:
    """A workbook to begin with."""
    return exports.file("资格目录模板", actions.catalogue_template(site=request.here.code, by=request.actor))


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: PageRequest) -> HttpResponse:
    """「导入」 in two steps: the differences first; with `kept` and `edition` from that page, the import itself."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    if request.method != "POST":
        return _page(request, Outcome(Typed()))
    if "kept" in request.POST:
        return _confirmed(request)
    data = b""

    def look() -> ImportPlan:
        nonlocal data
        file = request.FILES.get("file")
        if file is None:
            raise Invalid.at("file", "请选择要导入的 xlsx 文件")
        if (file.size or 0) > min(SHEET_LIMIT, _MOST_KEPT):
            raise Invalid.at("file", "文件超过 1 MB，请分成几个文件导入")
        data = file.read()
        return actions.plan_import(data, site=site, by=request.actor)

    outcome = _at_the_file(attempt(request, Typed(), look))
    plan = outcome.result
    kept = "" if plan is None or plan.faulty or plan.count(SAME) == len(plan.lines) else _close(request, data)
    return _page(request, outcome, kept)


def _confirmed(request: PageRequest) -> HttpResponse:
    data, edition = _open(request), posted_id(request, "edition")

    def act() -> ImportPlan:
        if edition is None:
            raise Refused("这份表格已经失效，请重新上传。")
        return actions.import_catalogue(data, site=request.here.code, seen=edition, by=request.actor)

    outcome = _at_the_file(attempt(request, Typed(), act))
    if outcome.result is None:
        return _page(request, outcome)
    plan = outcome.result
    say(request, f"已导入：新增 {plan.count(ADDED)} 行，修改 {plan.count(ALTERED)} 行。")
    return to(request, "titles")


def _at_the_file(outcome: Outcome[ImportPlan]) -> Outcome[ImportPlan]:
    """What is wrong with the workbook is told at the file."""
    if outcome.status != 422:
        return outcome
    said = Invalid.at("file", "；".join(each.say for each in outcome.typed.faults))
    return Outcome(Typed().with_faults(said), status=422)


def _close(request: PageRequest, data: bytes) -> str:
    return base64.urlsafe_b64encode(sealing.seal(data, f"titles/{request.actor.account}")).decode()


def _open(request: PageRequest) -> bytes:
    """The workbook that was looked over. Raises Absent when it was changed or is another account's."""
    try:
        return sealing.unseal(base64.urlsafe_b64decode(request.POST.get("kept", "")), f"titles/{request.actor.account}")
    except (sealing.Unsealable, binascii.Error, ValueError):
        raise Absent("这份表格已经失效，请重新上传。") from None


def _page(request: PageRequest, outcome: Outcome[ImportPlan], kept: str = "") -> HttpResponse:
    plan = outcome.result
    told = [line for line in plan.lines if line.verb != SAME] if plan is not None else []
    told.sort(key=lambda line: line.verb != FAULTY)  # what stands against it first
    edition: UUID | str = plan.edition if plan is not None else ""
    context = {
        "here": HERE,
        "title": "导入资格目录",
        "back": at(request, "titles"),
        "back_name": TITLE,
        "typed": outcome.typed,
        "refusal": outcome.refusal,
        "file_fault": outcome.typed.fault_of("file"),
        "plan": plan,
        "told": told[:_MOST_SHOWN],
        "untold": max(0, len(told) - _MOST_SHOWN),
        "counts": [(verb, plan.count(verb)) for verb in (ADDED, ALTERED, SAME, FAULTY)] if plan is not None else [],
        "kept": kept,
        "edition": edition,
    }
    return render(request, "web/titles/import.html", context, status=outcome.status)
