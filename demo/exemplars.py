"""Exemplars of the demo: each autumn communities are nominated as exemplars of their type, in
December some are designated; they share their experience, and a few are withdrawn."""

from collections.abc import Mapping
from datetime import date, timedelta

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.streams import LAST_DAY, Planned, Strand, StreamStep
from demo.working_days import later, working_day
from domain.exemplar.nomination import (
    AnnulExemplarEntry,
    CorrectExemplarEntry,
    DeclineExemplar,
    DesignateExemplar,
    NominateExemplar,
    ShareExperience,
    WithdrawExemplar,
)
from domain.kernel.ids import derive_id
from domain.kernel.policy import CommunityType

NOMINATED_FROM = (9, 13)
DESIGNATED_ON = (12, 10)
EACH_TYPE = 2  # nominations a year
MISREAD = (2023, 0)  # of the first type, in which year, at which place of the list
# A type must have been the community's for a while before, and stay it until the decision.
SETTLED = timedelta(days=120)

TITLES = (
    "红色网格暖人心",
    "院落议事五步法",
    "商居共治楼宇联盟",
    "物业服务红黄牌管理",
    "一老一小全龄服务",
    "单位资源共享清单",
    "老旧院落微更新",
    "新市民安居驿站",
    "板凳会里解民忧",
    "时间银行互助养老",
    "企社联动点亮楼道",
    "小区支部规范化建设",
)
# For a criterion in the policy's order; more of them are answered with the last.
MERITS = (
    (
        "全年接待市内外考察学习二十余批次，做法被市级媒体报道。",
        "工作机制形成文本，已在全街道推开。",
        "居民满意度测评连续两年居全区前列。",
    ),
    (
        "结对带动三个相邻社区建立同类机制，矛盾纠纷明显下降。",
        "牵头组建片区联盟，辖区单位参与率八成以上。",
        "培训社区骨干一百余人次，带出两支居民自治队伍。",
    ),
    (
        "结合社区类型特点形成品牌，居民知晓率高。",
        "立足院落邻里传统，议事规则通俗易行。",
        "依托辖区单位资源，项目运作不增加居民负担。",
    ),
)
DECLINED = (
    "材料与实地核查情况有出入，本年度不予选树。",
    "同类型推荐名额已满，列为下年度培育对象。",
    "评选期间发生信访积案未化解，本年度不予选树。",
)
WITHDRAWN = (
    "年度复核示范作用减弱，居民满意度下降，不再作为先进典型。",
    "社区辖区内发生安全责任事故，取消先进典型资格。",
)
TOPICS = (
    "小区议事协商怎么开",
    "物业矛盾调处经验交流",
    "党建联建资源清单制作",
    "网格员走访工作法",
    "老旧院落改造中的居民动员",
    "志愿服务积分管理",
)
SHARED = (
    "现场观摩与座谈相结合，发放工作手册。",
    "由社区书记主讲，分组讨论后形成改进清单。",
    "跟班学习一周，逐项对照落实。",
)


def live(chronicle: Chronicle) -> None:
    """Five autumns, and what came of them."""
    chosen: set[str] = set()
    for year in range(2021, LAST_DAY.year + 1):
        title = f"关于选树{year}年度城市社区分类治理先进典型的通知"
        paper = chronicle.city_paper(title, working_day(date(year, *DESIGNATED_ON)))
        for type in chronicle.policy.types:
            for number in range(EACH_TYPE):
                if member := _fitting(chronicle, type, year, number, chosen):
                    chosen.add(member.id)
                    misread = type.number == 1 and (year, number) == MISREAD
                    _Exemplar(chronicle, member, year, paper).run(number, misread=misread)


def _fitting(
    chronicle: Chronicle, type: CommunityType, year: int, number: int, chosen: set[str]
) -> Member | None:
    """A community that is of the type throughout that autumn, and was no exemplar yet."""
    first, last = date(year, *NOMINATED_FROM), date(year, 12, 31)
    fitting = [
        member
        for member in sorted(chronicle.ever(), key=lambda each: each.id)
        if member.id not in chosen
        and member.since < first - SETTLED
        and (chronicle.until(member.id) or date.max) > last
        and not _is_cleared(chronicle, member, last)
        and {chronicle.on(member.id, day).type for day in (first - SETTLED, first, last)}
        == {type.code}
    ]
    return chance("exemplar", year, type.code, number).choice(fitting) if fitting else None


def _is_cleared(chronicle: Chronicle, member: Member, day: date) -> bool:
    """Whether it was cleared for rebuilding: for a while it is of no type at all."""
    return chronicle.cleared.get(member.id, date.max) <= day


class _Exemplar:
    """One exemplar from its nomination on."""

    def __init__(self, chronicle: Chronicle, member: Member, year: int, paper: Paper) -> None:
        self.chronicle = chronicle
        self.member = chronicle.on(member.id, date(year, *NOMINATED_FROM))
        self.year = year
        self.paper = paper
        self.strand = Strand(
            chronicle, f"exemplar:{derive_id('demo', 'exemplar', member.id, year)}", member.id
        )
        self.chance = chance("way", self.strand.stream)
        self.unit = chronicle.unit_on(member, date(year, *NOMINATED_FROM))

    def run(self, number: int, *, misread: bool) -> None:
        """The first nomination of a type is designated mostly, the second half the time."""
        self._nominate()
        day = self.paper.issued_on
        if misread:
            self._designate_by_mistake(day)
        elif self.year == LAST_DAY.year and number == EACH_TYPE - 1:
            pass  # still waiting at the end of the story
        elif self.chance.random() < (0.9, 0.5)[min(number, 1)]:
            self._designate(day)
        else:
            reason = self.chance.choice(DECLINED)
            decline = DeclineExemplar(declined_on=day, reason=reason)
            self._city(day, decline)
        self.strand.tell()

    def _nominate(self) -> None:
        day = later(date(self.year, *NOMINATED_FROM), self.chance.randint(0, 25))
        merits: Mapping[str, str] = {
            criterion.code: self.chance.choice(MERITS[min(place, len(MERITS) - 1)])
            for place, criterion in enumerate(self.chronicle.policy.exemplars.criteria)
        }
        title = f"关于推荐{self.member.name}为城市社区分类治理先进典型的报告"
        nominate = NominateExemplar(
            community=self.member.id,
            title=self.chance.choice(TITLES),
            merits=dict(merits),
            nominated_on=day,
        )
        self.strand.plan(
            day,
            nominate,
            self.chronicle.unit_paper(self.unit, title, day),
            role="decider",
            at=self.unit.id,
            prompt=True,
        )

    def _designate(self, day: date) -> None:
        self._city(day, DesignateExemplar(designated_on=day))
        end = self._withdrawn_on(day)
        self._share(day, end)
        if end <= LAST_DAY:
            turned = self.chronicle.on(self.member.id, end).type != self.member.type
            reason = (
                "社区类型已调整，不再作为原类型先进典型。"
                if turned
                else self.chance.choice(WITHDRAWN)
            )
            self._city(end, WithdrawExemplar(withdrawn_on=end, reason=reason))

    def _designate_by_mistake(self, day: date) -> None:
        """The wrong line of the list was read: annulled a week later, and declined."""
        reason = "名单核对有误，该社区列为培育对象，未列入当年选树名单。"
        designated = self._city(day, DesignateExemplar(designated_on=day))
        noticed_on = later(day, 5)
        self._city(noticed_on, lambda: AnnulExemplarEntry(annuls=designated.entry, reason=reason))
        self._city(noticed_on, DeclineExemplar(declined_on=noticed_on, reason=DECLINED[1]))

    def _withdrawn_on(self, designated_on: date) -> date:
        """A year or more later for a few; for all that turn into another type, in that month."""
        day = later(designated_on, self.chance.randint(240, 420))
        end = day if self.chance.random() < 0.1 else date.max
        month = designated_on
        while (month := month + timedelta(days=30)) < min(end, LAST_DAY):
            if self.chronicle.on(self.member.id, month).type != self.member.type:
                return later(month, 15)
        return end

    def _share(self, begin: date, end: date) -> None:
        """It is visited, and tells the others of its type how it does things."""
        day = later(begin, self.chance.randint(40, 90))
        for topic in self.chance.sample(TOPICS, self.chance.randint(1, 4)):
            if day >= min(end, LAST_DAY, self.strand.until):
                return
            near = [
                each.id
                for each in sorted(self.chronicle.ever(), key=lambda each: each.id)
                if each.id != self.member.id
                and each.since < day - SETTLED
                and (self.chronicle.until(each.id) or date.max) > day
                and self.chronicle.on(each.id, day).type == self.member.type
            ]
            reached = self.chance.sample(near, min(len(near), self.chance.randint(0, 6)))
            audience = self.chance.randint(20, 120)
            share = ShareExperience(
                shared_on=day,
                topic=topic,
                content=self.chance.choice(SHARED) if self.chance.random() < 0.7 else None,
                audience=audience,
                reached=tuple(reached),
            )
            mistaken = self.chance.random() < 0.08
            if mistaken:
                share = share.model_copy(update={"audience": audience * 10})
            shared = self.strand.plan(day, share, role="recorder")
            if mistaken:
                self._correct_audience(shared, later(day, 8), audience)
            day = later(day, self.chance.randint(50, 140))

    def _correct_audience(self, shared: StreamStep, day: date, audience: int) -> None:
        self._city(
            day,
            lambda: CorrectExemplarEntry(
                corrects=shared.entry,
                changes={"audience": audience},
                reason="参加人数录入多一位，以签到表为准。",
            ),
        )

    def _city(self, day: date, ask: Planned) -> StreamStep:
        """Decided, and kept, by the city on the year's paper."""
        papers = (self.paper,) if day == self.paper.issued_on else ()
        return self.strand.plan(
            day, ask, *papers, role="arbiter", at=self.chronicle.city, prompt=True
        )
