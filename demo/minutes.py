"""Minutes of the demo's councils, in the official language of such papers. No resident is named."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from demo.matters import Matter

CHAIRS = (
    "社区党组织书记主持会议",
    "会议由社区党组织书记召集并主持",
    "社区居委会主任主持会议，街道联系领导到会指导",
)
OPENINGS = (
    "{day}，{council}召开{year}年第{quarter}季度会议。{chair}，{present}家成员单位到会{excused}。",
    "{council}{year}年第{quarter}季度例会于{day}在{venue}举行。{chair}。应到{all}家，实到{present}家{excused}。",
    "根据会议制度，{council}于{day}在{venue}召开本季度例会，{present}家成员单位参加{excused}。{chair}。",
)
ORDINALS = "一二三四五六"
CLOSINGS = (
    "会议要求，各成员单位按照分工抓好落实，办理情况于下次会议前报社区汇总。",
    "会议强调，议定事项由社区逐项登记、跟踪督办，并向居民公开。",
    "会议决定，下次会议原则上安排在下一季度中旬，议题由各单位提前一周提出。",
    "未尽事宜由社区与有关单位另行协商。",
    "",
)
OTHER = (
    "有单位提出门前道路积水问题，会后由社区转有关部门。",
    "会议还对居民来信来访情况作了通报。",
    "会上征求了对社区服务的意见，当场答复{k}条，其余会后回复。",
    "会议通报了近期安全生产有关要求。",
)
AMENDED = (
    (
        "漏记一家成员单位的发言，予以补充。",
        "（补记）会上另有成员单位提出，活动场地可在周末延长开放至二十一时，会议予以采纳。",
    ),
    ("参会单位名称记录有误，予以更正。", "（更正）原稿所列参会单位名称以签到表为准。"),
    (
        "议定事项的完成时限表述不清，予以明确。",
        "（补正）议定事项均应于下次会议前办结，确有困难的须书面说明。",
    ),
)
VENUES = (
    "社区党群服务中心会议室",
    "社区二楼会议室",
    "社区议事厅",
    "街道三楼会议室",
    "驻区单位会议室",
)


class Earlier(NamedTuple):
    """A task of an earlier session, and when it was done, if it was."""

    title: str
    done_on: date | None


class Sitting(NamedTuple):
    """A session as described in the minutes."""

    council: str
    held_on: date
    venue: str
    present: int
    excused: int
    all: int
    matters: Sequence[Matter]
    resolved: Sequence[Matter]
    earlier: Earlier | None


def agenda(random: Random, matters: Sequence[Matter], earlier: Earlier | None) -> tuple[str, ...]:
    """What the session is to deal with, in order."""
    first = ("通报上次会议议定事项办理情况",) if earlier else ()
    last = ("其他事项",) if random.random() < 0.35 else ()
    return (*first, *dict.fromkeys(matter.title for matter in matters), *last)


def minutes(random: Random, sitting: Sitting) -> str:
    """The text of the minutes, some hundred characters."""
    day = sitting.held_on
    opening = random.choice(OPENINGS).format(
        day=f"{day.month}月{day.day}日",
        year=day.year,
        quarter=ORDINALS[(day.month - 1) // 3],
        council=sitting.council,
        venue=sitting.venue,
        chair=random.choice(CHAIRS),
        present=sitting.present,
        all=sitting.all,
        excused=f"，{sitting.excused}家请假" if sitting.excused else "",
    )
    parts = [opening]
    if sitting.earlier:
        parts.append(_followed_up(sitting.earlier, day))
    parts += _discussed(random, sitting.matters)
    if random.random() < 0.3:
        parts.append(random.choice(OTHER).format(k=random.randint(2, 6)))
    if sitting.resolved:
        agreed = "；".join(f"（{ORDINALS[n]}）{m.resolved}" for n, m in enumerate(sitting.resolved))
        agreed = agreed if len(sitting.resolved) > 1 else sitting.resolved[0].resolved
        parts.append(f"会议议定：{agreed}。")
    parts.append(random.choice(CLOSINGS))
    return "\n".join(part for part in parts if part)


def _followed_up(earlier: Earlier, day: date) -> str:
    if earlier.done_on and earlier.done_on < day:
        done_on = f"{earlier.done_on.month}月{earlier.done_on.day}日"
        return f"会议首先听取上次会议议定事项办理情况：“{earlier.title}”已于{done_on}办结销号。"
    return f"会议首先听取上次会议议定事项办理情况：“{earlier.title}”仍在办理，请责任单位加快进度。"


def _discussed(random: Random, matters: Sequence[Matter]) -> list[str]:
    if random.random() < 0.5:
        return [
            f"{ORDINALS[number]}、关于{matter.title.removeprefix('研究')}。{matter.account}。"
            for number, matter in enumerate(matters)
        ]
    joints = ("会议讨论了", "会议就", "会议听取了")
    items = []
    for matter in matters:
        joint = random.choice(joints)
        tail = "进行了协商" if joint == "会议就" else "的汇报" if joint == "会议听取了" else ""
        items.append(f"{joint}{matter.title.removeprefix('研究')}{tail}。{matter.account}。")
    return items
