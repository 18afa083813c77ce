"""Hands to rooms what they may not fetch themselves: names that definitions may use."""

from collections.abc import Mapping


def known_names() -> Mapping[str, frozenset[str]]:
    """Names that a definition may refer to: effects, prefill sources and look-ups of the bindings room."""
    return {"effects": frozenset(), "prefill": frozenset(), "lookups": frozenset()}
