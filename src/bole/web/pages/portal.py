"""Public pages of a site: home, announcements, policies, downloads, and the root that lists the sites."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from bole.definitions import queries as definitions
from bole.documents import queries as documents
from bole.kernel.clock import today
from bole.organizations import queries as organizations
from bole.organizations.terms import EntryTarget, Site, SiteEntry
from bole.portal import queries as portal
from bole.portal.terms import ARTICLE_KIND_NAMES, ArticleKind
from bole.web.doors import public, sessionless
from bole.web.pages.login import login_box
from bole.web.requests import PageRequest, page_number


@require_safe
@sessionless
def root(request: HttpRequest) -> HttpResponse:
    """The portals of this installation."""
    return render(request, "web/portal/root.html", {"sites": organizations.sites()})


@require_safe
@public
def home(request: PageRequest) -> HttpResponse:
    """「网上服务大厅」 with the log-in box, the newest announcements, policies and files (NX-01, NX-02)."""
    site = request.here.code
    context: dict[str, Any] = {
        "here": "home",
        "announcements": portal.latest(site, ArticleKind.ANNOUNCEMENT),
        "policies": portal.latest(site, ArticleKind.POLICY),
        "downloads": portal.downloads(site, 4),
        "offers": _open_services(site),
        "doors": doors(request.here),
    }
    if request.account is None:
        context |= login_box(request)
    return render(request, "web/portal/home.html", context)


@dataclass(frozen=True, slots=True)
class ServiceDoor:
    """One door of the home page's service window with the ways through it; all of them lead to one platform."""

    name: str
    note: str
    icon: str
    ways: tuple[tuple[str, str], ...]


def doors(site: Site) -> list[ServiceDoor]:
    """The entries of a site: those of one group behind one door, in their order (SZ-02, HA-01, JL-01)."""
    found: dict[str, ServiceDoor] = {}
    for entry in site.entries:
        address = _address(site.code, entry)
        if not address:
            continue
        name = entry.group or entry.name
        before = found.get(name)
        ways = (*(before.ways if before else ()), (entry.name, address))
        note, icon = entry.note or (before.note if before else ""), (before.icon if before else "") or entry.icon
        found[name] = ServiceDoor(name, note, icon or "home", ways)
    return list(found.values())


def _address(site: str, entry: SiteEntry) -> str:
    """Where an entry leads; blank while the page is not there."""
    if entry.to is EntryTarget.UNIT_REGISTRATION and entry.service:
        return reverse("register-unit-service", args=[site, entry.service])
    name, query = _TARGETS[entry.to]
    try:
        return reverse(name, args=[site]) + query
    except NoReverseMatch:
        return ""


_TARGETS: dict[EntryTarget, tuple[str, str]] = {
    EntryTarget.PERSON_LOGIN: ("login", "?way=person"),
    EntryTarget.UNIT_LOGIN: ("login", "?way=unit"),
    EntryTarget.PERSON_REGISTRATION: ("register", ""),
    EntryTarget.UNIT_REGISTRATION: ("register-unit", ""),
    EntryTarget.ACTIVATION: ("activate", ""),
    EntryTarget.FORGOTTEN: ("forgot", ""),
}


@dataclass(frozen=True, slots=True)
class OpenService:
    """A service that can be declared for today; `left` is how many days are left, None without an end."""

    name: str
    closes: date | None
    left: int | None


def _open_services(site: str) -> list[OpenService]:
    day, found = today(), []
    for service in definitions.services_of(site):
        if not service.declared:  # affairs of accounts have their own doors
            continue
        opens, closes = service.window.span(day)
        if (opens is None or opens <= day) and (closes is None or closes >= day):
            found.append(OpenService(service.name, closes, (closes - day).days if closes else None))
    return found


@require_safe
@public
def announcements(request: PageRequest) -> HttpResponse:
    """「通知公告」, newest first."""
    return _articles(request, ArticleKind.ANNOUNCEMENT)


@require_safe
@public
def policies(request: PageRequest) -> HttpResponse:
    """「政策法规」, newest first."""
    return _articles(request, ArticleKind.POLICY)


def _articles(request: PageRequest, kind: ArticleKind) -> HttpResponse:
    page = portal.published(request.here.code, kind, page_number(request))
    context = {"here": kind.value, "title": ARTICLE_KIND_NAMES[kind], "page": page}
    return render(request, "web/portal/articles.html", context)


@require_safe
@public
def article(request: PageRequest, id: UUID) -> HttpResponse:
    """One announcement or policy."""
    found = portal.article(request.here.code, id)
    kind = ArticleKind(found.kind)
    name = "announcements" if kind is ArticleKind.ANNOUNCEMENT else "policies"
    context = {
        "here": kind.value,
        "article": found,
        "kind_name": ARTICLE_KIND_NAMES[kind],
        "list_address": reverse(name, args=[request.here.code]),
    }
    return render(request, "web/portal/article.html", context)


@require_safe
@public
def search(request: PageRequest) -> HttpResponse:
    """Announcements and policies by words of the title."""
    words = request.GET.get("q", "").strip()[:50]
    page = portal.search(request.here.code, words, page_number(request))
    return render(
        request, "web/portal/articles.html", {"title": "查找", "page": page, "words": words, "searching": True}
    )


@require_safe
@public
def downloads(request: PageRequest) -> HttpResponse:
    """「文件下载」 with size and date."""
    context = {"here": "download", "downloads": portal.downloads(request.here.code)}
    return render(request, "web/portal/downloads.html", context)


@require_safe
@public
def download(request: PageRequest, id: UUID) -> HttpResponse:
    """The file itself, always saved and never shown in the page's own right."""
    found = portal.download(request.here.code, id)
    response = HttpResponse(documents.content(found.file), content_type="application/octet-stream")
    name = f"{found.title}.{found.suffix.lower()}" if found.suffix else found.title
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_safe
@public
def manual(request: PageRequest) -> HttpResponse:
    """「手册」 (NX-19): the manual itself, or the list of files while there is none."""
    found = portal.manual(request.here.code)
    site = request.here.code
    address = reverse("download", args=[site, found.pk]) if found else reverse("downloads", args=[site])
    return HttpResponseRedirect(address)


@require_safe
@public
def accessibility(request: PageRequest) -> HttpResponse:
    """「无障碍声明」."""
    return render(request, "web/portal/accessibility.html")


@require_safe
@public
def privacy(request: PageRequest) -> HttpResponse:
    """「个人信息保护说明」, which registration refers to."""
    return render(request, "web/portal/privacy.html")
