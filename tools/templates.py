"""Lints templates: nothing that the content security policy would block, nothing unescaped without a reason."""

import re
import sys

from tools.files import texts

_RULES = [
    (
        re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
        "inline script; put it in a static file",
    ),
    (re.compile(r"<style\b", re.IGNORECASE), "inline style sheet; put it in a static file"),
    (re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE), "style attribute; use a class"),
    (
        re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[\w:-]*)\s*=", re.IGNORECASE),
        "event handler attribute; attach it in a static script",
    ),
    (re.compile(r"(?:src|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE), "something from another host"),
    (re.compile(r"javascript:", re.IGNORECASE), "javascript: address"),
]
_UNESCAPED = re.compile(r"\|\s*safe\b|\bautoescape\s+off\b|\bmark_safe\(|\bSafeString\(")
_REASON = re.compile(r"safe:\s*\S+")
_FORM = re.compile(r"<form\b[^>]*method\s*=\s*[\"']post[\"'][^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)


def html_faults(path: str, text: str) -> list[str]:
    """What is wrong with one template."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        found += [f"{path}:{number}: {say}" for rule, say in _RULES if rule.search(line)]
    for form in _FORM.finditer(text):
        if "csrf_token" not in form[1]:
            found.append(f"{path}:{text.count(chr(10), 0, form.start()) + 1}: a posting form without csrf_token")
    return found


def unescaped_faults(path: str, text: str) -> list[str]:
    """Unescaped output whose line, or the line before, gives no reason (`safe: why`)."""
    lines = ["", *text.splitlines()]
    return [
        f"{path}:{number}: unescaped output without a reason (write `safe: why` beside it)"
        for number in range(1, len(lines))
        if _UNESCAPED.search(lines[number]) and not (_REASON.search(lines[number]) or _REASON.search(lines[number - 1]))
    ]


def faults() -> list[str]:
    """Everything wrong in templates and in code that writes markup."""
    found = []
    for path, text in texts(".html"):
        if path.startswith("src/"):
            found += html_faults(path, text) + unescaped_faults(path, text)
    for path, text in texts(".py"):
        if path.startswith("src/"):
            found += unescaped_faults(path, text)
    return found


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
