"""「新增」申报人员 and what can be done with an invitation that waits (SZ-03)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.kernel.errors import Absent, BoleError, Invalid, Moved, Refused, TooMany
from bole.organizations import queries as organizations
from bole.people import actions as people
from bole.people import queries
from bole.people.models import Invitation
from bole.web.answers import status_of
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.people.applicants import HERE, confirmation
from bole.web.pages.register import KINDS
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed

_FIELDS = ("kind", "number", "name", "phone", "alias")


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def new(request: PageRequest) -> HttpResponse:
    """「新增申报人员」: name, number, phone and, if wanted, the log-in name; the person sets the password."""
    queries.may_invite(request.actor, request.actor.unit).demand()
    if request.method != "POST":
        return _form(request, Typed({"kind": "resident"}))
    typed = Typed.posted(request.POST)
    try:
        done = people.invite(
            unit=request.actor.place,
            **{name: typed[name] for name in _FIELDS},
            department=posted_id(request, "department"),
            by=request.actor,
        )
    except Invalid as wrong:
        return _form(request, typed.with_faults(wrong), status=422)
    except (Refused, TooMany, Moved) as refused:
        note_refusal(request, refused)
        return _form(request, typed, refusal=refused)
    say(request, done.sentence)
    return redirect(f"{_list(request)}?tab=waiting")


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def change(request: PageRequest, invitation: UUID) -> HttpResponse:
    """「修改」 what was typed of somebody who has not accepted yet; another code goes out."""
    row = _own(request, invitation)
    if request.method != "POST":
        values = {"kind": row.kind, "number": row.number, "name": row.name, "phone": row.phone, "alias": row.alias}
        return _form(request, Typed(values), row)
    typed = Typed.posted(request.POST)
    try:
        done = people.change_invitation(invitation=row.pk, **{name: typed[name] for name in _FIELDS}, by=request.actor)
    except Invalid as wrong:
        return _form(request, typed.with_faults(wrong), row, status=422)
    except (Refused, TooMany, Moved) as refused:
        note_refusal(request, refused)
        return _form(request, typed, row, refusal=refused)
    say(request, done.sentence)
    return redirect(f"{_list(request)}?tab=waiting")


@require_POST
@for_units
def renew(request: PageRequest, invitation: UUID) -> HttpResponse:
    """「重发」: another code for another thirty days."""
    row = _own(request, invitation)
    say(request, people.renew_invitation(invitation=row.pk, by=request.actor).sentence)
    return redirect(f"{_list(request)}?tab=waiting")


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def withdraw(request: PageRequest, invitation: UUID) -> HttpResponse:
    """「删除」 somebody who has not accepted yet: asks first."""
    row = _own(request, invitation)
    if request.method == "POST":
        people.withdraw_invitation(invitation=row.pk, by=request.actor)
        say(request, f"已撤回给{row.name}的邀请，邀请码不再有效。")
        return redirect(f"{_list(request)}?tab=waiting")
    return confirmation(
        request,
        title=f"删除{row.name}？",
        text="撤回邀请，短信中的邀请码立即失效。需要时可以重新新增。",
        button="删除",
        danger=True,
    )


def _own(request: PageRequest, invitation: UUID) -> Invitation:
    """A waiting invitation of the unit acted for. Raises Refused for who may not see, Absent."""
    queries.may_invite(request.actor, request.actor.unit).demand()
    row = queries.invitations_of(request.actor.place).filter(pk=invitation).first()
    if row is None:
        raise Absent("没有找到这项邀请，它可能已经接受或撤回。请刷新名单。")
    return row


def _list(request: PageRequest) -> str:
    return reverse(HERE, args=[request.here.code])


def _form(
    request: PageRequest,
    typed: Typed,
    row: Invitation | None = None,
    *,
    refusal: BoleError | None = None,
    status: int = 200,
) -> HttpResponse:
    departments = organizations.departments_of(request.actor.place, disabled=False)
    context: dict[str, Any] = {
        "here": HERE,
        "form": typed,
        "row": row,
        "kinds": KINDS,
        "departments": [(str(each.id), "　" * (each.depth - 1) + each.name) for each in departments],
        "refusal": refusal.sentence if refusal else "",
    }
    return render(request, "web/people/invite.html", context, status=status_of(refusal) if refusal else status)
