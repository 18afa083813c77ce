"""「附件管理」 and the page before handing in, of a complete case with three hundred scans."""

from itertools import cycle
from random import Random

from tests.factories import cases
from tests.factories.people import as_self

from bench import bare, cutting, ground
from bench.measure import Result, race
from bole.cases import queries
from bole.cases.actions.evidence import MOST_FILES
from bole.cases.models import Attachment, Case
from bole.documents.models import StoredFile
from bole.kernel.actors import Way

AIM = 8.0


def crowded_case() -> Case:
    """Lin's case with as many scans as a case may have."""
    lin = ground.world().lin
    return crowd(cases.complete_case(lin, as_self(lin)))


def crowd(case: Case) -> Case:
    """The case with as many scans as one may have, spread over its lines, each with a file of its own."""
    lines = cycle([slot.attachments[0] for slot in queries.form_of(case).slots if slot.attachments and slot.most > 1])
    dice = Random(300)
    there = queries.attachments_of(case).count()
    for number, first in zip(range(there, MOST_FILES), lines, strict=False):
        like = first.file
        file = StoredFile.objects.create(
            name=f"证书{number}.jpg", purpose=like.purpose, media_type=like.media_type, size=like.size,
            sha256=f"{number:064x}", stored_sha256=f"{number:064x}", width=like.width, height=like.height,
            fingerprint=f"{dice.getrandbits(256):064x}", key=f"{number % 256:02x}/{number:032x}",
            created_at=like.created_at,
        )  # fmt: skip
        Attachment.objects.create(
            case=case, section=first.section, record=first.record, category=first.category, purpose=first.purpose,
            file=file, position=number, round=0, added_at=first.added_at, added_by=first.added_by,
        )  # fmt: skip
    return case


def run() -> list[Result]:
    """Both pages behind the whole middleware against a view that reads the same rows and sends the same bytes."""
    case, lin = crowded_case(), ground.world().lin
    if lin.account is None:
        raise RuntimeError("Lin has no account")
    cookie = ground.session_of(lin.account, Way.PERSON, person=lin.pk)
    pages = (("evidence_300", "evidence/"), ("preview_300", "preview/"))
    return [against(name, f"/ningxia/cases/{case.number}/{part}", cookie, case, AIM) for name, part in pages]


def against(name: str, path: str, cookie: str, case: Case, aim: float) -> Result:
    """A page about the case against the bare view, after both were found to send the same."""
    ours = ground.getter(ground.whole(), path, cookie)
    floor = ground.getter(ground.bare(), f"/bare/scans/{case.number}/")
    page = ours().decode()
    bare.prepare_scans(page)
    cutting.demand_same(cutting.without_seals(page), cutting.without_seals(floor().decode()))
    note = f"{len(page.encode()) / 1024:.0f} KB, {ground.queries(ours)} queries against {ground.queries(floor)}"
    return race(name, lambda _: ours(), lambda _: floor(), aim=aim, note=note)
