"""Titles of households and the red and black boards of the demo: doors are
named, nobody by name."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.streams import LAST_DAY, Planned, Strand, StreamStep
from demo.working_days import last_working_day, later, working_day
from domain.honour.board import PostOnBoard, RectifyBoardEntry, RemoveBoardEntry
from domain.honour.household import (
    AnnulHonourEntry,
    CorrectHonourEntry,
    HonourHousehold,
    WithdrawHonour,
)
from domain.kernel.ids import derive_id
from domain.kernel.policy import Board, HonourTitle

AWARDED_FROM = (11, 1)
HELD_YEARS = 2
# Of a year, how many communities elect households, and post on a board.
ELECTING_SHARE = 0.12
POSTED_LAST = date(2025, 12, 15)
POSTING_SHARES = {False: 0.22, True: 0.16}  # by whether what is posted is to be put right

GOOD = (
    "主动清理单元楼道堆物，带动邻里共同维护公共环境。",
    "连续三年义务照看高龄独居邻居，风雨无阻。",
    "拾得现金和证件后第一时间交到社区，物归原主。",
    "带头拆除自家违规搭建的雨棚，支持院落改造。",
    "义务修理小区路灯、健身器材二十余次。",
    "组织楼栋居民自筹资金维修单元门禁。",
    "垃圾分类投放准确率全年保持百分之百。",
    "发现燃气泄漏及时报警并疏散邻居，避免险情扩大。",
    "牵头调解邻里漏水纠纷，双方握手言和。",
    "志愿担任小区暑期儿童看护员，服务六十小时。",
)
RED_REMOVED = ("公示期满，转入社区好人好事档案。", "榜单季度更新，予以撤下。")


class Fault(NamedTuple):
    """What is put on the black board, on which legal basis, and how it is put right."""

    conduct: str
    legal_basis: str
    result: str
    since: date


ALWAYS = date(2021, 1, 1)
FAULTS = (
    Fault(
        "在疏散通道堆放杂物，经两次书面告知仍未清理。",
        "《中华人民共和国消防法》第二十八条",
        "杂物已全部清运，通道恢复畅通，经网格员复查合格。",
        ALWAYS,
    ),
    Fault(
        "在公共门厅停放电动自行车并充电，经劝导仍不改正。",
        "《高层民用建筑消防安全管理规定》第三十七条",
        "车辆已移至集中充电棚，当事人签订安全承诺书。",
        date(2021, 8, 1),
    ),
    Fault(
        "高空抛掷杂物，监控查实，未造成人员伤害。",
        "《中华人民共和国民法典》第一千二百五十四条",
        "当事人向楼栋居民公开致歉，加装阳台防护网。",
        ALWAYS,
    ),
    Fault(
        "擅自占用小区公共绿地种菜，限期内未恢复。",
        "《物业管理条例》第五十条",
        "菜地已清除，绿地复植完成。",
        ALWAYS,
    ),
    Fault(
        "临街商户在人行道堆放货物、外摆经营，多次劝导无效。",
        "《城市市容和环境卫生管理条例》第十四条",
        "外摆货物已收回店内，门前秩序符合要求。",
        ALWAYS,
    ),
    Fault(
        "携犬出户不系犬绳，居民多次投诉。",
        "《中华人民共和国动物防疫法》第三十条",
        "已办理养犬登记并佩戴犬牌，近一月无新增投诉。",
        date(2021, 5, 1),
    ),
    Fault(
        "装修垃圾随意倾倒在垃圾分类点周边。",
        "《中华人民共和国固体废物污染环境防治法》第四十九条",
        "垃圾已由当事人雇车清运，现场恢复整洁。",
        ALWAYS,
    ),
    Fault(
        "夜间长时间使用高音量音响，影响周边居民休息。",
        "《中华人民共和国噪声污染防治法》第六十五条",
        "已调整使用时段和音量，邻居确认不再受扰。",
        date(2022, 6, 5),
    ),
    Fault(
        "未取得规划许可在楼顶搭建房屋，拒不停工。",
        "《中华人民共和国城乡规划法》第四十条",
        "违建已自行拆除，现场复核销号。",
        ALWAYS,
    ),
)
RECTIFIED = "整改完成，经复查合格，提前撤榜。"
TAKEN_DOWN = (
    "当事人申诉成立，事实认定不清，予以撤榜。",
    "案件已移交综合行政执法部门处理，予以撤榜。",
)
WITHDRAWN = (
    "年度复评不合格：楼道堆物经劝导未清理。",
    "该户发生邻里严重纠纷，经居民小组评议取消。",
    "房屋已转让，原住户迁出，称号终止。",
)
AWARD_ANNULLED = "评选公示期内有异议，复核后发现票数统计有误。"
POSTING_ANNULLED = "张榜对象有误，实际行为人不在该处，自始无效。"


def live(chronicle: Chronicle) -> None:
    """The five years of households' titles and of the boards."""
    for year in range(2021, LAST_DAY.year + 1):
        for member in sorted(chronicle.ever(), key=lambda each: each.id):
            for title in chronicle.policy.honours.titles:
                _elect(chronicle, member, year, title)
            for board in chronicle.policy.honours.boards:
                random = chance("board", board.code, member.id, year)
                if random.random() < POSTING_SHARES[board.rectifiable]:
                    day = working_day(date(year, 3, 1) + timedelta(days=random.randrange(300)))
                    if _exists(chronicle, member, day):
                        _Posting(chronicle, member, board, day).run()
    _leave_waiting(chronicle)


def _leave_waiting(chronicle: Chronicle) -> None:
    """At the end of the story some entries are still on a board, one of them rectified."""
    members = [m for m in chronicle.members.values() if _exists(chronicle, m, POSTED_LAST)]
    for board in chronicle.policy.honours.boards:
        chosen = chance("posted last", board.code).sample(members, 3)
        for number, member in enumerate(chosen):
            day = later(POSTED_LAST, number)
            _Posting(chronicle, member, board, day).run(rectified=number == 0)


def _exists(chronicle: Chronicle, member: Member, day: date) -> bool:
    """Whether the community exists on a day, is settled, and has residents."""
    until = chronicle.until(member.id) or date.max
    cleared = chronicle.cleared.get(member.id, date.max)
    return (
        member.since + timedelta(days=60) < day < min(until, cleared, LAST_DAY + timedelta(days=1))
    )


def _elect(chronicle: Chronicle, member: Member, year: int, title: HonourTitle) -> None:
    """The residents elect a few households, all of one day and on one paper."""
    random = chance("elected", title.code, member.id, year)
    day = later(date(year, *AWARDED_FROM), random.randint(0, 35))
    if random.random() >= ELECTING_SHARE or not _exists(chronicle, member, day):
        return
    named = chronicle.on(member.id, day)
    paper = chronicle.community_paper(named, f"关于{year}年度{title.title.zh}评选结果的报告", day)
    for number in range(random.randint(1, 3)):
        id = derive_id("demo", "honour", member.id, title.code, year, number)
        strand = Strand(chronicle, f"honour:{id}", member.id)
        _award(strand, title, day, paper, random)
        strand.tell()


def _award(strand: Strand, title: HonourTitle, day: date, paper: Paper, random: Random) -> None:
    household = _door(random)
    stars = None if title.stars_max is None else random.randint(title.stars_max // 2, 10)
    award = HonourHousehold(
        community=strand.community or "",
        household=household,
        honour=title.code,
        stars=min(stars, title.stars_max or stars) if stars else None,
        awarded_on=day,
        held_until=date(day.year + HELD_YEARS, 12, 31) if random.random() < 0.8 else None,
    )
    fate = random.random()
    if fate < 0.06:
        wrong = award.model_copy(update={"household": _door(random)})
        awarded = strand.plan(day, wrong, paper, prompt=True)
        strand.plan(
            later(day, 8),
            lambda: CorrectHonourEntry(
                corrects=awarded.entry,
                changes={"household": household},
                reason="门牌录入有误，以评选报告为准。",
            ),
        )
        return
    awarded = strand.plan(day, award, paper, prompt=True)
    if fate < 0.1:
        strand.plan(
            later(day, 9), lambda: AnnulHonourEntry(annuls=awarded.entry, reason=AWARD_ANNULLED)
        )
    elif fate < 0.2:
        withdrawn_on = later(day, random.randint(90, 420))
        reason = random.choice(WITHDRAWN)
        strand.plan(withdrawn_on, WithdrawHonour(withdrawn_on=withdrawn_on, reason=reason))


class _Posting:
    """One entry on a board until it is gone from it."""

    def __init__(self, chronicle: Chronicle, member: Member, board: Board, day: date) -> None:
        self.board = board
        self.day = day
        id = derive_id("demo", "posting", board.code, member.id, day)
        self.strand = Strand(chronicle, f"honour:{id}", member.id)
        self.chance = chance("posting", self.strand.stream)
        roles = board.may_post
        self.role = roles[0]

    def run(self, *, rectified: bool | None = None) -> None:
        """Posted, and what becomes of it: by chance, or that it is rectified or not, no more."""
        if self.board.rectifiable or self.board.needs_legal_basis:
            fault = self.chance.choice([each for each in FAULTS if each.since <= self.day])
            if rectified is None:
                self._fault(fault)
            else:
                self._wait(fault, rectified=rectified)
        else:
            self._praise()
        self.strand.tell()

    def _praise(self) -> None:
        random = self.chance
        until = self.day + timedelta(days=90) if random.random() < 0.6 else None
        post = PostOnBoard(
            community=self.strand.community or "",
            board=self.board.code,
            place=_door(random) if random.random() < 0.8 else None,
            conduct=random.choice(GOOD),
            posted_on=self.day,
            posted_until=until,
        )
        self._step(self.day, post)
        if until is None and random.random() < 0.9:
            day = later(self.day, random.randint(60, 90))
            self._step(day, RemoveBoardEntry(removed_on=day, reason=random.choice(RED_REMOVED)))

    def _wait(self, fault: Fault, *, rectified: bool) -> None:
        post, paper = self._of(fault, self.board.days_max or 30)
        self._step(self.day, post, paper)
        if rectified:
            day = later(self.day, 8)
            self._step(day, RectifyBoardEntry(rectified_on=day, result=fault.result))

    def _of(self, fault: Fault, days: int) -> tuple[PostOnBoard, Paper]:
        """The posting of a fault for so many days, and the paper that it rests on."""
        place = self.strand.place_on(self.day)
        paper = self.strand.chronicle.place_paper(place, "关于公示不文明行为的通知", self.day)
        post = PostOnBoard(
            community=self.strand.community or "",
            board=self.board.code,
            place=_door(self.chance),
            conduct=fault.conduct,
            legal_basis=fault.legal_basis,
            posted_on=self.day,
            posted_until=self.day + timedelta(days=days),
        )
        return post, paper

    def _fault(self, fault: Fault) -> None:
        random = self.chance
        days = random.choice([d for d in (10, 15, 20, 30) if d <= (self.board.days_max or d)])
        post, paper = self._of(fault, days)
        fate = random.random()
        if fate < 0.08:
            # Longer than the paper said: put right as soon as somebody compares the two.
            shorter = self.day + timedelta(days=days // 2)
            posted = self._step(self.day, post, paper)
            self._step(
                later(self.day, 2),
                lambda: CorrectHonourEntry(
                    corrects=posted.entry,
                    changes={"posted_until": shorter.isoformat()},
                    reason="公示截止日期录入有误，以公示通知为准。",
                ),
            )
            return
        posted = self._step(self.day, post, paper)
        last = last_working_day(self.day + timedelta(days=days - 1))
        if fate < 0.14:
            self._step(
                later(self.day, 3),
                lambda: AnnulHonourEntry(annuls=posted.entry, reason=POSTING_ANNULLED),
            )
        elif fate < 0.22:
            day = min(later(self.day, random.randint(3, 5)), last)
            self._step(day, RemoveBoardEntry(removed_on=day, reason=random.choice(TAKEN_DOWN)))
        elif fate < 0.8:
            day = min(later(self.day, random.randint(2, max(days // 2, 3))), last)
            self._step(day, RectifyBoardEntry(rectified_on=day, result=fault.result))
            removed_on = min(later(day, random.randint(1, 4)), last)
            if random.random() < 0.9:
                self._step(removed_on, RemoveBoardEntry(removed_on=removed_on, reason=RECTIFIED))

    def _step(self, day: date, ask: Planned, *papers: Paper) -> StreamStep:
        return self.strand.plan(day, ask, *papers, role=self.role, prompt=True)


def _door(random: Random) -> str:
    building, entrance = random.randint(1, 24), random.randint(1, 4)
    floor, room = random.randint(1, 18), random.randint(1, 4)
    return f"{building}栋{entrance}单元{floor}{room:02}"
