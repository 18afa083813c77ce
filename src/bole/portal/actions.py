"""The only writers of the portal room's tables."""

import re
import secrets
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import transaction

from bole.accounts import actions as accounts
from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents.terms import MediaType
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import china, now, today
from bole.kernel.errors import Absent, Fault, Invalid, Moved
from bole.organizations import queries as organizations
from bole.portal import queries
from bole.portal.models import Article, Complaint, Download
from bole.portal.rules import may_edit
from bole.portal.terms import (
    ANSWER_MAX,
    BODY_MAX,
    COMPLAINT_MAX,
    COMPLAINT_PREFIXES,
    COMPLAINTS,
    SUBJECTS,
    TITLE_MAX,
    ArticleKind,
    ArticleState,
    ComplaintKind,
    Contact,
    OpenComplaint,
    Receipt,
)

_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"  # no vowels, nothing that reads alike
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _check(*faults: Fault | None) -> None:
    found = [fault for fault in faults if fault is not None]
    if found:
        raise Invalid(*found)


def _length(at: str, name: str, text: str, most: int) -> Fault | None:
    if not text:
        return Fault(at, f"请填写{name}")
    if len(text) > most:
        return Fault(at, f"{name}最多{most}个字符，现在是{len(text)}个")
    return None


def write_article(
    *, site: str, kind: ArticleKind, title: str, body: str, source: str, until: date | None, top: bool, by: Actor
) -> Article:
    """Write a new draft. Raises Refused, Invalid at "title", "body", "until"."""
    may_edit(by, site).demand()
    title, body = _article_texts(title, body, until)
    with transaction.atomic():
        article = Article.objects.create(
            site=site,
            kind=kind.value,
            title=title,
            body=body,
            source=_clean(source)[:100],
            until=until,
            top=top,
            author=by.name,
            written_by=by.account,
            written_at=now(),
        )
        audit.record("portal.article.written", by=by, kind="article", id=str(article.pk), detail={"kind": kind.value})
    return article


def _article_texts(title: str, body: str, until: date | None) -> tuple[str, str]:
    title, body = _clean(title).replace("\n", " "), _clean(body)
    past = Fault("until", "截止日期早于今天，请改为今天或以后的日期，或留空") if until and until < today() else None
    _check(_length("title", "标题", title, TITLE_MAX), _length("body", "正文", body, BODY_MAX), past)
    return title, body


def revise_article(
    *,
    site: str,
    id: UUID,
    seen: int,
    kind: ArticleKind,
    title: str,
    body: str,
    source: str,
    until: date | None,
    top: bool,
    by: Actor,
) -> Article:
    """Change an article in whatever state. Raises Refused, Absent, Invalid, Moved when `seen` is outdated."""
    title, body = _article_texts(title, body, until)

    def change(article: Article) -> None:
        article.kind, article.title, article.body = kind.value, title, body
        article.source, article.until, article.top = _clean(source)[:100], until, top
        article.author, article.written_by, article.written_at = by.name, by.account, now()

    return _change_article(site, id, seen, change, "portal.article.revised", by)


def publish_article(*, site: str, id: UUID, seen: int, by: Actor) -> Article:
    """Put an article before the public; a republished one counts as new. Raises Refused, Absent, Moved."""

    def change(article: Article) -> None:
        if article.state == ArticleState.PUBLISHED.value:
            raise Moved("这篇文章已经发布，不用再次发布。")
        if article.until and article.until < today():
            raise Invalid.at("until", "截止日期早于今天，发布后也看不到。请先修改截止日期")
        article.state, article.published_at, article.published_by = ArticleState.PUBLISHED.value, now(), by.account

    return _change_article(site, id, seen, change, "portal.article.published", by)


def withdraw_article(*, site: str, id: UUID, seen: int, by: Actor) -> Article:
    """Take a published article away from the public; it stays with the editors. Raises Refused, Absent, Moved."""

    def change(article: Article) -> None:
        if article.state != ArticleState.PUBLISHED.value:
            raise Moved("这篇文章没有发布，或已经撤下。")
        article.state = ArticleState.WITHDRAWN.value

    return _change_article(site, id, seen, change, "portal.article.withdrawn", by)


def _change_article(
    site: str, id: UUID, seen: int, change: Callable[[Article], None], action: str, by: Actor
) -> Article:
    may_edit(by, site).demand()
    with transaction.atomic():
        article = Article.objects.select_for_update().filter(site=site, pk=id).first()
        if article is None:
            raise Absent
        if article.revision != seen:
            at = china(article.written_at)
            raise Moved(
                f"{article.author}在{at.month}月{at.day}日 {at:%H:%M} 修改过这篇文章。请重新打开，核对后再修改。"
            )
        change(article)
        article.revision += 1
        article.save()
        audit.record(action, by=by, kind="article", id=str(article.pk), detail={"revision": article.revision})
    return article


def add_download(*, site: str, title: str, data: bytes, name: str, manual: bool, by: Actor) -> Download:
    """Put a file before the public; a new manual takes the place of the old. Raises Refused, Invalid."""
    may_edit(by, site).demand()
    title = _clean(title).replace("\n", " ")
    _check(_length("title", "文件名称", title, TITLE_MAX))
    with transaction.atomic():
        file = documents.store(data, name=name, purpose="download", by=by)
        if manual:
            Download.objects.filter(site=site, manual=True, removed_at=None).update(manual=False)
        download = Download.objects.create(
            site=site,
            title=title,
            file=file,
            suffix=MediaType(file.media_type).suffix.lstrip(".").upper(),  # never what somebody called it (AC-07)
            size=file.size,
            manual=manual,
            added_at=now(),
            added_by=by.account,
        )
        audit.record("portal.download.added", by=by, kind="download", id=str(download.pk))
    return download


def remove_download(*, site: str, id: UUID, by: Actor) -> None:
    """Take a file away from the public. Raises Refused, Absent."""
    may_edit(by, site).demand()
    with transaction.atomic():
        download = Download.objects.select_for_update().filter(site=site, pk=id, removed_at=None).first()
        if download is None:
            raise Absent("这个文件不存在，或已经撤下。")
        download.removed_at = now()
        download.save(update_fields=["removed_at"])
        audit.record("portal.download.removed", by=by, kind="download", id=str(download.pk))


def file_complaint(
    *, site: str, kind: ComplaintKind, subject: str, about: str, text: str, name: str, phone: str, by: Actor
) -> Receipt:
    """Take a complaint or a report from anybody; a report may be anonymous.

    Who gave no name leaves none: neither log-in nor address is written down with it. Raises Invalid at "subject",
    "about", "text", "name", "phone"; TooMany after twenty from one address in a day.
    """
    organizations.site(site)
    text, about, contact = _clean(text), _clean(about), Contact(_clean(name), phone.strip())
    _check(
        None if subject in SUBJECTS[kind] else Fault("subject", "请选择事项"),
        Fault("about", f"涉及单位最多100个字符，现在是{len(about)}个") if len(about) > 100 else None,
        _length("text", "情况说明", text, COMPLAINT_MAX),
        *_contact_faults(kind, contact),
    )
    if by.address:
        accounts.reserve(COMPLAINTS, by.address)
    teller = by if contact.name else Actor(way=Way.PERSON, site=site)
    with transaction.atomic():
        number = f"{COMPLAINT_PREFIXES[kind]}{today():%Y%m%d}-{_random(6)}"
        reference = f"{number}-{_random(8)}"
        row = Complaint.objects.create(
            site=site,
            kind=kind.value,
            number=number,
            reference_index=queries.reference_index(reference),
            subject=subject,
            about=about,
            text=text,
            contact={"name": contact.name, "phone": contact.phone},
            filed_at=now(),
        )
        audit.record("portal.complaint.filed", by=teller, kind="complaint", id=str(row.pk), detail={"kind": kind.value})
    return Receipt(reference, kind, row.filed_at)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _contact_faults(kind: ComplaintKind, contact: Contact) -> list[Fault | None]:
    named = kind is ComplaintKind.COMPLAINT or bool(contact.name or contact.phone)
    if not named:
        return []
    phone = None
    if not contact.phone:
        phone = Fault("phone", "请填写手机号码")
    elif not _PHONE.fullmatch(contact.phone):
        phone = Fault("phone", "联系电话应为 11 位手机号码，或带区号的座机号码")
    return [_length("name", "联系人", contact.name, 50), phone]


def read_complaint(*, site: str, id: UUID, by: Actor) -> OpenComplaint:
    """A complaint with its text and its sender, for an editor; the look is written down. Raises Refused, Absent."""
    found = queries.complaint_to_answer(site, id, by=by)
    audit.record("portal.complaint.viewed", by=by, kind="complaint", id=str(id))
    return found


def answer_complaint(*, site: str, id: UUID, seen: int, answer: str, by: Actor) -> None:
    """Answer a complaint, or answer it anew. Raises Refused, Absent, Invalid at "answer", Moved."""
    may_edit(by, site).demand()
    answer = _clean(answer)
    _check(_length("answer", "答复", answer, ANSWER_MAX))
    with transaction.atomic():
        row = Complaint.objects.select_for_update().filter(site=site, pk=id).first()
        if row is None:
            raise Absent
        if row.revision != seen:
            raise Moved("这件投诉举报刚刚有人答复过。请重新打开，核对后再答复。")
        row.answer, row.answered_at, row.answered_by = answer, now(), by.account
        row.revision += 1
        row.save()
        audit.record("portal.complaint.answered", by=by, kind="complaint", id=str(row.pk))
