"""The program of the child process that opens uploaded files; see sandbox.py. Never run by hand.

It reads questions from its standard input and answers on its standard output, each a header in JSON and a content.
It has neither the keys nor the database, writes no file, and ends with its parent.
"""

import json
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from bole.documents import images, papers
from bole.documents.terms import Inspected
from bole.kernel.errors import Invalid

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows
    resource = None

HEAD = struct.Struct(">II")
GROWN = 400 * 1024 * 1024  # resident
MEMORY = 1536 * 1024 * 1024  # address space; a photograph of 60 megapixels needs half of it


def write(out: BinaryIO, head: dict[str, Any], content: bytes = b"") -> None:
    """One message: lengths, header, content."""
    told = json.dumps(head).encode()
    out.write(HEAD.pack(len(told), len(content)) + told)
    out.write(content)
    out.flush()


def read(source: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """The next message. Raises EOFError when the other side has gone."""
    lengths = source.read(HEAD.size)
    if len(lengths) < HEAD.size:
        raise EOFError
    told, content = HEAD.unpack(lengths)
    head, body = source.read(told), source.read(content)
    if len(head) < told or len(body) < content:
        raise EOFError
    return json.loads(head), body


def confine() -> None:
    """Give up what opening a file does not need: more memory, files to write. Windows knows no such limits."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def has_grown() -> bool:
    """Whether a large file left the process so large that a fresh one is better.

    The kernel's own page about the process is asked where there is one: what getrusage calls the largest size is
    handed down from the parent at its birth, so that under a large server every child would seem grown at once.
    """
    with suppress(OSError):
        resident = int(Path("/proc/self/statm").read_text().split()[1])
        return resident * os.sysconf("SC_PAGESIZE") > GROWN
    return resource is not None and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > GROWN


def _told(found: Inspected) -> tuple[dict[str, Any], bytes]:
    head = {
        "type": found.media_type.value,
        "pages": found.pages,
        "width": found.width,
        "height": found.height,
        "flaws": [[flaw.value, page] for flaw, page in found.flaws],
        "fingerprint": found.fingerprint,
    }
    return head, found.content


def _answer(asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    match asked["do"]:
        case "inspect-paper":
            return _told(papers.inspect(content))
        case "inspect-image":
            return _told(images.inspect(content))
        case "check-further":
            return {"flaws": [[flaw.value, page] for flaw, page in papers.check_further(content)]}, b""
        case "draw-page":
            return {}, papers.page_image(content, asked["page"], asked["width"], asked["turn"])
        case _:
            return {}, images.thumbnail(content, asked["width"], asked["turn"])


def main() -> None:
    """Answer until nobody asks any more."""
    source, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    confine()
    while True:
        try:
            asked, content = read(source)
        except EOFError:
            return
        try:
            head, body = _answer(asked, content)
            write(out, {"done": head}, body)
        except Invalid as wrong:
            write(out, {"invalid": wrong.sentence})
        except IndexError:
            write(out, {"absent": True})
        if has_grown():
            return


if __name__ == "__main__":
    main()
    sys.exit(0)
