"""「领取」 of a case, and 「转交」 to a colleague of the same desk."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid
from bole.organizations import queries as organizations
from bole.organizations.terms import Holder, Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Task
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.work.seat import Seat, home_of, seat_of
from bole.web.requests import PageRequest, posted_id


@for_units
@require_POST
def claim(request: PageRequest, number: str) -> HttpResponse:
    """「领取」, and with take=1 「接手」 what a colleague claimed."""
    seat = seat_of(request, number)
    take = request.POST.get("take") == "1"
    task = review.claim(case=seat.case, take=take, by=request.actor)
    until = task.claimed_until
    lasts = f"到 {until:%Y-%m-%d} 没有办理的自动释放" if until is not None else "本单位其他审核人会看到"
    say(request, f"已{'接手' if take else '领取'}{seat.whose}的申报，由您办理；{lasts}。")
    return redirect(_back(request, seat))


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: PageRequest, number: str) -> HttpResponse:
    """「转交」: choose the colleague who decides instead."""
    seat = seat_of(request, number)
    task = queries.open_task(seat.case)
    if task is None or task.unit_id != request.actor.unit:
        raise Absent
    wrong = ""
    if request.method == "POST":
        to = posted_id(request, "to")
        try:
            if to is None:
                raise Invalid.at("to", "请选择转交给谁。")
            review.hand_over(case=seat.case, to=to, by=request.actor)
        except Invalid as error:
            wrong = error.sentence
        else:
            say(request, f"已转交{seat.whose}的申报，对方会收到消息。")
            return redirect(_back(request, seat))
    context = {
        "here": "review",
        "seat": seat,
        "task": task,
        "colleagues": _colleagues(task, request.actor),
        "wrong": wrong,
        "home": _back(request, seat),
        "back": request.POST.get("back") or request.GET.get("back", ""),
    }
    return render(request, "web/work/hand_over.html", context, status=422 if wrong else 200)


def _colleagues(task: Task, by: Actor) -> list[Holder]:
    """Who else sits at the desk."""
    holders = organizations.holders(task.unit_id, Role(task.role), task.service)
    return [each for each in holders if each.account != by.account]


def _back(request: PageRequest, seat: Seat) -> str:
    """The list as it was left, if the visitor came from one here; the review page, if from there."""
    asked = request.POST.get("back") or request.GET.get("back", "")
    if asked == "case":
        return reverse("review-case", args=[seat.case.site, seat.case.number])
    known = [reverse(name, args=[request.here.code]) for name in ("review", "account-review")]
    if any(asked == home or asked.startswith(f"{home}?") for home in known):
        return asked
    return home_of(request, seat.role)
