"""Every figure of the dashboard is the length of the list behind it, for any place and day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.checkin.opinion import AskOpinion
from domain.checkin.presence import RecordCheckIn
from domain.checkin.service import SendFeedback
from domain.community.corrections import CorrectName
from domain.community.identity import MoveCommunity
from domain.community.lineage import AbolishCommunity, RestoreCommunity
from domain.community.profile import SurveyProfile
from domain.community.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
)
from domain.council.events import Member
from domain.council.membership import FoundCouncil
from domain.council.minutes import RecordMinutes
from domain.council.sessions import ConveneSession, HoldSession, SetAgenda
from domain.exemplar.nomination import DesignateExemplar, NominateExemplar
from domain.honour.board import PostOnBoard
from domain.honour.household import HonourHousehold
from domain.jurisdiction.tree import DissolveJurisdiction, EstablishJurisdiction
from domain.kernel.command import Command
from domain.measure.adoption import AdoptMeasure
from domain.partnership.agreement import SignAgreement
from domain.partnership.exchange import StateNeed
from domain.partnership.project import ClaimProject, ListProject
from domain.policy import built_in
from domain.programme.drafting import AdoptProgramme, DraftProgramme, RecordConsultation
from domain.programme.items import AddProgrammeItem, DropProgrammeItem
from domain.review.objections import FileObjection
from domain.round.entering import OpenRound
from domain.round.planning import OpenStage
from domain.support.assignment import BeginSupport
from domain.support.events import SupportMilestone
from domain.support.progress import PlanSupport
from domain.task.assignment import AssignTask
from domain.task.completion import AcceptTask, CloseOutTask, ReportTask
from projections import checkins, councils, exemplars, honours, partnerships, supports, tasks
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from projections.figures import figures
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from record.store.record import CHINA, Record
from tests.checker import check
from tests.city import (
    CITY,
    DISTRICT,
    SUBDISTRICT,
    SUBDISTRICT_2,
    TYPE,
    TYPE_2,
    acting,
    classify,
    found,
    register,
)
from tests.databases import Databases
from tests.domain.given import day
from tests.domain.rounds import (
    BEGIN,
    GRADE,
    PLAN,
    PUBLISH,
    ROUND,
    STAGES,
    WORST,
    assessed,
    first,
    review,
    second,
    votes,
)
from tests.projections.work import Do

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
        self.do(f"task:{id}", assign, by="decider")

    def meetings(self) -> None:
        for id, kind in zip("ab", POLICY.councils, strict=True):
            council = FoundCouncil(
                community=id,
                title="联席会议",
                council_kind=kind.code,
                founded_on=day("2023-01-01"),
                members=tuple(Member(member=m, title=m) for m in ("school", "bank")),
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
                unit_name="大学",
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
            unit_name="医院",
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
                unit_name="财政局党支部",
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


class Lived:
    """The read models of that life, and where its record stood before its last entry."""

    def __init__(self, models: ReadModels, before: int) -> None:
        self.models, self.before = models, before
        self.recorded_on = datetime.now(CHINA).date()


@pytest.fixture(scope="module")
def lived(databases: Databases) -> Iterator[Lived]:
    """One life for all tests here, checked with its read models like any other record."""
    with databases.lent() as url:
        with Record(url) as record:
            found(record)
            before = Life(record).lived()
        catch_up(url, PROJECTIONS)
        models = ReadModels(url, connections_max=2)
        models.open()
        yield Lived(models, before)
        models.close()
        check(url)


@pytest.fixture
def view(lived: Lived) -> Iterator[View]:
    with lived.models.view() as view:
        yield view


def asked(on: date = DAY, **place: str | None) -> Asked:
    return Asked(POLICY, on, **place)


def ids(view: View, code: str, on: date = DAY, **more: Any) -> list[str]:
    return [each.id for each in figures.lines(view, FIGURES[code], asked(on), **more)]


def test_every_figure_counts_what_its_list_lists_in_every_place_and_at_any_time(
    lived: Lived,
) -> None:
    counted: Counter[str] = Counter()
    asks: list[tuple[date, str | None, int | None]] = [(DAY, place, None) for place in PLACES]
    asks += [(day("2023-07-01"), DISTRICT, None), (DAY, None, lived.before)]
    asks += [(date.min, None, None), (date.max, CITY, None)]
    asks += [(lived.recorded_on, None, None), (lived.recorded_on, SUBDISTRICT, lived.before)]
    for on, place, known in asks:
        with lived.models.view(known=known) as view:
            ask = asked(on, jurisdiction=place)
            for each in figures.counts(view, ask):
                lines = figures.lines(view, each.figure, ask)
                where = (each.figure.code, on, place, known)
                assert each.lines == len(lines), where
                assert len({line.id + line.ordered for line in lines}) == len(lines), where
                groups = {group.value: group.lines for group in each.groups}
                values = Counter(line.value for line in lines)
                assert groups == (values if each.figure.by else {}), where
                assert each.figure.by or set(values) <= {None}, where
                counted[each.figure.code] += each.lines
    assert [code for code in FIGURES if not counted[code]] == []


def test_a_list_goes_on_behind_a_key_and_shows_one_group(view: View) -> None:
    for figure in FIGURES.values():
        every = figures.lines(view, figure, asked())
        paged: list[figures.FigureLine] = []
        after: tuple[str, str] | None = None
        while page := figures.lines(view, figure, asked(), after=after, limit=2):
            paged += page
            after = (page[-1].ordered, page[-1].id)
        assert paged == every, figure.code
        for value in {line.value for line in every if line.value}:
            group = figures.lines(view, figure, asked(), value=value)
            assert group == [line for line in every if line.value == value]


def test_the_figures_say_what_was_lived(view: View) -> None:
    said = {each.figure.code: each.lines for each in figures.counts(view, asked())}

    assert said == {
        "communities": 4,
        "unclassified": 1,
        "under-dissolved": 1,
        "assessed-otherwise": 1,
        "proposals-waiting": 1,
        "reviews-waiting": 0,
        "objections-waiting": 1,
        "graded": 3,
        "supports-lacking": said["supports-lacking"],
        "supports": 1,
        "support-milestones-overdue": 1,
        "councils": 2,
        "councils-lacking": said["councils-lacking"],
        "sessions-held": 1,
        "sessions-missed": 8,
        "minutes-lacking": 2,
        "programmes": 1,
        "programme-items": 3,
        "tasks-open": 7,
        "tasks-near": said["tasks-near"],
        "tasks-behind": said["tasks-behind"],
        "tasks-overdue": 2,
        "tasks-closed-late": 1,
        "measures-open": 2,
        "measures-unsettled": 1,
        "partnerships": 2,
        "partnerships-ending": 1,
        "needs-unclaimed": 1,
        "projects-overdue": 1,
        "check-ins": 1,
        "feedback-due": 1,
        "feedback-overdue": 1,
        "opinions-waiting": 1,
        "exemplars": 1,
        "households-honoured": 1,
        "board-entries": 1,
        "recorded-late": 0,
        "corrections": 0,
    }
    worst = figures.lines(view, FIGURES["graded"], asked(), value=WORST)
    supported = {each.community for each in figures.lines(view, FIGURES["supports"], asked())}
    lacking = {each.community for each in worst} - supported
    assert ids(view, "supports-lacking") == sorted(filter(None, lacking))
    assert ids(view, "needs-unclaimed") == ["p/n2"]
    assert ids(view, "under-dissolved") == ["jurisdiction:left"]
    assert ids(view, "under-dissolved", day("2023-12-31")) == []
    assert ids(view, "reviews-waiting", day("2023-07-01")) == ["r.a", "r.b", "r.e"]


def test_a_community_under_a_dissolved_subdistrict_is_listed_until_it_has_another_place(
    do: Do, show: Any
) -> None:
    do(
        f"jurisdiction:{SUBDISTRICT}",
        DissolveJurisdiction(effective_from=day("2023-01-01"), successor=SUBDISTRICT_2),
    )
    believed = do(
        "community:a", MoveCommunity(subdistrict=SUBDISTRICT_2, effective_from=day("2023-03-01"))
    )

    def listed(on: str, known: int | None = None) -> list[tuple[str, str | None]]:
        figure = FIGURES["under-dissolved"]
        found = show(figures.lines, figure, asked(day(on)), known=known)
        return [(each.id, each.part) for each in found]

    assert listed("2022-12-31") == []
    assert listed("2023-02-01") == [("community:a", SUBDISTRICT)]
    assert listed("2023-03-01") == []
    assert listed("2023-03-01", believed - 1) == [("community:a", SUBDISTRICT)]


def test_nothing_stands_or_is_owed_beyond_the_end_of_its_community(
    record: Record, show: Any
) -> None:
    life = Life(record)
    life.communities()
    life.society()
    code = POLICY.community_type(TYPE).measures[0].code
    adopt = AdoptMeasure(community="a", measure=code, adopted_on=day("2024-01-10"))
    life.do(f"measure:a.{code}", adopt, by="decider")
    standing = ["measures-open", "check-ins", "partnerships", "needs-unclaimed", "exemplars"]
    standing += ["board-entries", "projects-overdue"]
    late = day("2025-09-30")

    def found(*codes: str, on: date = late) -> dict[str, int]:
        return {
            each: len(show(figures.lines, FIGURES[each], asked(on, community="a")))
            for each in codes
        }

    before = found(*standing, on=DAY)
    assert all(before.values()), before
    owed = found("feedback-overdue")["feedback-overdue"]

    end = AbolishCommunity(effective_from=day("2024-07-15"), reason="撤并")
    life.do("community:a", end, by="decider")

    assert found(*standing, on=DAY) == before
    gone = [*standing, "opinions-waiting"]
    assert found(*gone) == dict.fromkeys(gone, 0)
    assert found("households-honoured") == {"households-honoured": 1}
    assert owed == 6
    assert found("feedback-overdue") == {"feedback-overdue": 3}
    assert show(checkins.items, effective=late, overdue=True) == []
    assert show(partnerships.items, effective=late, overdue=True) == []
    assert show(honours.postings, effective=late, in_force=True) == []
    holding = show(
        partnerships.partnerships, effective=late, where=partnerships.Filter(in_force=True)
    )
    assert [each.partnership for each in holding] == ["q"]


def test_a_list_shows_what_its_figure_counts_where_a_community_ended(
    record: Record, show: Any
) -> None:
    life = Life(record)
    life.communities()
    life.round()
    life.meetings()
    life.society()
    for id in "ab":
        end = AbolishCommunity(effective_from=day("2024-07-15"), reason="撤并")
        life.do(f"community:{id}", end, by="decider")

    def listed(on: date) -> dict[str, list[str]]:
        standing = checkins.Filter(status="present")
        designated = exemplars.Filter(status="designated")
        going = supports.Filter(open=True)
        found = {
            "check-ins": show(checkins.check_ins, effective=on, where=standing),
            "exemplars": show(exemplars.exemplars, effective=on, where=designated),
            "supports": show(supports.supports, effective=on, where=going),
        }
        names = {"check-ins": "checkin", "exemplars": "exemplar", "supports": "support"}
        lists = {code: [getattr(x, names[code]) for x in each] for code, each in found.items()}
        standing_councils = show(councils.owing, effective=on)
        return {**lists, "councils": [each.council.council for each in standing_councils]}

    for on, standing in ((day("2024-07-14"), True), (day("2024-07-15"), False)):
        for code, shown in listed(on).items():
            lines = show(figures.lines, FIGURES[code], asked(on))
            assert sorted(shown) == sorted(line.id for line in lines), (code, on)
            assert bool(shown) == standing, (code, on)
    late = day("2024-07-15")
    (ended,) = show(exemplars.exemplars, effective=late)
    (check_in,) = show(checkins.check_ins, effective=late)
    (support,) = show(supports.supports, effective=late, where=supports.Filter(open=False))
    assert {ended.community_ended_on, check_in.community_ended_on} == {late}
    assert (support.community_ended_on, support.outcome, support.overdue) == (late, None, 0)


def test_no_feedback_is_owed_for_what_time_a_community_did_not_exist(
    record: Record, show: Any
) -> None:
    life = Life(record)
    life.communities()
    life.society()
    end = AbolishCommunity(effective_from=day("2024-05-15"), reason="撤并")
    again = RestoreCommunity(code=None, effective_from=day("2025-02-10"))
    life.do("community:a", end, again, by="decider")

    lines = show(figures.lines, FIGURES["feedback-overdue"], asked(day("2025-09-30")))

    assert [line.ordered for line in lines] == [
        "2023-10-01",
        "2024-04-01",
        "2025-01-01",
        "2025-04-01",
    ]


def test_lights_are_those_of_the_task_board(view: View) -> None:
    for light in ("near", "behind", "overdue"):
        where = tasks.Filter(light=light)
        board = tasks.tasks(view, POLICY, effective=DAY, where=where)
        assert ids(view, f"tasks-{light}") == [each.task for each in board]
        assert board


def test_what_belongs_to_no_community_is_found_by_its_place(view: View) -> None:
    def found(code: str, place: str) -> set[str]:
        lines = figures.lines(view, FIGURES[code], asked(jurisdiction=place))
        return {line.id for line in lines}

    assert found("tasks-overdue", SUBDISTRICT_2) == {"place"}
    assert found("tasks-overdue", DISTRICT) == found("tasks-overdue", CITY) == {"t0", "place"}
    assert "city" in found("tasks-open", CITY) - found("tasks-open", DISTRICT)
    assert found("partnerships", SUBDISTRICT_2) == {"q"}
    assert found("programmes", CITY) == {f"{CITY}.2024"}
    assert found("programmes", DISTRICT) == set()
    assert ids(view, "communities") == ["a", "b", "e", "c"]
    lines = figures.lines(view, FIGURES["communities"], asked(community="b"))
    assert [(line.community_name, line.subdistrict, line.district) for line in lines] == [
        ("b社区", SUBDISTRICT_2, DISTRICT)
    ]


def test_late_entries_and_corrections_are_those_of_the_last_ninety_days(lived: Lived) -> None:
    with lived.models.view() as view:
        on = lived.recorded_on
        (corrected,) = figures.lines(view, FIGURES["corrections"], asked(on))
        late = figures.lines(view, FIGURES["recorded-late"], asked(on))
        assert ids(view, "corrections", on + timedelta(days=figures.RECENT_DAYS + 2)) == []
    assert (corrected.subject, corrected.part, corrected.value) == ("community:a", "1", "corrects")
    assert corrected.position in {line.position for line in late}
    assert {line.district for line in late if line.community} == {DISTRICT}
    with lived.models.view(known=lived.before) as view:
        assert ids(view, "corrections", on) == []


def test_every_figure_has_one_section_or_one_derivation() -> None:
    written = set(figures.SQL) - {"count", "page", "placed", "named", "derived", "recent"}

    assert written == {c.replace("-", "_") for c, f in FIGURES.items() if f.derived is None}
