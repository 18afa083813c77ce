"""Pictures and papers that cases carry: drawn from templates, marked as demonstration, made once and used often."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from bole.documents import actions as documents
from bole.documents import queries as files
from bole.kernel.actors import system

_STAMP = datetime(2018, 10, 1, tzinfo=UTC)
_PAPERS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "education": ("毕业证书", ("学生在本校修完教学计划规定的全部课程，", "成绩合格，准予毕业。"), "某某大学"),
    "titles": ("专业技术职务任职资格证书", ("经评审委员会评审，具备相应任职资格。",), "评审委员会"),
    "skills": ("职业技能等级证书", ("经考核评价，达到相应技能等级。",), "评价机构"),
    "projects": ("科研项目任务书", ("项目名称、编号及主要参加人员见正文。",), "立项部门"),
    "papers": ("论文首页", ("题目、作者、刊期见正文。",), "某某期刊"),
    "appraisals": ("科技成果登记证书", ("经审查，准予登记。",), "成果登记机构"),
    "patents": ("专利证书", ("经审查，决定授予专利权。",), "授权机构"),
    "honors": ("荣誉证书", ("工作成绩突出，特予表彰。",), "表彰单位"),
    "talent_projects": ("入选证明", ("入选人才工程，特此证明。",), "主管部门"),
    "explanation": ("情况说明", ("原证书遗失，正在申请补办，", "先以本说明代替，情况属实。"), "本人签字"),
    "attestation": ("高层次人才信息采集表", ("以上内容已核对，承诺真实有效。",), "本人签字"),
}  # fmt: skip
_PORTRAITS = (("#4a86c8", "#2b2f3a"), ("#c8504a", "#3a2b30"), ("#f2f4f6", "#24405e"))
_WIDTH = 700  # pixels; A4 of this width is high enough for the check of scans


class Papers:
    """Every picture of the demonstration by its kind."""

    def __init__(self) -> None:
        self._pictures = {kind: _drawn("paper", _told(kind), _WIDTH) for kind in _PAPERS}
        self._portraits = [_drawn("portrait", {"ground": g, "coat": c}, 300) for g, c in _PORTRAITS]
        self.scan = _pdf("paper", _told("attestation"))

    def of(self, section: str) -> tuple[bytes, str]:
        """The picture for evidence of a section, with its file name."""
        kind = section if section in self._pictures else "honors"
        return self._pictures[kind], f"{_PAPERS[kind][0]}.jpg"

    def explanation(self) -> tuple[bytes, str]:
        """The signed explanation of a missing certificate."""
        return self._pictures["explanation"], "情况说明.jpg"

    def portrait(self, serial: int) -> tuple[bytes, str]:
        """A drawn figure in place of a photograph."""
        return self._portraits[serial % len(self._portraits)], "证件照片.jpg"


def handbook(title: str, subtitle: str, authority: str, chapters: Mapping[str, tuple[str, ...]]) -> bytes:
    """A handbook as PDF."""
    told = [{"name": name, "lines": list(lines)} for name, lines in chapters.items()]
    return _pdf("handbook", {"title": title, "subtitle": subtitle, "authority": authority, "chapters": told})


def _told(kind: str) -> dict[str, Any]:
    title, lines, issuer = _PAPERS[kind]
    return {"title": title, "lines": list(lines), "issuer": issuer}


def _pdf(template: str, data: Mapping[str, Any]) -> bytes:
    folder = Path(settings.BOLE_CATALOGUE) / "demonstration"
    return documents.render_pdf(folder / f"{template}.typ", data, stamp=_STAMP)


def _drawn(template: str, data: Mapping[str, Any], width: int) -> bytes:
    """The first page as a photograph of it would be: a JPEG."""
    kept = documents.store(_pdf(template, data), name="演示.pdf", purpose="demo", by=system("demo"))
    picture = files.preview(kept, width=width)
    documents.discard(kept)
    return picture
