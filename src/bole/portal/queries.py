"""Questions to the portal room. Lists leave the bodies in the database."""

import re
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Model, QuerySet

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent
from bole.kernel.sealing import blind_index
from bole.portal.models import Article, Complaint, Download
from bole.portal.rules import may_edit, readable
from bole.portal.terms import ArticleKind, ComplaintKind, Contact, OpenComplaint, Page, Reply

__all__ = [
    "article",
    "article_to_edit",
    "articles_to_edit",
    "complaint_to_answer",
    "complaints_to_answer",
    "download",
    "downloads",
    "latest",
    "manual",
    "may_edit",
    "published",
    "reference_index",
    "reply",
    "search",
]

SIZE = 20
_LISTED = ("id", "title", "published_at", "top", "kind", "state", "author", "written_at", "until")
_REFERENCE = re.compile(r"[\s—–－]+")


_M = TypeVar("_M", bound=Model)


def _page(rows: QuerySet[_M], number: int, size: int) -> Page[_M]:
    total = rows.count()
    number = min(max(number, 1), max(1, -(-total // size)))
    return Page(tuple(rows[(number - 1) * size : number * size]), number, total, size)


def latest(site: str, kind: ArticleKind, count: int = 6) -> tuple[Article, ...]:
    """The newest readable articles of a kind for the home page, those put on top first."""
    rows = readable(site).filter(kind=kind.value).only(*_LISTED).order_by("-top", "-published_at", "id")
    return tuple(rows[:count])


def published(site: str, kind: ArticleKind, number: int = 1, size: int = SIZE) -> Page[Article]:
    """A page of the readable articles of a kind, newest first."""
    rows = readable(site).filter(kind=kind.value).only(*_LISTED).order_by("-top", "-published_at", "id")
    return _page(rows, number, size)


def search(site: str, words: str, number: int = 1, size: int = SIZE) -> Page[Article]:
    """Readable articles whose titles hold every word; nothing is found by nothing."""
    rows = readable(site).only(*_LISTED).order_by("-published_at", "id")
    asked = words.split()[:5]
    for word in asked:
        rows = rows.filter(title__icontains=word)
    return _page(rows if asked else rows.none(), number, size)


def article(site: str, id: UUID) -> Article:
    """An article that everybody may read. Raises Absent."""
    found = readable(site).filter(pk=id).first()
    if found is None:
        raise Absent("这篇文章不存在，或已经撤下。")
    return found


def articles_to_edit(site: str, *, by: Actor, number: int = 1, size: int = SIZE) -> Page[Article]:
    """Every article of the portal for its editors, the last written first. Raises Refused."""
    may_edit(by, site).demand()
    return _page(Article.objects.filter(site=site).only(*_LISTED).order_by("-written_at", "id"), number, size)


def article_to_edit(site: str, id: UUID, *, by: Actor) -> Article:
    """One article in whatever state, for editors. Raises Refused, Absent."""
    may_edit(by, site).demand()
    found = Article.objects.filter(site=site, pk=id).first()
    if found is None:
        raise Absent
    return found


def downloads(site: str, count: int | None = None) -> tuple[Download, ...]:
    """Files for everybody, newest first."""
    rows = Download.objects.filter(site=site, removed_at=None).order_by("-added_at", "id")
    return tuple(rows if count is None else rows[:count])


def download(site: str, id: UUID) -> Download:
    """One file for everybody. Raises Absent."""
    found = Download.objects.filter(site=site, pk=id, removed_at=None).select_related("file").first()
    if found is None:
        raise Absent("这个文件不存在，或已经撤下。")
    return found


def manual(site: str) -> Download | None:
    """The manual that 「手册」 leads to, once the authority has put one up (NX-19)."""
    return Download.objects.filter(site=site, manual=True, removed_at=None).first()


def reference_index(reference: str) -> str:
    """The look-up key of a reference as typed: case, spaces and kinds of dash do not matter."""
    return blind_index(_REFERENCE.sub("-", reference.strip()).replace("--", "-"), "complaint")


def _reply(row: Complaint) -> Reply:
    answer = row.answer or ""
    return Reply(row.number, ComplaintKind(row.kind), row.subject, row.filed_at, str(answer), row.answered_at)


def reply(site: str, reference: str) -> Reply | None:
    """Where the complaint behind a reference stands; None for a reference that opens nothing here."""
    row = Complaint.objects.filter(site=site, reference_index=reference_index(reference)).first()
    return None if row is None else _reply(row)


def complaints_to_answer(site: str, *, by: Actor, number: int = 1, size: int = SIZE) -> Page[Complaint]:
    """Complaints of the portal for its editors: the unanswered first, then the newest. Raises Refused."""
    may_edit(by, site).demand()
    rows = Complaint.objects.filter(site=site).defer("text", "contact", "about", "answer")
    return _page(rows.order_by(F("answered_at").desc(nulls_first=True), "-filed_at", "id"), number, size)


def complaint_to_answer(site: str, id: UUID, *, by: Actor) -> OpenComplaint:
    """A complaint with its text and its sender, for editors. Raises Refused, Absent."""
    may_edit(by, site).demand()
    row = Complaint.objects.filter(site=site, pk=id).first()
    if row is None:
        raise Absent
    return OpenComplaint(row.pk, _reply(row), row.about, row.text, Contact(**row.contact), row.revision)
