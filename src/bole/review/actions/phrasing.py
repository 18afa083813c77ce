"""A reviewer's own 「常用意见」."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid
from bole.review.models import Phrase
from bole.review.terms import AuditWord

MOST = 30
LONGEST = 200
_THERE = "已经有这一条常用意见。"


def keep_phrase(*, text: str, by: Actor) -> Phrase:
    """Keep a sentence for later use. Raises Invalid at "text"."""
    text = _sentence(text)
    if by.account is None:
        raise Invalid.at("text", "请先登录。")
    mine = Phrase.objects.filter(account=by.account)
    if mine.count() >= MOST:
        raise Invalid.at("text", f"常用意见最多{MOST}条，请先删除不用的。")
    last = mine.aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            row = Phrase.objects.create(account=by.account, text=text, position=0 if last is None else last + 1)
            audit.record(AuditWord.PHRASE_KEPT, by=by, kind="phrase", id=str(row.id))
            return row
    except IntegrityError:
        raise Invalid.at("text", _THERE) from None


def change_phrase(*, phrase: UUID, text: str, by: Actor) -> Phrase:
    """Other words for one of the actor's own sentences. Raises Invalid at "text", Absent for nobody's or another's."""
    text = _sentence(text)
    try:
        with transaction.atomic():
            row = _own(phrase, by)
            row.text = text
            row.save(update_fields=["text"])
            audit.record(AuditWord.PHRASE_KEPT, by=by, kind="phrase", id=str(row.id))
            return row
    except IntegrityError:
        raise Invalid.at("text", _THERE) from None


@transaction.atomic
def move_phrase(*, phrase: UUID, step: int, by: Actor) -> None:
    """Put one of the actor's own sentences one place forward (-1) or back (1); at the end it stays. Raises Absent."""
    moved = _own(phrase, by)
    rows = list(Phrase.objects.select_for_update().filter(account=by.who))
    at = next(place for place, row in enumerate(rows) if row.id == moved.id)
    to = at + (-1 if step < 0 else 1)
    if not 0 <= to < len(rows):
        return
    rows.insert(to, rows.pop(at))
    for place, row in enumerate(rows):
        row.position = place
    Phrase.objects.bulk_update(rows, ["position"])
    audit.record(AuditWord.PHRASE_KEPT, by=by, kind="phrase", id=str(phrase), detail={"place": to + 1})


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid.at("text", "请填写常用意见的内容。")
    if len(text) > LONGEST:
        raise Invalid.at("text", f"常用意见最多{LONGEST}个字符，现在是{len(text)}个。")
    return text


def _own(phrase: UUID, by: Actor) -> Phrase:
    row = Phrase.objects.select_for_update().filter(id=phrase, account=by.who).first()
    if row is None:
        raise Absent("这一条常用意见已经删除，请刷新页面。")
    return row


def remove_phrase(*, phrase: UUID, by: Actor) -> None:
    """Remove one of the actor's own sentences; nobody else's. Twice is once."""
    with transaction.atomic():
        if Phrase.objects.filter(id=phrase, account=by.who).delete()[0]:
            audit.record(AuditWord.PHRASE_REMOVED, by=by, kind="phrase", id=str(phrase))
