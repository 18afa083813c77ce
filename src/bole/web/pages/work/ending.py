"""「登记失效」: a published 通过 ceases to hold, objected to or revoked; asked before. 「登记恢复」 is its way back."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bole.cases import queries as cases
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Outcome
from bole.web import flash
from bole.web.doors import for_units
from bole.web.pages.staff.forms import Field, Question, ask, attempt, proved
from bole.web.pages.staff.forms import Outcome as Tried
from bole.web.pages.work.results import KEY, TITLE
from bole.web.requests import PageRequest, posted_number
from bole.web.shapes import Typed

_NAME, _AGAIN = "登记失效", "登记恢复"


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
@proved
def end(request: PageRequest, number: str) -> HttpResponse:
    """Which end, and why; it says what goes with it. Raises Absent, Refused where there is nothing to end."""
    outcome = queries.outcome_kept(number, request.actor)
    question = _question(request, outcome)
    if request.method != "POST":
        queries.may_end_outcome(request.actor, outcome, cases.service_of(outcome.case)).demand()
        known = [value for value, _ in question.fields[0].choices]
        typed = Typed({"seen": str(outcome.revision), "end": known[0] if len(known) == 1 else ""})
        return ask(request, question, KEY, Tried[Outcome](typed))
    typed, seen = Typed.posted(request.POST), posted_number(request, "seen")
    tried = attempt(
        request,
        typed,
        lambda: review.end_outcome(
            number=number, seen=seen, end=typed["end"], reason=typed["reason"], by=request.actor
        ),
    )
    if tried.result is None:
        return ask(request, question, KEY, tried)
    flash.say(request, f"{queries.name_of(outcome.case)}的结果已登记失效，已通知申报人和单位。")
    answer = HttpResponse(status=302)
    answer["Location"], _ = _back(request, outcome)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
@proved
def restore(request: PageRequest, number: str) -> HttpResponse:
    """「登记恢复」: what completion gave holds again, with a reason. Raises Absent, Refused where there is nothing."""
    outcome = queries.outcome_kept(number, request.actor)
    (whole, heading), name = _back(request, outcome), queries.name_of(outcome.case)
    question = Question(
        name=_AGAIN,
        title=f"恢复{name}的资格？",
        sentences=[
            f"{cases.service_of(outcome.case).name}，受理编号 {number}。办结时认定的资格重新有效，重新记入档案。",
            "申报人和所在单位会收到通知。",
        ],
        button=_AGAIN,
        back=whole,
        crumbs=((whole, heading),),
        fields=(Field("reason", "恢复原因", "area", required=True, max=500, wide=True, hint="写明事实和依据"),),
        danger=False,
    )
    if request.method != "POST":
        queries.may_restore_outcome(request.actor, outcome, cases.service_of(outcome.case)).demand()
        return ask(request, question, KEY, Tried[Outcome](Typed({"seen": str(outcome.revision)})))
    typed, seen = Typed.posted(request.POST), posted_number(request, "seen")
    tried = attempt(
        request,
        typed,
        lambda: review.restore_outcome(number=number, seen=seen, reason=typed["reason"], by=request.actor),
    )
    if tried.result is None:
        return ask(request, question, KEY, tried)
    flash.say(request, f"{name}的资格已恢复，已通知申报人和单位。")
    answer = HttpResponse(status=302)
    answer["Location"] = whole
    return answer


def _back(request: PageRequest, outcome: Outcome) -> tuple[str, str]:
    """Where it is kept, with its name: the list of results, or, where completion was the result, the case itself."""
    if cases.service_of(outcome.case).results is None:
        return reverse("review-case", args=[request.here.code, outcome.case.number]), outcome.case.number
    return reverse(KEY, args=[request.here.code]) + f"?tab={outcome.service}", TITLE


def _question(request: PageRequest, outcome: Outcome) -> Question:
    service, name = cases.service_of(outcome.case), queries.name_of(outcome.case)
    whole, heading = _back(request, outcome)
    back, crumbs = whole, [(whole, heading)]
    if service.results is not None:
        back = reverse("result", args=[request.here.code, outcome.case.number])
        crumbs.append((back, name))
    given, undo = "公布的「通过」", "登记后不能删除；经复查、申诉恢复的，在「更正」中写明原因后恢复。"
    if service.results is None:
        given, undo = "办结时认定的资格", "登记后不能删除；经复查、申诉恢复的，在这份申报中「登记恢复」。"
    gone = ["由这份结果记入档案的内容随之失效"] if service.enters else []
    gone += ["已出具的打印件作废，查验时显示失效"] if service.outputs else []
    return Question(
        name=_NAME,
        title=f"登记{name}的结果失效？",
        sentences=[
            f"{service.name}，受理编号 {outcome.case.number}。{given}自登记时起不再有效。",
            "，".join([*gone, "申报人和所在单位会收到通知。"]),
            undo,
        ],
        button=_NAME,
        back=back,
        crumbs=tuple(crumbs),
        fields=(
            Field("end", "失效情形", "select", required=True, empty="请选择" if len(service.endings) > 1 else "",
                  choices=[(each.value, word) for each, word in service.endings.items()]),
            Field("reason", "失效原因", "area", required=True, max=500, wide=True,
                  hint="写明事实和依据，申报人和能查看这份申报的部门看得到"),
        ),
    )  # fmt: skip
