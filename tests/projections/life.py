"""A life with something of everything, for the figures and their lists."""

from datetime import timedelta
from typing import Any

from domain.checkin.opinion import AskOpinion
from domain.checkin.presence import RecordCheckIn
from domain.checkin.service import SendFeedback
from domain.classification.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
)
from domain.community.corrections import CorrectName
from domain.community.profile import SurveyProfile
from domain.council.membership import FoundCouncil
from domain.council.minutes import RecordMinutes
from domain.council.sessions import ConveneSession, HoldSession, SetAgenda
from domain.exemplar.nomination import DesignateExemplar, NominateExemplar
from domain.grading.entering import OpenRound
from domain.honour.board import PostOnBoard
from domain.honour.household import HonourHousehold
from domain.jurisdiction.tree import DissolveJurisdiction, EstablishJurisdiction
from domain.kernel.command import Command
from domain.kernel.policy import built_in
from domain.measure.adoption import AdoptMeasure
from domain.partnership.agreement import SignAgreement
from domain.partnership.exchange import StateNeed
from domain.partnership.project import ClaimProject, ListProject
from domain.programme.drafting import AdoptProgramme, DraftProgramme, RecordConsultation
from domain.programme.items import AddProgrammeItem, DropProgrammeItem
from domain.review.objections import FileObjection
from domain.round.planning import OpenStage
from domain.support.assignment import BeginSupport
from domain.support.events import SupportMilestone
from domain.support.progress import PlanSupport
from domain.task.assignment import AssignTask
from domain.task.completion import AcceptTask, CloseOutTask, ReportTask
from record.store.record import Record
from tests.city import (
    CITY,
    DISTRICT,
    SUBDISTRICT,
    SUBDISTRICT_2,
    TYPE,
    TYPE_2,
    acting,
    classify,
    enrol,
    register,
)
from tests.domain.given import day
from tests.domain.rounds import (
    BEGIN,
    GRADE,
    PLAN,
    PUBLISH,
    ROUND,
    STAGES,
    assessed,
    first,
    review,
    second,
    votes,
)

POLICY = built_in()["2021"].policy
OLD = POLICY.community_type(TYPE_2)
PLACES: tuple[str | None, ...] = (None, CITY, DISTRICT, SUBDISTRICT, SUBDISTRICT_2)
DAY = day("2024-06-20")


class Life:
    """A city of four communities: a, b and e graded in 2023, c never classified."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def do(
        self,
        stream: str,
        *commands: Command[Any],
        by: Any = "recorder",
        person: str = "li",
        unit: str = DISTRICT,
    ) -> None:
        for command in commands:
            enrol(self.record, command)
            self.record.carry_out(stream, command, by=acting(by, person, unit))

    def lived(self) -> int:
        """All that happens; answers with where the record stood before the last of it."""
        self.communities()
        self.round()
        self.work()
        self.meetings()
        self.society()
        before = self.record.head()
        name = CorrectName(
            corrects=1, name="甲甲社区", effective_from=day("2018-01-01"), reason="抄录有误"
        )
        self.do("community:a", name, by="decider")
        return before

    def communities(self) -> None:
        for number, id in enumerate("abec", start=1):
            place = SUBDISTRICT if id != "b" else SUBDISTRICT_2
            named = register(f"{id}社区", f"510703001{number:03}", subdistrict=place)
            self.do(f"community:{id}", named, by="decider")
            if id != "c":
                type = TYPE_2 if id == "e" else TYPE
                self.do(f"community:{id}", classify(type), by="decider")
        propose = ProposeReclassification(
            proposal="p", type=TYPE, effective_from=DAY, reason="改造完成", origin="community"
        )
        self.do("community:e", propose)
        rules = [rule for rule in OLD.rules if rule.operator != "<"]
        found = {rule.indicator: rule.threshold for rule in rules}
        survey = SurveyProfile(surveyed_on=day("2022-01-01"), indicators=found, source="普查")
        self.do("community:a", survey)
        tree: list[tuple[str, Any, str]] = [
            ("park", "park", CITY),
            ("left", "subdistrict", "park"),
        ]
        for id, level, parent in tree:
            establish = EstablishJurisdiction(
                level=level, name=id, parent=parent, effective_from=BEGIN
            )
            self.do(f"jurisdiction:{id}", establish, by="arbiter")
        gone = DissolveJurisdiction(effective_from=day("2024-01-01"), reason="并入城区")
        self.do("jurisdiction:park", gone, by="arbiter")

    def round(self) -> None:
        self.do(ROUND, PLAN, OpenRound(communities=tuple("abe"), opened_on=BEGIN), by="arbiter")
        for stage in STAGES:
            self.do(ROUND, OpenStage(stage=stage, opened_on=BEGIN), by="arbiter")
        for id, percent in {"a": 95, "b": 20, "e": 30}.items():
            place = SUBDISTRICT_2 if id == "b" else SUBDISTRICT
            self.do(review(id), votes(), assessed(percent), person="rec", unit=place)
            self.do(review(id), first(percent), by="reviewer", person="rev", unit=place)
            self.do(review(id), second(percent), by="decider", person="dec")
        self.do(ROUND, GRADE, PUBLISH, by="arbiter")
        objection = FileObjection(objection="o", filed_on=day("2023-10-09"), grounds="漏计一项")
        self.do(review("e"), objection)
        goal = SupportMilestone(milestone="m", title="补建活动室", due_on=day("2024-03-31"))
        plan = PlanSupport(planned_on=day("2023-11-01"), aim="晋位", milestones=(goal,))
        support = BeginSupport(effective_from=day("2023-10-20"))
        self.do("support:r.b", support, plan, by="arbiter")

    def work(self) -> None:
        programme = f"programme:{CITY}.2024"
        draft = DraftProgramme(
            jurisdiction=CITY, year=2024, title="工程", drafted_on=day("2024-01-08")
        )
        begin, end = day("2024-01-10"), day("2024-02-10")
        consult = RecordConsultation(
            consulted_from=begin, consulted_until=end, replies=9, summary="停车难"
        )
        self.do(programme, draft, consult, by="arbiter")
        for number in range(4):
            add = AddProgrammeItem(
                item=f"i{number}",
                added_on=day("2024-02-12"),
                title=f"事项{number}",
                unit="city",
                person="zhao",
                due_on=day("2024-11-30"),
            )
            self.do(programme, add, by="arbiter")
        drop = DropProgrammeItem(item="i3", dropped_on=day("2024-05-06"), reason="上级部署")
        self.do(programme, AdoptProgramme(adopted_on=day("2024-03-01")), drop, by="arbiter")
        for number, due in enumerate(("2024-06-03", "2024-06-24", "2024-06-28", "2024-12-31")):
            self.task(f"t{number}", due, community="ab"[number % 2])
        self.task("city", "2024-07-31", jurisdiction=CITY)
        self.task("place", "2024-06-10", jurisdiction=SUBDISTRICT_2)
        self.task("late", "2024-04-01", community="a")
        self.task("near", "2024-06-25", "2024-06-19", community="a")
        self.do("task:late", AcceptTask(accepted_on=day("2024-03-05")), person="zhao")
        report = ReportTask(reported_on=day("2024-04-20"), evidence="照片")
        self.do("task:late", report, person="zhao")
        self.do("task:late", CloseOutTask(closed_on=day("2024-04-22")), by="decider")
        for id, type in (("e", OLD), ("b", POLICY.community_type(TYPE))):
            code = type.measures[0].code
            adopt = AdoptMeasure(community=id, measure=code, adopted_on=day("2022-01-10"))
            self.do(f"measure:{id}.{code}", adopt, by="decider")
        on = day("2024-06-01")
        propose = ProposeReclassification(
            proposal="p", type=TYPE_2, effective_from=on, reason="拆迁", origin="community"
        )
        self.do("community:b", propose, unit=SUBDISTRICT_2)
        endorse = EndorseReclassification(proposal="p")
        self.do("community:b", endorse, by="reviewer", person="wu", unit=SUBDISTRICT_2)
        approve = ApproveReclassification(proposal="p", effective_from=on)
        self.do("community:b", approve, by="decider", person="xu")

    def task(self, id: str, due_on: str, on: str = "2024-03-01", **place: str) -> None:
        assign = AssignTask(
            title="修复路灯",
            unit="power",
            person="zhao",
            assigned_on=day(on),
            due_on=day(due_on),
            **place,
        )
        self.do(f"task:{id}", assign, by="arbiter")

    def meetings(self) -> None:
        for id, kind in zip("ab", POLICY.councils, strict=True):
            council = FoundCouncil(
                community=id,
                title="联席会议",
                council_kind=kind.code,
                founded_on=day("2023-01-01"),
                members=("school", "bank"),
            )
            self.do(f"council:{id}", council)
        for number, held in enumerate(("2023-03-10", "2023-05-10", "2024-05-10")):
            on = day(held)
            notice = ConveneSession(
                session=f"s{number}", noticed_on=on - timedelta(days=9), scheduled_on=on
            )
            agenda = SetAgenda(session=f"s{number}", agenda=("停车",))
            hold = HoldSession(session=f"s{number}", held_on=on, present=("school", "bank"))
            self.do("council:a", notice, agenda, hold)
        text = RecordMinutes(session="s0", recorded_on=day("2023-03-12"), text="议定三项")
        self.do("council:a", text)

    def society(self) -> None:
        begin = day("2023-08-01")
        self.do(
            "partnership:p",
            SignAgreement(
                community="a",
                unit="university",
                title="共建",
                signed_on=begin,
                effective_from=begin,
                effective_until=day("2024-08-01"),
            ),
            StateNeed(need="n1", by="community", description="场地", stated_on=begin),
            StateNeed(need="n2", by="unit", description="车位", stated_on=begin),
            ListProject(project="x", need="n1", title="共用体育馆", listed_on=begin),
            ClaimProject(project="x", by="unit", claimed_on=begin, due_on=day("2024-01-01")),
        )
        place = SignAgreement(
            subdistrict=SUBDISTRICT_2,
            unit="hospital",
            title="共建",
            signed_on=begin,
            effective_from=begin,
            effective_until=day("2026-08-01"),
        )
        self.do("partnership:q", place)
        self.do(
            "checkin:k",
            RecordCheckIn(
                community="a",
                participant="organisation",
                unit="finance",
                checked_in_on=day("2023-12-15"),
            ),
            SendFeedback(period_from=day("2024-01-01"), content="好", sent_on=day("2024-03-20")),
        )
        opinion = AskOpinion(
            opinion="o",
            about=POLICY.checkins.opinions[0].code,
            subject="评先",
            asked_on=day("2024-06-01"),
        )
        self.do("checkin:k", opinion, by="reviewer")
        merits = {each.code: "有" for each in POLICY.exemplars.criteria}
        nominate = NominateExemplar(
            community="a", title="自治样本", merits=merits, nominated_on=day("2023-11-01")
        )
        self.do("exemplar:x", nominate, by="decider")
        designate = DesignateExemplar(designated_on=day("2023-12-01"))
        self.do("exemplar:x", designate, by="arbiter", person="arb")
        title = HonourHousehold(
            community="a",
            household="3栋2单元501",
            honour=POLICY.honours.titles[-1].code,
            awarded_on=day("2024-01-10"),
        )
        self.do("honour:h", title)
        red = PostOnBoard(
            community="a",
            board=POLICY.honours.boards[0].code,
            conduct="助人",
            posted_on=day("2024-06-01"),
        )
        self.do("honour:r", red)
