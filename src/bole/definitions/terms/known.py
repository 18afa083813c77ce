"""What the rest of the platform knows, handed in so that this room stays pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """Names that definitions may refer to. None means that nobody was asked: such names are taken on trust.

    Templates are named "site/template", those for all sites "shared/template".
    """

    tables: frozenset[str] | None = None
    effects: frozenset[str] | None = None
    roles: frozenset[str] | None = None
    templates: frozenset[str] | None = None
    lookups: frozenset[str] | None = None
    sites: frozenset[str] | None = None
