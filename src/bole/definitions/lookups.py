"""The searches and catalogues that fields are picked by, bound by name at start-up; definitions know no units."""

from bole.definitions.terms import Governed, Lookup

_bound: dict[str, Lookup] = {}
_governed: dict[str, Governed] = {}


def bind(name: str, lookup: Lookup) -> None:
    """Give a name used in YAML its search. Raises ValueError for a name that has another one already."""
    if name in _governed or _bound.get(name, lookup) is not lookup:
        raise ValueError(f"lookup {name} is bound twice")
    _bound[name] = lookup


def bind_governed(name: str, catalogue: Governed) -> None:
    """Give a name used in YAML its catalogue. Raises ValueError for a name that has another one already."""
    if name in _bound or _governed.get(name, catalogue) is not catalogue:
        raise ValueError(f"lookup {name} is bound twice")
    _governed[name] = catalogue


def bound(name: str) -> Lookup:
    """The search of this name. Raises KeyError, which a checked definition cannot cause."""
    return _bound[name]


def governed(name: str) -> Governed:
    """The catalogue of this name. Raises KeyError, which a checked definition cannot cause."""
    return _governed[name]


def names() -> frozenset[str]:
    """All searches that a definition may name."""
    return frozenset(_bound)


def governed_names() -> frozenset[str]:
    """All catalogues that a definition may name."""
    return frozenset(_governed)
