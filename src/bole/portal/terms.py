"""Words of the portal room: kinds of article and complaint, their states, and what lists show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from bole.accounts.terms import Limit


class ArticleKind(StrEnum):
    """The two columns of the home page."""

    ANNOUNCEMENT = "announcement"
    POLICY = "policy"


ARTICLE_KIND_NAMES: dict[ArticleKind, str] = {
    ArticleKind.ANNOUNCEMENT: "通知公告",
    ArticleKind.POLICY: "政策法规",
}


class ArticleState(StrEnum):
    """A draft is seen by editors only; a published article by everybody until its last day."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


ARTICLE_STATE_NAMES: dict[ArticleState, str] = {
    ArticleState.DRAFT: "草稿",
    ArticleState.PUBLISHED: "已发布",
    ArticleState.WITHDRAWN: "已撤下",
}


class ComplaintKind(StrEnum):
    """「网上投诉」 is about how one was served, 「网上举报」 about wrong-doing."""

    COMPLAINT = "complaint"
    REPORT = "report"


COMPLAINT_KIND_NAMES: dict[ComplaintKind, str] = {
    ComplaintKind.COMPLAINT: "网上投诉",
    ComplaintKind.REPORT: "网上举报",
}
COMPLAINT_PREFIXES: dict[ComplaintKind, str] = {ComplaintKind.COMPLAINT: "TS", ComplaintKind.REPORT: "JB"}

SUBJECTS: dict[ComplaintKind, tuple[str, ...]] = {
    ComplaintKind.COMPLAINT: ("办理时限", "服务态度", "审核结果", "其他"),
    ComplaintKind.REPORT: ("弄虚作假", "违规评审", "违规收费", "其他"),
}

COMPLAINTS = Limit(
    scope="complaint",
    most=20,
    within=timedelta(days=1),
    sentence="从这个网络提交的投诉举报太多，请{wait}后再试，或拨打服务热线。填写的内容没有丢失。",
)

TITLE_MAX = 100
BODY_MAX = 20_000
COMPLAINT_MAX = 1000
ANSWER_MAX = 1000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """One page of a list with what a pager needs."""

    rows: Sequence[_T]
    number: int
    total: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender of a complaint takes away: the reference is shown once and opens the answer later."""

    reference: str
    kind: ComplaintKind
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reference opens: where the complaint stands, never who sent it."""

    number: str
    kind: ComplaintKind
    subject: str
    filed_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contact:
    """How the sender of a complaint can be reached; both empty for an anonymous report."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OpenComplaint:
    """A complaint as the answering authority reads it."""

    id: UUID
    reply: Reply
    about: str
    text: str
    contact: Contact
    revision: int
