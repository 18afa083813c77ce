"""The portals of the catalogue: read once at start-up, asked for by code ever after."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from bole.kernel.errors import Absent
from bole.organizations.terms import Site

_READER = TypeAdapter(Site)
_sites: dict[str, Site] = {}


class BrokenSites(ValueError):
    """sites.yaml cannot be used; the message names the file, the entry and what is wrong with it."""


def load_sites(path: Path) -> tuple[Site, ...]:
    """Read catalogue/sites.yaml and put its portals in force. Raises BrokenSites, so that start-up refuses it."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(read, Mapping) or set(read) != {"sites"} or not isinstance(read["sites"], list):
        raise BrokenSites(f"{path}: expected one list named `sites`")
    found = tuple(_site(path, number, entry) for number, entry in enumerate(read["sites"], start=1))
    codes = [entry.code for entry in found]
    if len(set(codes)) != len(codes):
        raise BrokenSites(f"{path}: a site code appears twice: {', '.join(codes)}")
    _sites.clear()
    _sites.update({entry.code: entry for entry in found})
    return found


def sites() -> tuple[Site, ...]:
    """Every portal, in the order of the catalogue."""
    return tuple(_sites.values())


def site(code: str) -> Site:
    """One portal. Raises Absent for an unknown code."""
    try:
        return _sites[code]
    except KeyError:
        raise Absent("没有这个办事大厅，请从首页重新进入。") from None


def _site(path: Path, number: int, entry: object) -> Site:
    try:
        found = _READER.validate_python(entry)
    except ValidationError as wrong:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors())
        raise BrokenSites(f"{path}: site {number}: {faults} (quote numbers)") from None
    blank = [name for name in ("code", "name", "short", "authority", "office", "region") if not getattr(found, name)]
    if blank:
        raise BrokenSites(f"{path}: site {number}: {', '.join(blank)} must not be blank")
    return found
