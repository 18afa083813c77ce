"""What an effect may take from a form: answers that were right when they were handed in may be so no longer."""

from typing import Any
from uuid import UUID

from bole.kernel.errors import Absent, Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.review.terms import EffectContext


def answer(context: EffectContext, section: str, field: str) -> Any:
    """A required answer. Raises Refused, in words for who decides, when it cannot be taken any more."""
    value = (context.values.get(section) or {}).get(field)
    if value in (None, "", []):
        name = context.service.by_code[section].by_code[field].name
        raise Refused(f"「{name}」在提交之后已不能使用，请退回修改，或终止这份申请。")
    return value


def named_unit(context: EffectContext, section: str, field: str) -> Unit:
    """The unit that an answer names, whether or not it could still be chosen: the caller says what stands against it.

    Raises Refused when no unit can be made out.
    """
    typed = context.typed.get(section)
    text = (context.values.get(section) or {}).get(field) or (typed.get(field) if isinstance(typed, dict) else "")
    try:
        return organizations.unit(UUID(str(text)))
    except (ValueError, Absent):
        return organizations.unit(UUID(str(answer(context, section, field))))
