"""A person's name as it is stored and compared."""

import unicodedata

_DOTS = dict.fromkeys(map(ord, "•‧∙・･．."), "·")


def person_name(text: str) -> str:
    """One kind of middle dot, single spaces, rare characters kept."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    # A full stop between Chinese characters is a mistyped middle dot; in a Latin name it stays one.
    return clean.translate(_DOTS) if any(char >= "\u3400" for char in clean) else clean
