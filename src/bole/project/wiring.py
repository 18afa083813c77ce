"""Hands to rooms what they may not fetch themselves: names that definitions may refer to."""

from bole.definitions.terms import Known


def known_names() -> Known:
    """Effects of the bindings room, code tables, roles, print templates. None: taken on trust."""
    return Known()
