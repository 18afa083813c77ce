"""「门户管理」: editors write, preview, publish and withdraw, put up files, and answer complaints."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.kernel.errors import Fault, Invalid
from bole.portal import actions, queries
from bole.portal.models import Article
from bole.portal.terms import (
    ANSWER_MAX,
    ARTICLE_KIND_NAMES,
    ARTICLE_STATE_NAMES,
    BODY_MAX,
    COMPLAINT_KIND_NAMES,
    TITLE_MAX,
    ArticleKind,
    ArticleState,
    ComplaintKind,
)
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.requests import PageRequest, page_number, posted_number
from bole.web.shapes import Typed

_HERE = "portal-desk"
_KINDS = [(kind.value, name) for kind, name in ARTICLE_KIND_NAMES.items()]


@require_safe
@for_units
def articles(request: PageRequest) -> HttpResponse:
    """Everything written for this portal, the last written first."""
    page = queries.articles_to_edit(request.here.code, by=request.actor, number=page_number(request))
    rows = [(row, ARTICLE_KIND_NAMES[ArticleKind(row.kind)], _state_name(row)) for row in page.rows]
    return render(
        request, "web/portal/desk_articles.html", {"here": _HERE, "tab": "articles", "page": page, "rows": rows}
    )


def _state_name(row: Article) -> str:
    return ARTICLE_STATE_NAMES[ArticleState(row.state)]


@require_http_methods(["GET", "POST"])
@for_units
def write(request: PageRequest) -> HttpResponse:
    """A new draft."""
    queries.may_edit(request.actor, request.here.code).demand()
    if request.method == "GET":
        return _form(request, Typed({"kind": ArticleKind.ANNOUNCEMENT.value, "source": request.here.authority}), None)
    form = Typed.posted(request.POST)
    try:
        made = actions.write_article(site=request.here.code, by=request.actor, **_posted(form))
    except Invalid as error:
        return _form(request, form.with_faults(error), None, status=422)
    say(request, "草稿已保存。预览无误后发布。")
    return _to(request, "portal-preview", made.pk)


@require_http_methods(["GET", "POST"])
@for_units
def revise(request: PageRequest, id: UUID) -> HttpResponse:
    """Change an article."""
    found = queries.article_to_edit(request.here.code, id, by=request.actor)
    if request.method == "GET":
        return _form(request, _typed(found), found)
    form = Typed.posted(request.POST)
    seen = posted_number(request, "seen")
    try:
        actions.revise_article(site=request.here.code, id=id, seen=seen, by=request.actor, **_posted(form))
    except Invalid as error:
        return _form(request, form.with_faults(error), found, status=422)
    say(request, "修改已保存。")
    return _to(request, "portal-preview", id)


def _typed(found: Article) -> Typed:
    values = {
        "kind": found.kind,
        "title": found.title,
        "body": found.body,
        "source": found.source,
        "until": found.until.isoformat() if found.until else "",
        "top": "1" if found.top else "",
        "seen": str(found.revision),
    }
    return Typed(values)


def _posted(form: Typed) -> dict[str, Any]:
    """What was typed as the action takes it. Raises Invalid at "kind" and "until"."""
    faults = []
    until = None
    if form["kind"] not in dict(_KINDS):
        faults.append(Fault("kind", "请选择栏目"))
    if form["until"]:
        try:
            until = date.fromisoformat(form["until"])
        except ValueError:
            faults.append(Fault("until", "截止日期应写成 2026-04-18 的样子"))
    if faults:
        raise Invalid(*faults)
    return {
        "kind": ArticleKind(form["kind"]),
        "title": form["title"],
        "body": form["body"],
        "source": form["source"],
        "until": until,
        "top": form["top"] == "1",
    }


def _form(request: PageRequest, form: Typed, found: Article | None, status: int = 200) -> HttpResponse:
    context = {
        "here": _HERE,
        "form": form,
        "article": found,
        "kinds": _KINDS,
        "title_max": TITLE_MAX,
        "body_max": BODY_MAX,
    }
    return render(request, "web/portal/desk_article.html", context, status=status)


def _to(request: PageRequest, name: str, *args: object) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[request.here.code, *args]))


@require_safe
@for_units
def preview(request: PageRequest, id: UUID) -> HttpResponse:
    """The article as the public will see it, with 「发布」 or 「撤下」."""
    found = queries.article_to_edit(request.here.code, id, by=request.actor)
    context = {
        "here": _HERE,
        "article": found,
        "kind_name": ARTICLE_KIND_NAMES[ArticleKind(found.kind)],
        "state_name": _state_name(found),
        "is_public": found.state == ArticleState.PUBLISHED.value,
        "seen": [("seen", found.revision)],
    }
    return render(request, "web/portal/desk_preview.html", context)


@require_POST
@for_units
def publish(request: PageRequest, id: UUID) -> HttpResponse:
    """「发布」."""
    actions.publish_article(site=request.here.code, id=id, seen=posted_number(request, "seen"), by=request.actor)
    say(request, "已发布，所有人都能在首页看到。")
    return _to(request, "portal-preview", id)


@require_POST
@for_units
def withdraw(request: PageRequest, id: UUID) -> HttpResponse:
    """「撤下」."""
    actions.withdraw_article(site=request.here.code, id=id, seen=posted_number(request, "seen"), by=request.actor)
    say(request, "已撤下，公众不再能看到。可以修改后重新发布。")
    return _to(request, "portal-preview", id)


@require_http_methods(["GET", "POST"])
@for_units
def downloads(request: PageRequest) -> HttpResponse:
    """Files for everybody: the list, and putting up another."""
    site = request.here.code
    queries.may_edit(request.actor, site).demand()
    form, status = Typed.posted(request.POST), 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Invalid.at("file", "请选择要上传的文件")
            actions.add_download(
                site=site,
                title=form["title"],
                data=file.read(),
                name=file.name or "",
                manual=form["manual"] == "1",
                by=request.actor,
            )
            say(request, "文件已发布。")
            return _to(request, "portal-downloads")
        except Invalid as error:
            form, status = form.with_faults(error), 422
    context = {
        "here": _HERE,
        "tab": "downloads",
        "downloads": queries.downloads(site),
        "form": form,
        "title_max": TITLE_MAX,
    }
    return render(request, "web/portal/desk_downloads.html", context, status=status)


@require_POST
@for_units
def remove(request: PageRequest, id: UUID) -> HttpResponse:
    """Take a file away."""
    actions.remove_download(site=request.here.code, id=id, by=request.actor)
    say(request, "文件已撤下。")
    return _to(request, "portal-downloads")


@require_safe
@for_units
def complaints(request: PageRequest) -> HttpResponse:
    """Complaints and reports, the unanswered first."""
    page = queries.complaints_to_answer(request.here.code, by=request.actor, number=page_number(request))
    rows = [(row, COMPLAINT_KIND_NAMES[ComplaintKind(row.kind)]) for row in page.rows]
    context = {"here": _HERE, "tab": "complaints", "page": page, "rows": rows}
    return render(request, "web/portal/desk_complaints.html", context)


@require_http_methods(["GET", "POST"])
@for_units
def complaint(request: PageRequest, id: UUID) -> HttpResponse:
    """One complaint with its text, and 「答复」."""
    ask = actions.read_complaint if request.method == "GET" else queries.complaint_to_answer
    found = ask(site=request.here.code, id=id, by=request.actor)
    form, status = Typed({"answer": found.reply.answer, "seen": str(found.revision)}), 200
    if request.method == "POST":
        form = Typed.posted(request.POST)
        try:
            actions.answer_complaint(
                site=request.here.code,
                id=id,
                seen=posted_number(request, "seen"),
                answer=form["answer"],
                by=request.actor,
            )
            say(request, "答复已保存，提交人凭受理编号可以查到。")
            return _to(request, "portal-complaints")
        except Invalid as error:
            form, status = form.with_faults(error), 422
    context = {
        "here": _HERE,
        "complaint": found,
        "kind_name": COMPLAINT_KIND_NAMES[found.reply.kind],
        "form": form,
        "most": ANSWER_MAX,
    }
    return render(request, "web/portal/desk_complaint.html", context, status=status)
