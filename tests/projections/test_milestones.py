"""The document's dates against what the read models show, on any day, as known at any moment."""

from datetime import date
from typing import Any

from domain.classification.classification import CorrectClassification
from domain.grading.entering import OpenRound
from domain.kernel.policy import built_in
from domain.kernel.policy.milestones import MilestoneEvidence
from domain.measure.adoption import AdoptMeasure
from domain.round.planning import OpenStage
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from projections.figures import milestones
from record.store.record import Record
from tests.city import DISTRICT, SUBDISTRICT, TYPE, TYPE_2, acting, classify, register
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


def test_milestones_are_shown_as_of_a_day_and_as_known(record: Record, models: ReadModels) -> None:
    def do(stream: str, *commands: Any, by: Any = "arbiter", unit: str = DISTRICT) -> int:
        position = 0
        for command in commands:
            actor = acting(by, by, unit)
            position = record.carry_out(stream, command, by=actor).last_position
        return position

    def shown(
        code: str, on: str, known: int | None = None
    ) -> tuple[str, list[MilestoneEvidence], date | None]:
        catch_up(record.url, PROJECTIONS)
        with models.view(known=known) as view:
            found = milestones.standing(view, POLICY, effective=day(on))
        each = next(each for each in found if each.milestone.code == code)
        plain = [part._replace(districts=()) for part in each.found]
        return each.status, plain, each.reached_on

    do("community:a", register("甲社区", "510703001001"), classify(TYPE), by="decider")
    do("community:b", register("乙社区", "510703001002"), by="decider")
    before = do("community:b", classify(TYPE_2, day("2021-04-12")), by="decider")
    correct = CorrectClassification(
        corrects=2, type=TYPE_2, effective_from=day("2021-03-20"), reason="抄录有误"
    )
    do("community:b", correct, by="decider")
    measure = POLICY.community_type(TYPE).measures[0].code
    adopt = AdoptMeasure(community="a", measure=measure, adopted_on=day("2021-05-06"))
    do(f"measure:a.{measure}", adopt, by="decider")
    do(ROUND, PLAN, OpenRound(communities=("a", "b"), opened_on=BEGIN))
    do(ROUND, *(OpenStage(stage=stage, opened_on=BEGIN) for stage in STAGES))
    for id in "ab":
        do(review(id), votes(), assessed(), by="recorder", unit=SUBDISTRICT)
        do(review(id), first(), by="reviewer", unit=SUBDISTRICT)
        do(review(id), second(), by="decider")
    do(ROUND, GRADE, PUBLISH)

    complete = "classification-complete"
    half = [MilestoneEvidence("classified", 1, 2, None)]
    assert shown(complete, "2021-03-31")[::2] == ("reached", day("2021-03-31"))
    assert shown(complete, "2021-04-01", before) == ("missed", half, None)
    late = (
        "reached-late",
        [MilestoneEvidence("classified", 2, 2, day("2021-04-12"))],
        day("2021-04-12"),
    )
    assert shown(complete, "2021-06-30", before) == late
    begun = [MilestoneEvidence("rounds", 1, 1, BEGIN)]
    assert shown("next-round-begins", "2023-05-01") == ("reached-late", begun, BEGIN)
    results, measures = shown("first-results", "2023-12-31")[1]
    assert results == MilestoneEvidence("results", 1, 1, day("2023-10-08"))
    assert measures == MilestoneEvidence("measures", 1, 2, None)
    assert shown("first-results", "2023-10-07")[1][0] == MilestoneEvidence("results", 0, 1, None)
    assert shown("major-progress", "2023-12-31")[:2] == (
        "open",
        [MilestoneEvidence("results", 1, 3, None)],
    )
    assert shown("problems-solved", "2026-01-01")[:2] == (
        "missed",
        [MilestoneEvidence("programmes", 0, 3, None)],
    )
