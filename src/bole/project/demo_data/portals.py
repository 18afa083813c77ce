"""What the public reads on the portal of 宁夏: announcements, policies, files to download, complaints with answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.organizations.terms import Role
from bole.portal import actions as portal
from bole.portal import queries
from bole.portal.terms import ArticleKind, ComplaintKind
from bole.project.demo_data import texts
from bole.project.demo_data.papers import handbook
from bole.project.demo_data.stage import Stage
from bole.project.demo_data.texts import Notice
from bole.project.demo_data.units import PROVINCE, SITE


@dataclass(frozen=True, slots=True)
class _Voice:
    """A complaint: what about, who says it, and what was answered (nothing yet when blank)."""

    kind: ComplaintKind
    subject: str
    about: str
    text: str
    name: str
    phone: str
    answer: str = ""


_VOICES = (
    _Voice(
        ComplaintKind.COMPLAINT, "办理时限", "某县人力资源和社会保障局",
        "我的采集表在县里停留已超过规定的工作日，希望尽快办理。", "沙先生", "19900006901",
        "经核实，该件因附件不清晰正在与单位核对，已于当日办结。今后将在期限届满前主动告知进度。",
    ),
    _Voice(
        ComplaintKind.COMPLAINT, "审核结果", "", "退回意见只写了“材料不全”，没有说明缺哪一份，请给予指导。",
        "纳女士", "19900006902",
        "感谢反映。已提醒审核人员退回时逐项标出需要补充的材料，您可在“审核进度”中查看新的意见。",
    ),
    _Voice(ComplaintKind.COMPLAINT, "其他", "", "上传附件时希望能一次选择多个文件。", "虎先生", "19900006903"),
    _Voice(ComplaintKind.REPORT, "弄虚作假", "某企业", "该单位有人填报的获奖证书与实际不符，请核实。", "", ""),
)  # fmt: skip


def load(stage: Stage, now: datetime) -> int:
    """Publish, file and answer; returns how many things were made."""
    editor = stage.holder(stage.units[PROVINCE].pk, Role.EDITOR)
    made = publish(SITE, texts.NINGXIA, now, editor)
    with clock.travel(now - timedelta(days=52)):
        portal.add_download(
            site=SITE, title="高层次人才信息采集操作手册（摘要）", data=handbook(*texts.HANDBOOK),
            name="高层次人才信息采集操作手册.pdf", manual=True, by=editor,
        )  # fmt: skip
        portal.add_download(
            site=SITE, title="情况说明（范本）", data=handbook(*texts.EXPLANATION), name="情况说明范本.pdf",
            manual=False, by=editor,
        )  # fmt: skip
    for place, voice in enumerate(_VOICES):
        _hear(voice, now - timedelta(days=20 - 5 * place, hours=3), editor)
    return made + 2 + len(_VOICES)


def publish(site: str, notices: tuple[Notice, ...], now: datetime, by: Actor) -> int:
    """Write and publish articles, each on its day; drafts stay drafts."""
    for notice in notices:
        with clock.travel(now - timedelta(days=notice.days_ago, hours=2)):
            article = portal.write_article(
                site=site, kind=ArticleKind(notice.kind), title=notice.title, body=notice.body, source=notice.source,
                until=None, top=notice.top, by=by,
            )  # fmt: skip
            if not notice.draft:
                portal.publish_article(site=site, id=article.pk, seen=article.revision, by=by)
    return len(notices)


def _hear(voice: _Voice, at: datetime, editor: Actor) -> None:
    stranger = Actor(way=Way.PERSON, site=SITE)
    with clock.travel(at):
        receipt = portal.file_complaint(
            site=SITE, kind=voice.kind, subject=voice.subject, about=voice.about, text=voice.text, name=voice.name,
            phone=voice.phone, by=stranger,
        )  # fmt: skip
    if not voice.answer:
        return
    with clock.travel(at + timedelta(days=2)):
        number = queries.reply(SITE, receipt.reference)
        waiting = queries.complaints_to_answer(SITE, by=editor).rows
        row = next(row for row in waiting if number is not None and row.number == number.number)
        portal.answer_complaint(site=SITE, id=row.pk, seen=row.revision, answer=voice.answer, by=editor)
