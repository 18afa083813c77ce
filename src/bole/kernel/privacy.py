"""How personal a value is, and how it is shown to somebody who need not see the whole of it."""

from enum import StrEnum


class Privacy(StrEnum):
    """Declared for each model field and definition field; storage, logs, lists and exports read it.

    plain: may appear in lists, statistics and logs of work. personal: shown to those who may see the case, not
    in logs. sensitive: encrypted at rest and masked on screen until somebody asks for it, which is recorded.
    """

    PLAIN = "plain"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


def mask_number(value: str) -> str:
    """An identity or document number: the first and the last four characters stay."""
    if len(value) <= 8:
        return value[:1] + "*" * max(len(value) - 2, 1) + value[-1:] if value else ""
    return value[:4] + "*" * (len(value) - 8) + value[-4:]


def mask_phone(value: str) -> str:
    """A phone number: 138****0000."""
    return value[:3] + "****" + value[-4:] if len(value) >= 9 else "*" * len(value)


def mask_name(value: str) -> str:
    """A name on public pages: 林*远, 王*."""
    if len(value) <= 1:
        return value
    return value[0] + "*" if len(value) == 2 else value[0] + "*" * (len(value) - 2) + value[-1]


def mask_text(value: str) -> str:
    """An address or other sensitive text: the first six characters stay, the length does not show."""
    return value[:6] + "****" if len(value) > 6 else "****" if value else ""
