"""Party organisations and members check in to communities of the demo: pledges, services,
quarterly feedback to their unit, and the community's opinions."""

from datetime import date, timedelta

from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.resident_units import ResidentUnit, insider, units_near
from demo.streams import LAST_DAY, Strand
from demo.working_days import later, working_day
from domain.checkin.events import ParticipantKind, Stance
from domain.checkin.opinion import AskOpinion, GiveOpinion
from domain.checkin.presence import (
    AnnulCheckInEntry,
    CorrectCheckInEntry,
    RecordCheckIn,
    RecordCheckOut,
)
from domain.checkin.service import FulfilPledge, MakePledge, RecordService, SendFeedback
from domain.kernel.ids import derive_id
from domain.kernel.policy.calendar_periods import next_period, periods

FIRST_DAY = date(2021, 6, 1)
LAST_CHECK_IN = date(2025, 9, 30)
SHARES: tuple[tuple[ParticipantKind, float], ...] = (("organisation", 0.2), ("member", 0.28))
# At the end of the story one opinion is asked for and not given yet.
ASKED_LAST = date(2025, 12, 8)

# A story puts a figure in the place of `{n}`.
PLEDGES_OF_ORGANISATIONS: tuple[tuple[str, str], ...] = (
    (
        "每季度组织党员到社区开展一次义务劳动。",
        "全年组织义务劳动四次，参加党员{n}人次。",
    ),
    ("为社区解决一件实际困难。", "协调资金修缮社区活动室门窗，当月交付使用。"),
    ("结对帮扶{n}户困难家庭。", "结对家庭全部走访到户，送去生活物资并帮助申请救助。"),
    ("开放单位会议室供社区使用。", "会议室累计供社区使用{n}次。"),
    ("每年为社区讲党课两次。", "由党组织负责同志讲党课两次，听众{n}人次。"),
    ("协助社区做好汛期值守。", "汛期派出党员{n}人次参加夜间值守，未发生险情。"),
    ("认领社区“微心愿”{n}个。", "认领的微心愿全部兑现，居民签收确认。"),
)
PLEDGES_OF_MEMBERS: tuple[tuple[str, str], ...] = (
    ("认领所住楼栋的公共卫生责任区。", "每月清扫责任区一次，楼道堆物已清空。"),
    ("每月参加社区志愿服务不少于四小时。", "全年参加志愿服务{n}小时。"),
    ("担任小区兼职网格员。", "累计上报并协助处理网格事项{n}件。"),
    ("结对关爱一名独居老人。", "每两周探访一次，代购药品、代缴水电费{n}次。"),
    ("为小区青少年义务辅导功课。", "暑期义务辅导{n}次。"),
    ("发挥专业特长，为居民提供法律咨询。", "接受咨询{n}人次，参与调解纠纷三件。"),
    ("带头参加业主大会，协助筹备业主委员会。", "协助完成业主大会投票，业主委员会已备案。"),
    ("义务维修小区公共设施。", "维修健身器材、长椅等{n}处。"),
    ("劝导非机动车规范停放、充电。", "早高峰劝导{n}次，楼道充电现象明显减少。"),
    ("义务为老年居民讲解智能手机使用。", "讲解{n}次，二十余名老人学会线上挂号。"),
)
SERVICES: tuple[tuple[str, int, int], ...] = (
    ("参加周末卫生大扫除。", 2, 4),
    ("参加社区疫苗接种秩序维护。", 3, 6),
    ("参加老旧小区消防安全入户检查。", 2, 5),
    ("参加人口信息入户核对。", 3, 6),
    ("参加垃圾分类桶前值守。", 1, 3),
    ("参加重阳节敬老慰问。", 2, 3),
    ("参加汛期巡查值守。", 4, 8),
    ("参加社区义诊活动现场服务。", 3, 5),
    ("参加小区反诈宣传。", 2, 3),
    ("参加邻里节活动筹备。", 4, 8),
    ("参加文明劝导，整治车辆乱停乱放。", 2, 4),
    ("为居民书写春联。", 2, 4),
)
FEEDBACK_ON_ORGANISATIONS = (
    "本季度按计划参加社区活动，党员到场率较高。",
    "本季度认领事项已办结，居民反映良好。",
    "本季度参加活动次数偏少，请单位督促支部落实。",
    "本季度派员参加楼院议事会两次，所提建议已采纳。",
    "本季度对接困难家庭走访到位，物资发放有记录。",
)
FEEDBACK_ON_MEMBERS = (
    "本季度积极参加志愿服务，群众评价较好。",
    "本季度按承诺完成责任区保洁，楼栋居民认可。",
    "本季度因工作原因参加活动较少，已电话沟通。",
    "本季度主动上报网格事项，处置及时。",
    "本季度参加社区活动两次，表现积极。",
)
# By a word of what the policy calls the matter: of what the community is asked about a member,
# and about an organisation.
SUBJECTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "评先",
        ("拟推荐为年度优秀共产党员", "拟推荐为优秀党务工作者", "拟推荐为岗位标兵"),
        ("拟推荐为文明单位", "拟推荐为先进基层党组织"),
    ),
    ("使用", ("拟提拔任用为内设机构负责人", "拟推荐为后备干部人选", "拟晋升职级"), ()),
)
SUPPORTING = (
    "报到以来参加社区服务积极，居民反映好。",
    "能够履行承诺，未发现不良反映。",
    "主动参与网格工作，群众认可度高。",
)
OBJECTING = (
    "报到一年多仅参加活动一次，承诺事项未兑现，建议暂缓。",
    "居民反映其家庭私搭乱建，经劝导尚未整改。",
)
ABSTAINING = ("报到时间较短，了解不够全面。",)
LEFT = (
    "本人退休，组织关系转入居住地社区。",
    "本人调离本市。",
    "居住地变更，转至其他社区报到。",
    "工作单位撤并，党员重新安排报到。",
)
ORGANISATION_LEFT = (
    "单位办公地点搬迁，转至新址所在社区报到。",
    "单位机构改革，党组织关系调整。",
)
ANNULLED = (
    "服务对象为相邻社区，误记于此。",
    "与当日另一条重复，系重复录入。",
)


def live(chronicle: Chronicle) -> None:
    """The five years of all check-ins."""
    for member in sorted(chronicle.ever(), key=lambda each: each.id):
        for participant, share in SHARES:
            random = chance("checkin", participant, member.id)
            earliest = max(FIRST_DAY, member.since + timedelta(days=45))
            if random.random() < share and earliest < LAST_CHECK_IN:
                days = int((LAST_CHECK_IN - earliest).days * random.random() ** 1.6)
                check_in(
                    chronicle, member, working_day(earliest + timedelta(days=days)), participant
                )


def check_in(
    chronicle: Chronicle,
    member: Member,
    day: date,
    participant: ParticipantKind,
    unit: ResidentUnit | None = None,
    person: str | None = None,
) -> None:
    """Somebody checks in to a community, for as long as they stay and it exists."""
    if (until := chronicle.until(member.id)) and until <= later(day, 20):
        return
    random = chance("checkin", participant, member.id, day)
    unit = unit or random.choice(units_near(chronicle, member, day))
    if participant == "member":
        person = person or insider(chronicle, unit, random, day)
    id = derive_id("demo", "checkin", member.id, unit.id, person, day)
    strand = Strand(chronicle, f"checkin:{id}", member.id)
    _Stay(strand, participant, unit, person, day).run()
    heir = chronicle.members.get(strand.heir or "")
    if heir and strand.until < LAST_DAY and strand.steps:
        again_on = later(max(strand.until, heir.since), 8)
        check_in(chronicle, heir, again_on, participant, unit, person)


class _Stay:
    """One check-in, with everything in it until it ends."""

    def __init__(
        self,
        strand: Strand,
        participant: ParticipantKind,
        unit: ResidentUnit,
        person: str | None,
        day: date,
    ) -> None:
        self.strand = strand
        self.participant = participant
        self.unit = unit
        self.person = person
        self.day = day
        self.policy = strand.chronicle.policy.checkins
        self.chance = chance("stay", strand.stream)
        leaves = self.chance.random() < 0.35
        days = self.chance.randint(300, 1_300)
        self.end = working_day(day + timedelta(days=days)) if leaves else date.max

    def run(self) -> None:
        """From the check-in to its end, if it comes to one."""
        self._begin()
        last = min(self.end, LAST_DAY)
        pledges = PLEDGES_OF_MEMBERS if self.person else PLEDGES_OF_ORGANISATIONS
        deck = self.chance.sample(pledges, len(pledges))
        for year in range(self.day.year, last.year + 1):
            begin, until = max(later(self.day, 3), date(year, 2, 20)), min(last, date(year, 12, 24))
            if (until - begin).days > 60:
                for _ in range(self.chance.choice((1, 1, 2))):
                    if deck:
                        self._pledge(deck.pop(), begin, until)
                for _ in range(self.chance.choice((0, 1, 1, 2, 2))):
                    self._serve(begin, until)
        self._feedback(last)
        self._opinions(last)
        if self.end < self.strand.until:
            reasons = LEFT if self.person else ORGANISATION_LEFT
            leave = RecordCheckOut(checked_out_on=self.end, reason=self.chance.choice(reasons))
            self.strand.plan(self.end, leave)
            self.strand.tell()
        else:
            self.strand.tell(self._leave_with_the_community)

    def _begin(self) -> None:
        strand, day = self.strand, self.day
        begin = RecordCheckIn(
            community=strand.community or "",
            participant=self.participant,
            unit=self.unit.id,
            person=self.person,
            checked_in_on=day,
        )
        recorded_on = later(day, self.chance.choice((0, 0, 1, 2)))
        begun = strand.plan(recorded_on, begin, prompt=True)
        if self.chance.random() < 0.06:
            in_truth = day - timedelta(days=self.chance.randint(3, 9))
            strand.plan(
                later(recorded_on, 12),
                lambda: CorrectCheckInEntry(
                    corrects=begun.entry,
                    changes={"checked_in_on": in_truth.isoformat()},
                    reason="误填为登记日期，以报到回执为准。",
                ),
            )

    def _leave_with_the_community(self) -> RecordCheckOut:
        """The community has ended: the participant continues in another, if there is one."""
        heir = self.strand.chronicle.members.get(self.strand.heir or "")
        reason = f"社区建制调整，转至{heir.name}报到。" if heir else "社区撤销，报到终止。"
        return RecordCheckOut(checked_out_on=working_day(self.strand.until), reason=reason)

    def _pledge(self, texts: tuple[str, str], begin: date, until: date) -> None:
        content, result = texts
        figure = self.chance.randint(2, 9)
        pledged_on = working_day(self._between(begin, begin + (until - begin) / 2))
        pledge = derive_id(self.strand.stream, content)
        year_end = date(pledged_on.year, 12, 31)
        make = MakePledge(
            pledge=pledge,
            content=content.format(n=figure),
            pledged_on=pledged_on,
            due_on=None if self.chance.random() < 0.2 else year_end,
        )
        self.strand.plan(pledged_on, make)
        if self.chance.random() < 0.3:
            self._serve(later(pledged_on, 12), until, pledge)
        if self.chance.random() < 0.84:
            fulfilled_on = later(pledged_on, self.chance.randint(25, 130))
            if fulfilled_on < self.end:
                fulfil = FulfilPledge(
                    pledge=pledge, fulfilled_on=fulfilled_on, result=result.format(n=figure * 3)
                )
                self.strand.plan(fulfilled_on, fulfil)

    def _serve(self, begin: date, until: date, pledge: str | None = None) -> None:
        if begin >= until:
            return
        content, least, most = self.chance.choice(SERVICES)
        served_on = self._between(begin, until)  # weekends mostly
        hours = self.chance.randint(least, most)
        serve = RecordService(pledge=pledge, content=content, served_on=served_on, hours=hours)
        day = later(served_on + timedelta(days=3), 0)
        mistake = self.chance.random()
        if mistake < 0.05:
            wrong = self.strand.plan(day, serve.model_copy(update={"hours": hours + 10}))
            self.strand.plan(
                later(day, 7),
                lambda: CorrectCheckInEntry(
                    corrects=wrong.entry,
                    changes={"hours": hours},
                    reason="时数录入多一位，以签到表为准。",
                ),
            )
            return
        served = self.strand.plan(day, serve)
        if mistake < 0.1:
            reason = self.chance.choice(ANNULLED)
            self.strand.plan(
                later(day, 7), lambda: AnnulCheckInEntry(annuls=served.entry, reason=reason)
            )

    def _feedback(self, last: date) -> None:
        """Feedback in the weeks after each period; sometimes late, or not at all."""
        texts = FEEDBACK_ON_MEMBERS if self.person else FEEDBACK_ON_ORGANISATIONS
        span = self.policy.feedback_per
        for first in periods(self.day, last, span):
            following = next_period(first, span)
            if self.chance.random() < 0.1 or (following - self.day).days < 25:
                continue
            late = self.chance.random() < 0.1
            days = self.chance.randint(30, 55) if late else self.chance.randint(2, 16)
            sent_on = later(following, days)
            content = self.chance.choice(texts)
            send = SendFeedback(sent_on=sent_on, period_from=first, content=content)
            self.strand.plan(sent_on, send)

    def _opinions(self, last: date) -> None:
        begin = later(self.day, 60)
        if self.chance.random() < 0.4 and begin < last:
            day = working_day(self._between(begin, last))
            self._ask(day, answered=self.chance.random() < 0.9)
        if self.end > LAST_DAY and begin < ASKED_LAST and self.chance.random() < 0.12:
            self._ask(later(ASKED_LAST, self.chance.randint(0, 15)), answered=False)

    def _ask(self, day: date, *, answered: bool) -> None:
        """Who is to be honoured or appointed is asked of; somebody of the community answers."""
        word, of_members, of_organisations = self.chance.choice(SUBJECTS)
        subjects = of_members if self.person else of_organisations
        matter = next((o for o in self.policy.opinions if word in o.title.zh), None)
        if not subjects or matter is None or day >= self.end:
            return
        opinion = derive_id(self.strand.stream, "opinion", day)
        ask = AskOpinion(
            opinion=opinion, about=matter.code, subject=self.chance.choice(subjects), asked_on=day
        )
        chronicle, member = self.strand.chronicle, self.strand.member_on(day)
        role, at = self.chance.choice(
            (
                ("reviewer", None),
                ("reviewer", None),
                ("decider", chronicle.unit_on(member, day).id),
                ("arbiter", chronicle.city),
            )
        )
        if role not in self.policy.may_ask:
            role, at = self.policy.may_ask[0], None
        self.strand.plan(day, ask, role=role, at=at, prompt=True)
        if not answered:
            return
        late = self.chance.random() < 0.15
        days = self.chance.randint(9, 18) if late else self.chance.randint(1, 6)
        given_on = later(day, days)
        stances: tuple[tuple[Stance, tuple[str, ...]], ...] = (
            ("supports", SUPPORTING),
            ("supports", SUPPORTING),
            ("supports", SUPPORTING),
            ("supports", SUPPORTING),
            ("abstains", ABSTAINING),
            ("objects", OBJECTING),
        )
        stance, comments = self.chance.choice(stances)
        comment = self.chance.choice(comments)
        give = GiveOpinion(opinion=opinion, given_on=given_on, stance=stance, comment=comment)
        self.strand.plan(given_on, give)

    def _between(self, begin: date, until: date) -> date:
        """A random day in this span."""
        return begin + timedelta(days=self.chance.randrange(max((until - begin).days, 1)))
