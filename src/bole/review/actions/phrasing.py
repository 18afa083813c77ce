"""A reviewer's own 「常用意见」."""

from uuid import UUID

from django.db import IntegrityError, transaction

from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid
from bole.review.models import Phrase
from bole.review.terms import AuditWord

MOST = 30
LONGEST = 200


def keep_phrase(*, text: str, by: Actor) -> Phrase:
    """Keep a sentence for later use. Raises Invalid at "text"."""
    text = text.strip()
    if not text:
        raise Invalid.at("text", "请填写常用意见的内容。")
    if len(text) > LONGEST:
        raise Invalid.at("text", f"常用意见最多{LONGEST}个字符，现在是{len(text)}个。")
    if by.account is None:
        raise Invalid.at("text", "请先登录。")
    mine = Phrase.objects.filter(account=by.account)
    if mine.count() >= MOST:
        raise Invalid.at("text", f"常用意见最多{MOST}条，请先删除不用的。")
    try:
        with transaction.atomic():
            row = Phrase.objects.create(account=by.account, text=text, position=mine.count())
            audit.record(AuditWord.PHRASE_KEPT, by=by, kind="phrase", id=str(row.id))
            return row
    except IntegrityError:
        raise Invalid.at("text", "已经有这一条常用意见。") from None


def remove_phrase(*, phrase: UUID, by: Actor) -> None:
    """Remove one of the actor's own sentences; nobody else's. Twice is once."""
    with transaction.atomic():
        if Phrase.objects.filter(id=phrase, account=by.who).delete()[0]:
            audit.record(AuditWord.PHRASE_REMOVED, by=by, kind="phrase", id=str(phrase))
