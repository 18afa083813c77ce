"""Where the catalogue's own data lie, and one careful reader for its YAML."""

from pathlib import Path
from typing import Any

import yaml

_directory: list[Path] = []


def configure(catalogue: Path) -> None:
    """Says where the catalogue is; called once at start-up. Caches are kept by directory."""
    _directory[:] = [Path(catalogue)]


def catalogue() -> Path:
    """The catalogue's directory. Raises RuntimeError before `configure`."""
    if not _directory:
        raise RuntimeError("standards.queries.configure() has not been called")
    return _directory[0]


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML mapping in which every scalar is text: 01 stays 01, and 否 or NO never becomes a truth value."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    with path.open(encoding="utf-8") as file:
        try:
            found = yaml.load(file, Loader=loader)  # noqa: S506  # base loaders build only text, lists and mappings
        except yaml.YAMLError as error:
            raise ValueError(f"{path.name}: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path.name}: 顶层应为键值对")
    return found
