"""Reviews and gradings at the same moment: one wins, and nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from domain.command import Command
from domain.occasion import Acting
from domain.refusals import Conflict, Refused
from domain.review.corrections import CorrectScore
from domain.review.stages import ScoreByDistrict
from domain.round.grading import GradeCity
from domain.round.planning import OpenRound, OpenStage
from record.record import Record
from tests.city import DISTRICT, SUBDISTRICT, acting, classify, register
from tests.domain.given import day
from tests.domain.rounds import (
    BEGIN,
    GRADE,
    PLAN,
    ROUND,
    STAGES,
    assessed,
    first,
    points,
    review,
    second,
    votes,
)

IDS = tuple(f"c{n}" for n in range(8))
RECORDER, REVIEWER = acting("recorder", "rec", SUBDISTRICT), acting("reviewer", "rev", SUBDISTRICT)
DECIDER, OTHER = acting("decider", "dec", DISTRICT), acting("decider", "han", DISTRICT)
ARBITER = acting("arbiter", "arb", "city")
Ask = tuple[str, Command[Any], Acting]


@pytest.fixture
def reviewed(record: Record) -> Record:
    """A round in which every stage of every community is done but the last score of the first."""
    for id in IDS:
        record.carry_out(f"community:{id}", register(f"{id}社区"), by=DECIDER)
        record.carry_out(f"community:{id}", classify(), by=DECIDER)
    record.carry_out(ROUND, PLAN, by=ARBITER)
    record.carry_out(ROUND, OpenRound(communities=IDS, opened_on=BEGIN), by=ARBITER)
    for stage in STAGES:
        record.carry_out(ROUND, OpenStage(stage=stage, opened_on=BEGIN), by=ARBITER)
    for id in IDS:
        record.carry_out(review(id), votes(), by=RECORDER)
        record.carry_out(review(id), assessed(), by=RECORDER)
        record.carry_out(review(id), first(), by=REVIEWER)
        if id != IDS[0]:
            record.carry_out(review(id), second(), by=DECIDER)
    return record


def at_once(record: Record, *asked: Ask) -> list[Refused | None]:
    """Carry these out at once, each through a record of its own; how each was refused."""
    barrier = Barrier(len(asked))

    def carry_out(ask: Ask) -> Refused | None:
        stream, command, by = ask
        with Record(record.url) as own:
            own.state(ROUND)
            barrier.wait()
            try:
                own.carry_out(stream, command, by=by)
            except Refused as refusal:
                return refusal
        return None

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(carry_out, asked))


def names(record: Record, stream: str) -> list[str]:
    return [entry.name for entry in record.history(stream)]


def test_of_two_reviewers_who_score_the_same_stage_at_once_one_wins(reviewed: Record) -> None:
    a = review(IDS[0])
    scores = [ScoreByDistrict(scored_on=day("2023-08-10"), items=points(p)) for p in (80, 95)]

    refusals = at_once(reviewed, (a, scores[0], DECIDER), (a, scores[1], OTHER))

    assert sorted(refusal is None for refusal in refusals) == [False, True]
    assert names(reviewed, a).count("CommunityScored") == 2  # the subdistrict's and one of these
    winner = refusals.index(None)
    (score,) = [s for s in reviewed.state(a).scores.values() if s.by in ("dec", "han")]
    assert (score.by, score.items[0].points) == (
        ("dec", "han")[winner],
        scores[winner].items[0].points,
    )


def test_a_grading_and_a_correction_at_once_leave_nothing_half_done(reviewed: Record) -> None:
    a = review(IDS[0])
    reviewed.carry_out(a, second(), by=DECIDER)
    correction = CorrectScore(
        corrects=5, items=points(10), corrected_on=day("2023-09-20"), reason="计分有误"
    )

    refusals = at_once(reviewed, (ROUND, GRADE, ARBITER), (a, correction, DECIDER))

    graded, corrected = (refusal is None for refusal in refusals)
    assert graded or corrected
    grades = ["CommunityGraded" in names(reviewed, review(id)) for id in IDS]
    assert set(grades) == {graded}
    assert ("ScoreCorrected" in names(reviewed, a)) == corrected
    if graded and corrected:  # one after the other: the grading then rests on the correction
        assert names(reviewed, a)[-2:] == ["ScoreCorrected", "CommunityGraded"]
        assert reviewed.state(a).grade.rank == len(IDS)


def test_a_grading_that_read_a_score_before_its_correction_is_a_conflict(
    reviewed: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = review(IDS[0])
    reviewed.carry_out(a, second(), by=DECIDER)
    correction = CorrectScore(
        corrects=5, items=points(10), corrected_on=day("2023-09-20"), reason="计分有误"
    )
    append = reviewed.recorder.append

    def corrected_meanwhile(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(reviewed.recorder, "append", append)
        with Record(reviewed.url) as another:
            another.carry_out(a, correction, by=DECIDER)
        return append(*args, **more)

    monkeypatch.setattr(reviewed.recorder, "append", corrected_meanwhile)
    before = reviewed.head()
    with pytest.raises(Conflict, match=f"{a} was changed by somebody else"):
        reviewed.carry_out(ROUND, GRADE, by=ARBITER)

    assert reviewed.head() == before + 1
    assert "CityGraded" not in names(reviewed, ROUND)
    reviewed.carry_out(ROUND, GradeCity(graded_on=day("2023-09-21")), by=ARBITER)
    assert reviewed.state(a).grade.rank == len(IDS)
    assert {reviewed.state(review(id)).grade.of for id in IDS} == {len(IDS)}
