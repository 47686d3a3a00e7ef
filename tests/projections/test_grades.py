"""The ranking with its explanation, grades on each day, and objections."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.community.lineage import AbolishCommunity
from domain.grading.annulment import AnnulRound
from domain.grading.grading import RegradeCity
from domain.review.corrections import CorrectScore
from domain.review.events import CorrectingEntry
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.objections import DecideObjection, FileObjection
from domain.review.settling import AnnulObjectionStep, SettleObjection, WithdrawObjection
from projections import grade_board, ranking, review_board, rounds
from projections.grade_board import GradePeriodView
from tests.domain.given import day
from tests.domain.rounds import (
    BEST,
    GRADE,
    MIDDLE,
    PUBLISH,
    ROUND,
    WORST,
    points,
    review,
)
from tests.projections.round_year import Ask, opened, published, the_round


def corrects(version: int, percent: int) -> CorrectScore:
    return CorrectScore(
        corrects=version, items=points(percent), corrected_on=day("2023-10-10"), reason="计分有误"
    )


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
    with view() as seen:
        plan, _ = rounds.plan(seen, "r")
        full = review_board.in_full(seen, the_round(seen), plan, "e")
    assert full is not None
    assert full.ranked is not None
    assert (full.ranked.rank, full.ranked.recorded_rank, full.review.rank) == (2, 3, 3)
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
