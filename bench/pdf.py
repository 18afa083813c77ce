"""「高层次人才信息采集表」 as PDF: from the case to the file, against the template engine given the same data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.test import RequestFactory

from bench import clones
from bench.basic_page import complete_case
from bench.measure import Result, race
from bole.cases.models import Case
from bole.documents import pdf as engine
from bole.kernel.actors import Actor
from bole.organizations import queries as organizations
from bole.web.pages.filling.casework import CasePage
from bole.web.pages.filling.printing import paper_of

AIM = 1.5
ROUNDS, WARM = 15, 2


def run() -> list[Result]:
    """Every round prints another case; the bare compiler gets what Bole gave its own, under another number."""
    made = clones.complete_cases(complete_case(), ROUNDS + WARM + 1)
    given: dict[str, Any] = {}
    compiled = engine._compile

    def listen(compiler: Any, path: Path, inputs: dict[str, str], *rest: Any) -> bytes:
        given.update(path=path, inputs=inputs, stamp=rest[0], standards=rest[1])
        return compiled(compiler, path, inputs, *rest)

    engine._compile = listen
    try:
        size = len(_paper(*made[-1]))
    finally:
        engine._compile = compiled
    bare = bare_compiler()

    def floor(place: int) -> bytes:
        inputs: Mapping[str, str] = given["inputs"]
        data = inputs["data"].replace(made[-1][0].number, f"CJ-FLOOR-{place:020d}")
        result = bare.compile(
            given["path"], format="pdf", sys_inputs={**inputs, "data": data}, pdf_standards=given["standards"],
            timestamp=int(given["stamp"].timestamp()),
        )  # fmt: skip
        if not isinstance(result, bytes):
            raise TypeError("no single PDF was made")
        return result

    if abs(len(floor(ROUNDS + WARM)) - size) > size // 50:
        raise RuntimeError("the bare compiler makes another paper")
    result = race(
        "pdf",
        lambda place: _paper(*made[place]),
        floor,
        aim=AIM,
        rounds=ROUNDS,
        warm=WARM,
        note=f"{size / 1024:.0f} KB",
    )
    speeds = f"{1000 / result.ours:.1f} papers a second against {1000 / result.floor:.1f}"
    return [Result(result.name, result.ours, result.floor, result.aim, f"{result.note}, {speeds}")]


def bare_compiler() -> typst.Compiler:
    """A compiler with the fonts and packages of Bole's own."""
    folders = [engine._HERE / "fonts", *engine._engine.font_folders]
    if engine._engine.root is None:
        raise RuntimeError("the folder of print templates is not configured")
    return typst.Compiler(
        root=engine._engine.root, font_paths=typst.Fonts(False, False, list(folders)),
        package_path=engine._PACKAGES, package_cache_path=engine._PACKAGES,
    )  # fmt: skip


def _paper(case: Case, by: Actor) -> bytes:
    request: Any = RequestFactory().get("/")
    request.actor, request.here, request.capacity = by, organizations.site(case.site), None
    page = CasePage(request, case.number)
    return paper_of(page)
