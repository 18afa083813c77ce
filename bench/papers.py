"""「批量打印」: 1,000 review forms made in the background into one bundle, against the engine setting static pages."""

import io
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import typst
from tests.factories.organizations import SETUP
from tests.journeys.declaring_shenzhen import SITE, make_shenzhen, ready_case

from bench import clones
from bench.measure import Result
from bench.pdf import bare_compiler
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.documents import pdf as engine
from bole.documents import queries as documents
from bole.kernel.actors import Actor
from bole.organizations.terms import Capacity
from bole.review import actions as review
from bole.review.models import Export
from bole.review.terms import ExportState
from bole.web import tasks
from bole.web.pages.work.printing import LIST, Papers

AIM, STATIC_AIM = 2.0, 10.0
PAPERS = int(os.environ.get("BOLE_BENCH_PAPERS", "1000"))
FLOOR, WARM = 100, 3  # compilations of the floors; each costs the same
_Given = tuple[Path, dict[str, str], Any, Any]

_STATIC = """#set document(title: "评审表")
#set page(paper: "a4", margin: (top: 25mm, bottom: 20mm, left: 22mm, right: 20mm))
#set text(font: ("Noto Serif SC", "Bole Rare Han A", "Bole Rare Han B"), size: 10.5pt, lang: "zh", region: "cn")
#let pages = json("pages.json")
#for (place, page) in pages.enumerate() {
  if place > 0 { pagebreak() }
  for line in page { [#line #linebreak()] }
}
#sys.inputs.at("number")
"""


def run() -> list[Result]:
    """Every paper is another person's; the worker writes them as it would, a second at a time, told after each."""
    publishing.publish_catalogue(by=SETUP)
    ground, service = make_shenzhen(), definitions.service(SITE, "title-ordinary")
    made = clones.complete_cases(ready_case(ground, service), PAPERS)
    numbers = [case.number for case, _ in made]
    desk = ground.keepers[ground.units["works"].pk][0]

    def drafts(by: Actor, held: Capacity, asked: Mapping[str, Any]) -> Papers:
        """Nobody's desk sees drafts: the rule of who sees which case is left out here, and costs one query a second."""
        return Papers(Case.objects.all(), numbers, "https://example.cn", by)

    tasks.LISTS[LIST] = drafts
    asked = {"cases": numbers, "base": "https://example.cn"}
    export = review.ask_export(list=LIST, name="批量打印", asked=asked, total=len(numbers), by=desk)
    given: list[_Given] = []
    with _overheard(given):
        taken, turns = _written(export)
    export.refresh_from_db()
    if export.state != ExportState.READY or export.file is None:
        raise RuntimeError(f"the bundle was not made: {export.say}")
    content = documents.content(export.file)
    bundle = zipfile.ZipFile(io.BytesIO(content))
    papers = [name for name in bundle.namelist() if name.endswith(".pdf")]
    if len(papers) != PAPERS:
        raise RuntimeError(f"{len(papers)} papers of {PAPERS}")
    pages = _texts(bundle.read(papers[0]))
    ours, engine_alone, static = taken / PAPERS, _engine_alone(given), _static(pages)
    note = (
        f"{PAPERS} papers of {len(pages)} pages in {taken / 60000:.1f} minutes, {turns} turns, "
        f"{len(content) / 1024 / 1024:.0f} MB, {1000 / ours:.1f} a second"
    )
    return [
        Result("papers", ours, engine_alone, AIM, f"{note} against {1000 / engine_alone:.1f} of the engine"),
        Result("papers_static", ours, static, STATIC_AIM, f"against {1000 / static:.1f} of static pages"),
    ]


def _written(export: Export) -> tuple[float, int]:
    """Milliseconds and turns of the worker until the bundle is there."""
    started, turns = time.perf_counter(), 0
    while Export.objects.get(pk=export.pk).state in (ExportState.WAITING, ExportState.RUNNING):
        tasks.write_exports()
        turns += 1
    return (time.perf_counter() - started) * 1000, turns


@contextmanager
def _overheard(given: list[_Given]) -> Iterator[None]:
    """What the engine was given for the first papers, to be given to a bare one."""
    compiled = engine._compile

    def listen(compiler: Any, path: Path, inputs: dict[str, str], *rest: Any) -> bytes:
        if len(given) < FLOOR:
            given.append((path, inputs, rest[0], rest[1]))
        return compiled(compiler, path, inputs, *rest)

    engine._compile = listen
    try:
        yield
    finally:
        engine._compile = compiled


def _engine_alone(given: list[_Given]) -> float:
    """Milliseconds for the same papers by a compiler of its own that gets template, data and pictures."""
    compiler, began = bare_compiler(), 0.0
    for place, (path, inputs, stamp, standards) in enumerate(given):
        if place == WARM:
            began = time.perf_counter()
        compiler.compile(
            path, format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=int(stamp.timestamp())
        )
    return (time.perf_counter() - began) * 1000 / (len(given) - WARM)


def _texts(paper: bytes) -> list[list[str]]:
    """What stands on each page, line by line."""
    document = pypdfium2.PdfDocument(paper)
    try:
        return [page.get_textpage().get_text_range().splitlines() for page in document]
    finally:
        document.close()


def _static(pages: list[list[str]]) -> float:
    """Milliseconds for a file of as many pages with the same words and no table, picture, standard or data to read."""
    folder = Path(tempfile.mkdtemp(prefix="bole-bench-"))
    (folder / "pages.json").write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
    source = folder / "static.typ"
    source.write_text(_STATIC, encoding="utf-8")
    fonts = typst.Fonts(False, False, [engine._HERE / "fonts"])
    compiler = typst.Compiler(root=folder, font_paths=fonts)
    started = 0.0
    for place in range(FLOOR):
        if place == WARM:
            started = time.perf_counter()
        compiler.compile(source, format="pdf", sys_inputs={"number": str(place)})
    return (time.perf_counter() - started) * 1000 / (FLOOR - WARM)
