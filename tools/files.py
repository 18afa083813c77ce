"""The files of the repository: tracked, or new and not ignored."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SKIPPED = {".git", ".venv", "var", "staticfiles", "__pycache__", "node_modules"}


def repository() -> list[Path]:
    """Every file that is, or would be, committed. Falls back to walking where git is missing (an unpacked archive)."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
        paths = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not _SKIPPED.intersection(path.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """(path in the repository, text) of the files with these endings, or of every text file."""
    for path in repository():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):  # not a text, or removed meanwhile
            continue
