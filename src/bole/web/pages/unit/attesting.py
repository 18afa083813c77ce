"""The person's own word for what the unit filled in (NX-15): by log-in, by one-time code, or by signed paper.

The parts are in web/unit/attestation.html, which the preview of a case includes.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bole.accounts import actions as accounts
from bole.accounts.terms import Purpose
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.terms import Confirmation
from bole.definitions.terms import Opener
from bole.documents.terms import UPLOAD_LIMIT
from bole.kernel.errors import Absent, Invalid, Refused
from bole.notices import actions as notices
from bole.web.answers import status_of
from bole.web.doors import assured, for_persons, for_units
from bole.web.flash import say
from bole.web.pages.filling.casework import CasePage
from bole.web.requests import PageRequest


def _page(request: PageRequest, number: str) -> CasePage:
    """The case, filled by the unit and still in its hands. Raises Absent, Refused."""
    page = CasePage(request, number)
    if not page.attests:
        raise Refused(
            "这份申报不需要本人再次确认。" if page.case.opener == Opener.UNIT else "本人填报的不需要再次确认。"
        )
    case_queries.may_fill(page.by, page.case).demand()
    return page


def _complete(page: CasePage) -> None:
    if page.form.missing:
        raise Refused(f"还缺 {len(page.form.missing)} 处没有填写，补全后再请本人确认。")


def _phone(page: CasePage) -> str:
    """The person's registered phone; never one that the unit typed into the form."""
    phone = page.case.person.phone if page.case.person is not None else None
    if not phone:
        signed = f"本人签字的{page.service.form_name}"
        raise Refused(f"申报人没有登记手机号，不能用验证码确认。请申报人登录确认，或上传{signed}。")
    return str(phone)


def _content(page: CasePage) -> str:
    """What the person checks: a code read out for these answers confirms no others."""
    return f"{page.case.number}/{case_queries.answers_digest(page.case)}"


def _back(page: CasePage) -> HttpResponse:
    return redirect(page.url("preview") + "#attest")


@for_units
@require_POST
def ask(request: PageRequest, number: str) -> HttpResponse:
    """「请本人确认」: a message to the person, with the way to the preview. Asked twice on a day, told once."""
    page = _page(request, number)
    _complete(page)
    account = page.case.person.account_id if page.case.person is not None else None
    if account is None:
        raise Refused(
            f"申报人还没有注册账号，收不到消息。请用手机验证码确认，或上传本人签字的{page.service.form_name}。"
        )
    notices.tell(
        account,
        key=f"attest/{page.case.number}/{case_queries.answers_digest(page.case)[:16]}",
        title=f"请确认单位为您填写的「{page.service.name}」",
        body=f"{page.case.unit.name}为您填写了{page.service.form_name}，请核对后确认。受理编号 {page.case.number}。",
        link=reverse("preview", args=[page.case.site, page.case.number]),
    )
    say(request, "已请本人登录确认。确认后单位即可上报。")
    return _back(page)


@for_units
@require_POST
def send_code(request: PageRequest, number: str) -> HttpResponse:
    """A one-time code to the person's registered phone; the person reads it out after having checked the form."""
    page = _page(request, number)
    _complete(page)
    accounts.send_code(purpose=Purpose.ATTEST, phone=_phone(page), by=page.by, about=_content(page))
    say(
        request,
        f"验证码已发送到申报人登记的手机。请申报人核对{page.service.form_name}后，把验证码告诉您；改动了内容须重新发送。",
    )
    return redirect(page.url("preview") + "#attest-code")


@for_units
@require_POST
def check_code(request: PageRequest, number: str) -> HttpResponse:
    """The code as the person told it."""
    page = _page(request, number)
    _complete(page)
    try:
        code = request.POST.get("code", "").strip()
        accounts.check_code(purpose=Purpose.ATTEST, phone=_phone(page), code=code, about=_content(page))
        cases.attest(case=page.case, way=Confirmation.CODE, by=page.by)
    except Invalid as wrong:
        return _again(request, page, "code", wrong)
    say(request, "本人已确认，可以上报。")
    return _back(page)


@for_units
@require_POST
def paper(request: PageRequest, number: str) -> HttpResponse:
    """The signed sheet as a scan; somebody else of the unit must then send it on."""
    page = _page(request, number)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise Invalid.at("file", f"请选择本人签字的{page.service.form_name}扫描件。")
        if file.size is not None and file.size > UPLOAD_LIMIT:
            raise Invalid.at("file", "文件超过 20 MB。请压缩后再传。")
        cases.attest(case=page.case, way=Confirmation.PAPER, by=page.by, data=file.read(), name=file.name or "签字件")
    except Invalid as wrong:
        return _again(request, page, "file", wrong)
    say(request, f"签字的{page.service.form_name}已上传。请由本单位另一位采集管理员核对后上报。")
    return _back(page)


def _again(request: PageRequest, page: CasePage, at: str, wrong: Invalid) -> HttpResponse:
    """The confirmation by itself, with what is wrong; the form is one link away."""
    context = page.shell(attestation=case_queries.attestation_of(page.case), at=at, wrong=wrong.sentence)
    return render(request, "web/unit/attest.html", context, status=status_of(wrong))


@for_persons
@assured
@require_POST
def attest(request: PageRequest, number: str) -> HttpResponse:
    """「本人确认」, logged in: the person stands by exactly these answers."""
    page = CasePage(request, number)
    if page.case.person_id is None:
        raise Absent
    cases.attest(case=page.case, way=Confirmation.LOG_IN, by=page.by)
    say(request, "您已确认。单位上报后，可以在这里查看审核进度。")
    return _back(page)
