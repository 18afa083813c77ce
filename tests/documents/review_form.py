"""The sample that 专业技术资格评审(申报)表 is tested with: every field of Shenzhen's form answered, without a database.

After a wanted change of the form its expected pages are drawn anew by
`BOLE_DRAW=1 python -m pytest tests/documents/test_review_form.py`; look at them before they are committed.
"""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from bole.definitions import queries
from bole.definitions.faces.printing import print_data
from bole.definitions.faces.reading import read_all
from bole.definitions.fields import type_of
from bole.definitions.terms import Choice, Context, Field, SectionKind, Service, Shape, ShownSection
from bole.documents import actions, qr
from tests.documents import samples

EXPECTED = Path(__file__).parent / "expected"
WIDTH = 280  # pixels of an expected page
TODAY = dt.date(2026, 11, 21)
STAMP = dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC)
# Of GB 18030: basic, the extensions A to F, compatibility, and the middle dot of names.
RARE = (
    "㐂䶮㛃䲢", "龦鿫鿍", "𠮷𠅤𪚥𡋾", "𪜀𫓧𪣻", "𫝀𫞩𫠊", "𫠠𬍛𬶍𬺈", "𬺰𬺵𮯠", "﨑﨎", "〇", "买买提·吐尔逊",
)  # fmt: skip
PERSON = {
    "name": "欧阳䶮·𫞩", "identity_number": "440301198003010017", "sex": "1", "birth_on": "1980-03-01",
    "ethnic_group": "01", "phone": "13800000000",
}  # fmt: skip


class Lines:
    """In place of the catalogue of titles, which lies in the database: every line that is asked for, by its number."""

    attributes = frozenset({"unit", "online"})

    def offered(self, parent: str | None, context: Context) -> tuple[Choice, ...]:
        return ()

    def known(self, value: str) -> Choice:
        return Choice(value, f"目录{value[-2:]}")

    def below(self, value: str, parent: str | None) -> bool:
        return True

    def fault(self, value: str, parent: str | None, context: Context) -> str:
        return ""

    vacant = fault


def service() -> Service:
    """「普通申报」 as the catalogue has it."""
    return queries.catalogue().services["shenzhen", "title-ordinary"]


def record(fields: tuple[Field, ...], mark: str) -> dict[str, Any]:
    """Every field that a person answers; texts are told apart by the mark."""
    chosen: dict[str, Any] = {}
    for place, field in enumerate(fields):
        kind = type_of(field)
        if field.fixed or kind.shape is Shape.FILE:
            continue
        if field.parent and field.type != "governed":
            chosen[field.field] = kind.offered(field, TODAY, chosen[field.parent])[0].code
        elif field.type == "governed":
            chosen[field.field] = f"00000000-0000-4000-8000-0000000000{place:02d}"
        elif field.type in ("text", "long-text"):
            chosen[field.field] = f"答{mark}{place:02d}"[: field.max or 60]
        else:
            chosen[field.field] = kind.sample(field)
    return chosen


def answers(rows: int = 1) -> dict[str, Any]:
    """Every section, those of many with so many records; kinds of nothing, and the rare names."""
    typed: dict[str, Any] = {}
    for place, section in enumerate(service().sections):
        if section.kind is not SectionKind.FIELDS:
            continue
        if section.many is None:
            typed[section.section] = record(section.fields, f"{place:02d}")
        else:
            made = [record(section.fields, f"{place:02d}{row:02d}") for row in range(rows)]
            typed[section.section] = [{"id": f"r{row}", **each} for row, each in enumerate(made)]
    typed["basic"] |= {
        "insurance_card": {"nothing": "inapplicable", "reason": "在广州参保"},
        "telephone": {"nothing": "none"},
        "held": {"nothing": "none"},
        "societies": "、".join(RARE),
    }
    typed["patents"] = {"nothing": "none"}
    typed["visits"] = []
    typed["negatives"] |= {"text": {"nothing": "none"}, "sanctioned": "0"}
    return typed


def context(typed: Mapping[str, Any]) -> Context:
    """What the platform knows beside the answers."""
    return Context(
        today=TODAY, facts={"person": PERSON, "unit": {"name": "深圳市测试医院"}}, answers=typed, site="shenzhen"
    )


def shown(typed: Mapping[str, Any]) -> tuple[ShownSection, ...]:
    """The form as it is read."""
    return read_all(service(), typed, context(typed), mask=False)


def given(typed: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """What the template gets of a case that both desks passed."""
    output = service().outputs[0]
    box = {"verdict": "审核通过", "opinion": "同意推荐。", "who": "周敏", "on": "2026年11月20日"}
    return {
        **print_data(service(), typed, context(typed), cover=output.cover),
        "title": output.name, "number": "ZCPT2026-1121-00007", "unit": "深圳市测试医院", "subject": PERSON["name"],
        "filled_on": "2026年11月2日", "approved_on": "2026年11月21日", "watermark": "",
        "evidence": [
            {"caption": "个人总结", "files": 2, "gap": ""}, {"caption": "获奖证书", "files": 0, "gap": "证书遗失"},
        ],
        "opinions": [
            {"step": "unit", "name": "单位审核", "unit": "深圳市测试医院", **box},
            {"step": "department", "name": "日常工作部门审核", "unit": "深圳市卫生健康委员会", **box, "verdict": "受理",
             "opinion": "材料齐全。", "who": "吴敏", "on": "2026年11月21日"},
        ],
        "code": "7K2M-9QHX-4B8T", "digest": "0123-4567-89AB-CDEF",
        **more,
    }  # fmt: skip


def paper(data: Mapping[str, Any]) -> bytes:
    """The form as PDF; any warning of the engine is a failure."""
    template = queries.print_template("shenzhen", service().outputs[0].print)
    files = {"qr": qr.svg("https://example.cn/shenzhen/verify/7K2M9QHX4B8T/").encode(), "photo": samples.image("JPEG")}
    return actions.render_pdf(template, data, files=files, stamp=STAMP, strict=True)


def drawn(content: bytes) -> list[Image.Image]:
    """Its pages, small and grey."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.render(scale=WIDTH / page.get_size()[0]).to_pil().convert("L") for page in document]
    finally:
        document.close()


def expected() -> list[Image.Image]:
    """The pages as they should look."""
    return [Image.open(path).convert("L") for path in sorted(EXPECTED.glob("review-form-*.png"))]


def draw_expected(content: bytes) -> None:
    """Draw the expected pages anew."""
    for old in EXPECTED.glob("review-form-*.png"):
        old.unlink()
    EXPECTED.mkdir(exist_ok=True)
    for place, page in enumerate(drawn(content), start=1):
        out = io.BytesIO()
        page.quantize(16).save(out, "PNG", optimize=True)
        (EXPECTED / f"review-form-{place:02d}.png").write_bytes(out.getvalue())
