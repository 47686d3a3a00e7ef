"""The review board, the ranking with its explanation, grade history and supports, from a record."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.community.lineage import AbolishCommunity
from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.review.corrections import CorrectAppraisal, CorrectScore, ImposeVeto
from domain.review.events import CorrectingEntry
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.objections import DecideObjection, FileObjection
from domain.review.opening import WithdrawReview
from domain.review.settling import AnnulObjectionStep, SettleObjection, WithdrawObjection
from domain.review.stages import ReturnReview
from domain.round.annulment import AnnulRound
from domain.round.entering import AdmitCommunities, OpenRound
from domain.round.grading import RegradeCity
from domain.round.planning import CloseStage, OpenStage
from domain.support.assignment import AssignSupporter, BeginSupport, EndAssignment
from domain.support.events import SupportMilestone
from domain.support.outcome import EndSupport
from domain.support.progress import (
    AnnulSupportEntry,
    MilestoneTask,
    PlanSupport,
    ReachMilestone,
    ReportSupport,
)
from domain.task.completion import AcceptTask, RecordTaskProgress
from projections import grade_board, ranking, review_board, reviews, rounds, supports
from projections import tasks as task_board
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from projections.figures import figures, milestones
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from projections.grade_board import GradePeriodView
from projections.rounds import RoundView
from projections.sentences import sentences_in
from projections.timeline import history
from record.store.record import CHINA, Record
from tests.city import DISTRICT, SUBDISTRICT, acting, classify, register
from tests.domain.given import POLICY, day
from tests.domain.rounds import (
    BEGIN,
    BEST,
    GRADE,
    MIDDLE,
    PLAN,
    PUBLISH,
    ROUND,
    STAGES,
    VETO,
    WORST,
    assessed,
    first,
    points,
    review,
    second,
    votes,
)
from tests.domain.rounds import (
    DISTRICT as DISTRICT_STAGE,
)
from tests.domain.supports import CONCLUDE, held_again

WHO: dict[str, tuple[Role, str, str]] = {
    "ClassifyCommunity": ("decider", "dec", DISTRICT),
    "RecordAppraisal": ("recorder", "rec", SUBDISTRICT),
    "SelfAssess": ("recorder", "rec", SUBDISTRICT),
    "ScoreBySubdistrict": ("reviewer", "rev", SUBDISTRICT),
    "ScoreByDistrict": ("decider", "dec", DISTRICT),
}
Ask = Callable[..., int]


@pytest.fixture
def ask(record: Record) -> Ask:
    """Carries a command out as whoever does such things; answers with its last position."""

    def carry_out(stream: str, command: Command[Any], **who: Any) -> int:
        role, person, unit = WHO.get(type(command).__name__, ("arbiter", "arb", "city"))
        by = acting(who.get("role", role), who.get("person", person), who.get("unit", unit))
        return record.carry_out(stream, command, by=by).last_position

    return carry_out


@pytest.fixture
def view(record: Record, models: ReadModels) -> Callable[..., Any]:
    """A picture of the read models once they have caught up."""

    def look(known: int | None = None) -> Any:
        catch_up(record.url, PROJECTIONS)
        return models.view(known=known)

    return look


def opened(ask: Ask, **percents: int) -> None:
    """The round with all reviews done: so many per cent in every stage that is scored."""
    for id in percents:
        ask(f"community:{id}", register(f"{id}社区"))
        ask(f"community:{id}", classify())
    ask(ROUND, PLAN)
    ask(ROUND, OpenRound(communities=tuple(percents), opened_on=BEGIN))
    for stage in STAGES:
        ask(ROUND, OpenStage(stage=stage, opened_on=BEGIN))
    for id, percent in percents.items():
        for command in (votes(), assessed(percent), first(percent), second(percent)):
            ask(review(id), command)


def published(ask: Ask, **percents: int) -> int:
    opened(ask, **percents)
    ask(ROUND, GRADE)
    return ask(ROUND, PUBLISH)


def the_round(seen: View) -> RoundView:
    found = rounds.one(seen, "r")
    assert found is not None
    return found


def corrects(version: int, percent: int) -> CorrectScore:
    return CorrectScore(
        corrects=version, items=points(percent), corrected_on=day("2023-10-10"), reason="计分有误"
    )


def test_the_board_shows_how_far_every_review_has_come(ask: Ask, view: Any) -> None:
    opened(ask, a=90, b=80, e=70)
    ask(review("a"), ReturnReview(returned_on=day("2023-09-01"), reason="补充佐证"))
    ask(review("b"), ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报"))
    ask(review("e"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))

    with view() as seen:
        plan, policy = rounds.plan(seen, "r")
        found = review_board.of_round(seen, the_round(seen), plan)
        board = {each.community: each for each in found}
        scores = reviews.scores(seen, "r", ["r.a"])
        vetoes = reviews.vetoes(seen, "r")
        taking_part = (
            "select community from reviews_on(%(effective)s, %(known)s)"
            " where not withdrawn order by community"
        )
        before, since = (
            [row["community"] for row in seen.rows(taking_part, effective=day(on))]
            for on in ("2023-09-01", "2023-09-02")
        )
    assert (before, since) == (["a", "b", "e"], ["a", "b"])
    assert (board["a"].returned_to, board["a"].community_name) == (DISTRICT_STAGE, "a社区")
    assert [each.stage for each in scores] == sorted(STAGES[:3])
    assert ranking.next_stage(plan, (s.stage for s in scores)).stage == DISTRICT_STAGE
    assert ranking.next_stage(plan, STAGES[:-1]) == plan.grading
    assert (board["e"].withdrawn_on, policy) == (day("2023-09-02"), "2021")
    assert [(veto.review, veto.version) for veto in vetoes] == [("r.b", 6)]


def waiting(seen: View, text: str, figure: str = "reviews-waiting") -> list[tuple[Any, ...]]:
    """The lines of a figure on a day, with their values."""
    lines = figures.lines(seen, FIGURES[figure], Asked(POLICY, day(text)))
    return [(each.community, each.value) for each in lines]


def test_a_review_waits_on_each_day_for_the_stage_after_those_done_by_then(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90)
    appraise, assess, one, two = STAGES[:4]
    done = ask(review("a"), ReturnReview(returned_on=day("2023-09-01"), reason="补充佐证"))
    again = second(95).model_copy(update={"scored_on": day("2023-09-05")})
    last = ask(review("a"), again)
    moved = [each.model_copy(update={"held_on": day("2023-05-20")}) for each in votes().assemblies]
    correct = CorrectAppraisal(
        corrects=2, assemblies=tuple(moved), corrected_on=day("2023-09-06"), reason="日期有误"
    )
    ask(review("a"), correct, role="recorder", person="rec", unit=SUBDISTRICT)

    def stage(text: str, known: int | None = None) -> str | None:
        with view(known) as seen:
            found = waiting(seen, text)
        return found[0][1] if found else None

    assert stage("2023-04-30") is None
    assert stage("2023-05-01") == appraise
    assert stage("2023-06-10", done) == one
    assert stage("2023-08-09") == two
    for known in (done - 1, done, last, None):
        assert stage("2023-08-10", known) == STAGES[4]
        assert stage("2023-08-31", known) == STAGES[4]
    assert stage("2023-09-01", done) == two
    assert stage("2023-09-04") == two
    assert stage("2023-09-05") == STAGES[4]
    assert (stage("2023-05-10", last), stage("2023-05-10")) == (assess, appraise)
    assert stage("2023-05-20") == assess


def test_a_community_that_left_a_round_and_entered_again_was_out_of_it_in_between(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90)
    left = ask(review("a"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))
    ask(ROUND, AdmitCommunities(admitted_on=day("2023-09-10"), communities=("a",)))

    def stages(known: int | None = None) -> list[list[tuple[Any, ...]]]:
        days = ("2023-09-01", "2023-09-02", "2023-09-09", "2023-09-10")
        with view(known) as seen:
            return [waiting(seen, text) for text in days]

    grading, anew = [("a", STAGES[4])], [("a", STAGES[0])]
    assert stages(left) == [grading, [], [], []]
    assert stages() == [grading, [], [], anew]


def test_a_community_is_told_to_enter_a_round_on_the_day_it_entered(ask: Ask, view: Any) -> None:
    opened(ask, a=90)
    ask("community:b", register("b社区"))
    ask("community:b", classify())
    ask(ROUND, AdmitCommunities(admitted_on=day("2023-05-08"), communities=("b",)))

    def told(id: str, until: str) -> list[str]:
        with view() as seen:
            return [
                each.effective_on.isoformat()
                for each in history(seen, f"community:{id}", until=day(until))
                if each.entry.name == "ReviewOpened"
            ]

    assert (told("a", "2023-04-30"), told("a", "2023-05-01")) == ([], ["2023-05-01"])
    assert (told("b", "2023-05-07"), told("b", "2023-05-08")) == ([], ["2023-05-08"])
    with view() as seen:
        assert [id for id, _ in waiting(seen, "2023-05-07")] == ["a"]
        assert [id for id, _ in waiting(seen, "2023-05-08")] == ["a", "b"]


def test_an_annulled_round_counts_on_no_day(ask: Ask, view: Any) -> None:
    published(ask, a=90)
    filed = FileObjection(objection="o1", filed_on=day("2023-10-10"), grounds="计分有误")
    before = ask(review("a"), filed, role="decider")
    ask(ROUND, AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规"))

    def counted(known: int | None = None) -> tuple[Any, ...]:
        with view(known) as seen:
            found = milestones.standing(seen, POLICY, effective=day("2023-10-12"))
            done = {
                part.evidence: part.done
                for each in found
                for part in each.found
                if each.status != "open"
            }
            return (
                waiting(seen, "2023-06-01"),
                [id for id, _ in waiting(seen, "2023-10-12", "objections-waiting")],
                done["rounds"],
                done["results"],
            )

    assert counted(before) == ([("a", STAGES[1])], ["a"], 1, 1)
    assert counted() == ([], [], 0, 0)


def test_a_round_shows_its_phase_and_windows_as_known_at_any_position(ask: Ask, view: Any) -> None:
    before = published(ask, a=90)
    after = ask(ROUND, AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规"))

    for known, status in ((before, "published"), (after, "annulled")):
        with view(known) as seen:
            line = rounds.one(seen, "r")
            assert line is not None
            assert (line.status, line.communities) == (status, 1)
            assert rounds.rounds(seen) == [line]
            assert rounds.rounds(seen, status="open") == []
            assert len(rounds.windows(seen, "r")) == len(STAGES)


def test_a_round_is_shown_as_it_stood_on_a_day_whenever_it_was_recorded(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=80)
    stage, again = STAGES[0], day("2023-09-20")
    ask(review("b"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))

    def shown(text: str) -> tuple[Any, ...]:
        with view() as seen:
            on = day(text)
            line = rounds.one(seen, "r", effective=on)
            assert line is not None
            assert rounds.rounds(seen, effective=on, status=line.status) == [line]
            absent = review_board.absent(seen, line, effective=on)
            windows = [w for w in rounds.windows(seen, "r", effective=on) if w.stage == stage]
            return line, absent, windows

    days = ("2023-01-01", "2023-09-01", "2023-09-10", "2023-09-19")
    ask(ROUND, CloseStage(stage=stage, closed_on=day("2023-09-10")))
    before = [shown(each) for each in days]
    ask(ROUND, OpenStage(stage=stage, opened_on=again))
    ask(ROUND, GRADE)
    ask(ROUND, PUBLISH)

    assert [shown(each) for each in days] == before
    assert [line.status for line, *_ in before] == ["planned", "open", "open", "open"]
    assert [line.communities for line, *_ in before] == [0, 2, 1, 1]
    assert [[w.closed_on for w in windows] for *_, windows in before] == [
        [],
        [None],
        [day("2023-09-10")],
        [day("2023-09-10")],
    ]
    now, _, (window,) = shown("2024-01-01")
    assert (now.status, window.opened_on, window.closed_on) == ("published", again, None)


def test_a_round_counts_those_that_take_part_and_its_annulment_is_a_correction(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=80)
    ask(review("b"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))
    with view() as seen:
        assert the_round(seen).communities == 1
    at = ask(ROUND, AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规"))

    with view() as seen:
        today = datetime.now(CHINA).date()
        lines = figures.lines(seen, FIGURES["corrections"], Asked(POLICY, today), value="annuls")
        planned = history(seen, ROUND)[0]

    assert [line.subject for line in lines if line.subject == ROUND] == [ROUND]
    assert [how for how, _ in planned.marks] == ["annuls"]
    assert planned.entry.position < at


def test_a_grade_that_was_decided_by_itself_differs_from_what_the_scores_give(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=30)
    ask(ROUND, GRADE)
    decide = CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-09-21"), reason="复核")
    ask(review("b"), decide)

    with view() as seen:
        listed = ranking.named(seen, the_round(seen), ranking.ranked(seen, "r"))

    shown = {
        each.community: (each.grade, each.recorded_grade, each.recorded_decided, each.differs)
        for each in listed
    }
    assert shown["b"] == (WORST, MIDDLE, True, True)
    assert shown["a"][2:] == (False, False)


def test_the_absent_are_the_urban_communities_that_are_not_in_the_round(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=80)
    ask("community:e", register("e社区"))
    ask("community:late", register("新社区", effective_from=day("2023-05-15")))
    ask(review("b"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))

    with view() as seen:
        found = review_board.absent(seen, the_round(seen))
        assert review_board.absent(seen, the_round(seen), after=("", "b"))[0].community == "e"
    assert [(each.community, each.type is None, each.withdrawn) for each in found] == [
        ("b", False, True),
        ("e", True, False),
    ]


def test_the_ranking_explains_itself_beside_what_was_published(ask: Ask, view: Any) -> None:
    before = published(ask, a=90, b=80, e=70)
    ask(review("e"), corrects(5, 100))

    with view() as seen:
        now = ranking.ranked(seen, "r")
    with view(before) as seen:
        then = ranking.ranked(seen, "r")
    assert [(r.placing.community, r.line.rank, r.differs) for r in now] == [
        ("a", 1, False),
        ("e", 3, True),
        ("b", 2, True),
    ]
    assert [share.percent for share in now[1].placing.stages] == [
        Decimal(p) for p in ("100.00", "70.00", "70.00", "100.00")
    ]
    assert [(r.placing.community, r.differs) for r in then] == [
        (id, False) for id in ("a", "b", "e")
    ]


def test_grades_hold_from_publication_and_corrections_leave_a_trace(ask: Ask, view: Any) -> None:
    at = published(ask, a=90, b=30)
    ask(review("a"), corrects(5, 100))
    moved = ask(ROUND, RegradeCity(graded_on=day("2023-10-11"), reason="更正"))
    decided = ask(
        review("b"),
        CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-10-12"), reason="复核"),
    )
    annulled = ask(
        review("b"), AnnulGrade(annuls=7, annulled_on=day("2023-10-13"), reason="程序违规")
    )
    anew = ask(ROUND, RegradeCity(graded_on=day("2023-10-14"), reason="重新评定"))

    def grade_of(id: str, known: int) -> tuple[Any, ...]:
        with view(known) as seen:
            (period,) = grade_board.history(seen, id, effective=date.max)
        assert isinstance(period, GradePeriodView)
        assert (period.effective_from, period.effective_until) == (PUBLISH.published_on, None)
        return period.grade, period.rank, period.decided

    assert grade_of("b", at) == (WORST, 2, False)
    assert grade_of("a", moved) == (BEST, 1, False)
    assert grade_of("b", decided) == (MIDDLE, 2, True)
    assert grade_of("b", annulled) == (None, None, False)
    assert grade_of("b", anew) == (WORST, 2, False)
    with view() as seen:
        on = grade_board.grades(seen, effective=PUBLISH.published_on)
        assert [(g.community, g.grade, g.community_name) for g in on] == [
            ("a", BEST, "a社区"),
            ("b", WORST, "b社区"),
        ]
        assert grade_board.grades(seen, effective=day("2023-10-07")) == []
        (lagging,) = grade_board.grades(
            seen, effective=day("2024-01-01"), where=grade_board.Filter(grade=WORST)
        )
        assert lagging.community == "b"
        assert [
            g.community
            for g in grade_board.grades(seen, effective=day("2024-01-01"), after=("", "a"))
        ] == ["b"]


def test_a_community_that_ended_has_no_grade_any_more(ask: Ask, view: Any) -> None:
    published(ask, a=90, b=30)
    ask("community:b", AbolishCommunity(effective_from=day("2024-01-01")))

    with view() as seen:
        before, after = (
            [g.community for g in grade_board.grades(seen, effective=day(on))]
            for on in ("2023-12-31", "2024-01-01")
        )
        assert (before, after) == (["a", "b"], ["a"])
        assert [period.grade for period in grade_board.history(seen, "b", effective=date.max)] == [
            WORST
        ]


def test_a_grade_that_is_not_published_is_none_and_an_annulled_round_gives_none(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90)
    ask(ROUND, GRADE)
    with view() as seen:
        assert grade_board.history(seen, "a", effective=date.max) == []
    at = ask(ROUND, PUBLISH)
    ask(ROUND, AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规"))
    with view() as seen:
        (period,) = grade_board.history(
            seen, "a", effective=date.max
        )  # it says that the grade is void
        assert (period.grade, period.rank) == (None, None)
        assert grade_board.grades(seen, effective=day("2023-10-20")) == []
        assert ranking.ranked(seen, "r") == []
    with view(at) as seen:
        assert len(ranking.ranked(seen, "r")) == 1
        assert [period.grade for period in grade_board.history(seen, "a", effective=date.max)] == [
            BEST
        ]


def test_objections_wait_until_they_are_settled(ask: Ask, view: Any) -> None:
    published(ask, a=90)
    filed = FileObjection(objection="o1", filed_on=day("2023-10-10"), grounds="计分有误")
    upheld = DecideObjection(
        objection="o1", outcome="upheld", decided_on=day("2023-10-11"), reason="属实"
    )
    unsettled = [
        ask(review("a"), filed, role="decider"),
        ask(review("a"), upheld, person="zhao"),
    ]
    unsettled.append(ask(review("a"), corrects(5, 70)))
    named = (CorrectingEntry(community="a", version=9),)
    settled = SettleObjection(
        objection="o1", corrections=named, settled_on=day("2023-10-12"), reason="已更正"
    )
    at = ask(review("a"), settled, person="zhao")
    void = AnnulObjectionStep(annuls=10, annulled_on=day("2023-10-13"), reason="误录")
    unsettled.append(ask(review("a"), void, person="zhao"))

    for known in unsettled:
        with view(known) as seen:
            assert len(review_board.objections(seen, the_round(seen), unsettled=True)) == 1
            plan, _ = rounds.plan(seen, "r")
            (line,) = review_board.of_round(seen, the_round(seen), plan)
            assert line.objections_open == 1
    with view() as seen:
        (objection,) = review_board.objections(seen, the_round(seen), community="a")
    assert (objection.status, objection.settled_on, objection.corrections) == ("upheld", None, None)
    with view(at) as seen:
        assert review_board.objections(seen, the_round(seen), unsettled=True) == []
        (objection,) = review_board.objections(seen, the_round(seen), community="a")
    assert (objection.outcome, objection.decided_by, objection.status, objection.version) == (
        "upheld",
        "zhao",
        "settled",
        10,
    )
    assert objection.corrections is not None
    corrections = [(each.community, each.version) for each in objection.corrections]
    assert corrections == [(each.community, each.version) for each in named]


def test_an_objection_that_was_withdrawn_waits_for_nothing(ask: Ask, view: Any) -> None:
    published(ask, a=90)
    filed = FileObjection(objection="o1", filed_on=day("2023-10-10"), grounds="计分有误")
    ask(review("a"), filed, role="decider", person="wei")
    with view() as seen:
        (objection,) = review_board.objections(seen, the_round(seen), unsettled=True)
    assert (objection.status, objection.outcome) == ("filed", None)
    withdrawn = WithdrawObjection(objection="o1", withdrawn_on=day("2023-10-11"), reason="已沟通")
    ask(review("a"), withdrawn, role="decider", person="wei")

    with view() as seen:
        assert review_board.objections(seen, the_round(seen), unsettled=True) == []
        (objection,) = review_board.objections(seen, the_round(seen))
    assert (objection.status, objection.withdrawn_for, objection.outcome) == (
        "withdrawn",
        "已沟通",
        None,
    )


def test_results_say_which_grade_was_decided_by_itself(ask: Ask, view: Any) -> None:
    opened(ask, a=90, b=30)
    ask(ROUND, GRADE)
    ask(
        review("b"),
        CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-09-21"), reason="复核"),
    )
    ask(ROUND, PUBLISH)
    with view() as seen:
        found = {
            id: grade_board.history(seen, id, effective=date.max)[0].decided for id in ("a", "b")
        }
    assert found == {"a": False, "b": True}


def test_a_support_shows_who_gives_it_and_what_is_reached_or_late(ask: Ask, view: Any) -> None:
    published(ask, a=90, b=30)
    s = "support:r.b"
    by_person, by_unit = (kind.code for kind in POLICY.supports[:2])
    goals = tuple(
        SupportMilestone(milestone=f"m{n}", title=f"目标{n}", due_on=date(2024, n, 1))
        for n in (1, 2, 3)
    )
    begun = day("2023-10-20")
    ask(s, BeginSupport(effective_from=begun))
    ask(s, PlanSupport(planned_on=begun, aim="晋位", milestones=goals))
    for id, kind, giver in (("x1", by_person, "person"), ("x2", by_unit, "unit")):
        given: dict[str, Any] = {giver: "wang"}
        ask(s, AssignSupporter(assignment=id, kind=kind, effective_from=begun, **given))
    ask(s, EndAssignment(assignment="x1", effective_until=day("2024-01-15"), reason="轮换"))
    reached = ReachMilestone(milestone="m1", reached_on=day("2023-12-30"))
    ask(s, reached, role="reviewer")
    report = ReportSupport(reported_on=day("2024-01-10"), progress="进展良好")
    at = ask(s, report, role="reviewer", person="rev")
    for annuls in (5, 6, 7):
        ask(s, AnnulSupportEntry(annuls=annuls, reason="误录"))
    ask(s, EndSupport(ended_on=day("2024-02-20"), reason="社区撤并"))

    def on(text: str, known: int | None = None) -> tuple[Any, ...]:
        with view(known) as seen:
            (each,) = supports.supports(seen, effective=day(text))
            assert supports.one(seen, "r.b", effective=day(text)) == each
        return set(each.kinds), each.milestones, each.reached, each.overdue, each.outcome

    assert on("2024-01-14", at) == ({by_person, by_unit}, 3, 1, 0, None)
    assert on("2024-02-02", at) == ({by_unit}, 3, 1, 1, None)
    assert on("2024-02-02") == ({by_person, by_unit}, 3, 0, 2, None)
    assert on("2024-02-20") == (set(), 3, 0, 0, "ended")
    late = day("2024-02-20")
    with view(at) as seen:
        assert supports.goals(seen, "r.b", effective=late)[0].reached_on == day("2023-12-30")
        given_by = supports.assignments(seen, "r.b", effective=late)
        until = [each.effective_until for each in given_by]
        assert until == [day("2024-01-15"), None]
        assert [each.by_person for each in supports.reports(seen, "r.b", effective=late)] == ["rev"]
        assert supports.supports(seen, effective=late, where=supports.Filter(open=False)) == []
    with view() as seen:
        assert supports.reports(seen, "r.b", effective=late) == []
        goals_now = supports.goals(seen, "r.b", effective=late)
        assert [each.reached_on for each in goals_now] == [None] * 3


def test_a_support_shows_only_what_had_happened_by_the_day(ask: Ask, view: Any) -> None:
    published(ask, a=90, b=30)
    s, kind = "support:r.b", POLICY.supports[0].code
    goals = (SupportMilestone(milestone="m1", title="补建活动室", due_on=date(2024, 5, 1)),)
    more = SupportMilestone(milestone="m2", title="健全议事会", due_on=date(2024, 6, 1))
    ask(s, BeginSupport(effective_from=day("2023-10-20")))
    ask(s, PlanSupport(planned_on=day("2023-11-01"), aim="晋位", milestones=goals))
    assigned: dict[str, Any] = {"kind": kind, "effective_from": day("2023-11-10")}
    year = AssignSupporter(
        assignment="x1", person="wang", effective_until=day("2024-11-10"), **assigned
    )
    ask(s, year)
    reported = ReportSupport(reported_on=day("2024-01-10"), progress="进展良好")
    ask(s, reported, role="reviewer")
    anew = PlanSupport(planned_on=day("2024-02-01"), aim="尽快晋位", milestones=(*goals, more))
    ask(s, anew)
    reached = ReachMilestone(milestone="m1", reached_on=day("2024-03-01"))
    ask(s, reached, role="reviewer")
    ask(s, EndSupport(ended_on=day("2024-04-01"), reason="评定等次已更正"))

    def on(text: str) -> Any:
        then = day(text)
        with view() as seen:
            counted = figures.lines(seen, FIGURES["supports"], Asked(POLICY, then))
            open_ = supports.Filter(open=True)
            listed = supports.supports(seen, effective=then, where=open_)
            assert [each.support for each in listed] == [each.id for each in counted], text
            if (each := supports.one(seen, "r.b", effective=then)) is None:
                return None
            given = supports.assignments(seen, "r.b", effective=then)
            plan = supports.goals(seen, "r.b", effective=then)
            reports = len(supports.reports(seen, "r.b", effective=then))
        until = [str(each.effective_until) for each in given]
        aimed = (each.aim, [goal.reached_on is not None for goal in plan])
        return str(each.ended_on), each.outcome, *aimed, until, reports

    assert on("2023-10-19") is None
    assert on("2023-10-20") == ("None", None, None, [], [], 0)
    assert on("2023-11-09") == ("None", None, "晋位", [False], [], 0)
    assert on("2024-01-10") == ("None", None, "晋位", [False], ["2024-11-10"], 1)
    assert on("2024-02-29") == ("None", None, "尽快晋位", [False, False], ["2024-11-10"], 1)
    assert on("2024-03-31") == ("None", None, "尽快晋位", [True, False], ["2024-11-10"], 1)
    ended = ("2024-04-01", "ended", "尽快晋位", [True, False], ["2024-04-01"], 1)
    assert on("2024-04-01") == ended
    assert on("2024-12-01") == ended


def test_a_support_is_over_only_while_another_one_stood_between(ask: Ask, view: Any) -> None:
    published(ask, a=90, b=30)
    ask("support:r.b", BeginSupport(effective_from=day("2023-10-20")))
    for stream, command in held_again(20):
        ask(stream, command)
    ask("support:r.b", CONCLUDE.model_copy(update={"consequence": "转为重点帮扶"}))
    ask("support:q.b", BeginSupport(effective_from=day("2025-10-10")))
    at = ask(
        "support:q.b", ReportSupport(reported_on=day("2025-10-12"), progress="x"), role="decider"
    )
    ask("round:q", AnnulRound(annulled_on=day("2025-11-20"), reason="程序违规"))

    def on(text: str, known: int | None = None) -> list[tuple[str, str | None, str | None]]:
        with view(known) as seen:
            listed = supports.supports(seen, effective=day(text))
        return [(each.support, each.outcome, each.next_round) for each in listed]

    concluded = ("r.b", "not-upgraded", "q")
    assert on("2025-10-08") == [("r.b", None, None)]
    assert on("2025-10-09") == [concluded]
    assert on("2025-11-19") == [concluded, ("q.b", None, None)]
    assert on("2025-11-20") == [("r.b", None, None), ("q.b", "ended", None)]
    assert on("2025-11-20", at) == [concluded, ("q.b", None, None)]


def test_a_supports_progress_counts_its_tasks_and_its_end_can_be_annulled(
    ask: Ask, view: Any
) -> None:
    published(ask, a=90, b=30)
    s, begun = "support:r.b", day("2023-10-20")
    goals = tuple(
        SupportMilestone(milestone=f"m{n}", title=f"目标{n}", due_on=date(2024, n, 1))
        for n in (1, 2)
    )
    stated: dict[str, Any] = {"unit": "street", "person": "wang", "due_on": date(2024, 1, 1)}
    tasks = tuple(
        MilestoneTask(milestone=m, title=f"任务{n}", **stated)
        for n, m in enumerate(("m1", "m1", "m2"))
    )
    ask(s, BeginSupport(effective_from=begun))
    ask(s, PlanSupport(planned_on=begun, aim="晋位", milestones=goals, tasks=tasks))
    with view() as seen:
        ours = task_board.Filter(source="support-plan", source_part="m1")
        listed = task_board.tasks(seen, POLICY, effective=begun, where=ours)
    first = f"task:{listed[0].task}"
    ask(first, AcceptTask(accepted_on=begun), person="wang")
    half = RecordTaskProgress(progressed_on=day("2023-11-01"), percent=50, note="过半")
    at = ask(first, half, person="wang")
    ask(s, EndSupport(ended_on=day("2024-02-20"), reason="社区撤并"))

    def on(text: str, known: int | None = None) -> tuple[Any, ...]:
        with view(known) as seen:
            each = supports.one(seen, "r.b", effective=day(text))
            of_goals = supports.goals(seen, "r.b", effective=day(text))
        assert each
        figures = (each.tasks, each.tasks_open, each.tasks_closed, each.percent)
        return *figures, [(goal.tasks, goal.percent) for goal in of_goals]

    assert on("2023-10-20") == (3, 3, 0, 0, [(2, 0), (1, 0)])
    assert on("2023-11-01") == (3, 3, 0, 17, [(2, 25), (1, 0)])
    assert on("2024-02-20") == (3, 0, 0, None, [(2, None), (1, None)])
    assert on("2024-02-20", at)[1] == 3
    ask(s, AnnulSupportEntry(annuls=5, reason="误录"))
    with view() as seen:
        again = supports.one(seen, "r.b", effective=day("2024-02-20"))
    assert again
    assert (again.outcome, again.ended_on, again.tasks_open) == (None, None, 3)


def test_the_communitys_history_tells_its_rounds_in_both_languages(ask: Ask, view: Any) -> None:
    published(ask, a=90)

    with view() as seen:
        told = [each.entry for each in history(seen, "community:a")]
        zh, en = (sentences_in(seen, told, language) for language in ("zh", "en"))
        whole = [each.entry for each in history(seen, ROUND)]
        sentences_in(seen, whole, "zh")
    type = POLICY.types[0].title
    assert f"以{type.zh}社区参加第二轮（截止日2023年4月30日，隶属涪城区城厢街道）。" in zh
    assert f"第二轮市级评定：{POLICY.grades[0].title.zh}" in zh[-1]
    assert "Second review by the district for 第二轮 by 涪城区 on 10 August 2023: 90" in " ".join(
        en
    )
