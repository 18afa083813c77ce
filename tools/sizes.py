"""Refuses files too long to be read in one go, and a kernel that grows."""

import sys

from tools.files import texts

SOURCE, TEST, TOOL, KERNEL = 400, 500, 150, 1000
_CODE = (".py", ".html", ".css", ".js", ".sh", ".typ")


def limit(path: str) -> int | None:
    """The most lines this file may have; None when it has no limit (generated, vendored, data)."""
    if "/migrations/" in path or "/vendor/" in path or path.startswith("docs/"):
        return None
    if path.startswith("tests/"):
        return TEST
    return TOOL if path.startswith("tools/") else SOURCE


def faults() -> list[str]:
    """One sentence for each limit that is broken."""
    found, kernel = [], 0
    for path, text in texts(*_CODE):
        lines, most = text.count("\n"), limit(path)
        kernel += lines if path.startswith("src/bole/kernel/") else 0
        if most is not None and lines >= most:
            found.append(f"{path}: {lines} lines; fewer than {most} allowed. Make it a folder of the same name.")
    if kernel > KERNEL:
        found.append(f"src/bole/kernel: {kernel} lines in all; {KERNEL} allowed.")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
