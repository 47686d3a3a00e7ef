"""Rounds of grading over HTTP: commands, reads, and the ranking with its explanation.

The grades of the city on a day, whatever the round, are in api/http/grades.py.
"""

from datetime import date
from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
    paged,
)
from api.http.timelines import add_timeline
from domain.grading.annulment import AnnulRound
from domain.grading.entering import AdmitCommunities, OpenRound
from domain.grading.grading import GradeCity, RegradeCity
from domain.grading.publication import CloseRound, PublishResults
from domain.kernel.ids import GradeSlug, JurisdictionId, RoundId, TypeSlug
from domain.round.planning import CloseStage, OpenStage, PlanRound
from domain.round.state import Phase, Round
from projections import ranking, review_board, rounds
from projections.engine.view import View
from projections.ranking import Ranked, RankedView
from projections.review_board import AbsenceView
from projections.rounds import RoundInFull, RoundView

COMMANDS = (
    CommandRoute("", "rounds.plan", PlanRound, "安排一轮评定 · Plan a round"),
    CommandRoute("/{round}/openings", "rounds.open", OpenRound, "启动评定 · Open a round"),
    CommandRoute(
        "/{round}/admissions", "rounds.admit", AdmitCommunities, "补列社区 · Admit more communities"
    ),
    CommandRoute("/{round}/windows", "rounds.open-stage", OpenStage, "启动环节 · Open a stage"),
    CommandRoute(
        "/{round}/window-closings", "rounds.close-stage", CloseStage, "结束环节 · Close a stage"
    ),
    CommandRoute("/{round}/gradings", "rounds.grade", GradeCity, "市级评定 · Grade the city"),
    CommandRoute(
        "/{round}/regradings", "rounds.regrade", RegradeCity, "重新排名 · Grade the city again"
    ),
    CommandRoute(
        "/{round}/publications", "rounds.publish", PublishResults, "公布结果 · Publish the results"
    ),
    CommandRoute("/{round}/closings", "rounds.close", CloseRound, "结束评定 · Close a round"),
    CommandRoute("/{round}/annulments", "rounds.annul", AnnulRound, "撤销评定 · Annul a round"),
)
router = command_router("/api/v1/rounds", "评定 Rounds", COMMANDS)


@router.get(
    "", operation_id="rounds.list", summary="评定轮次 · List rounds", responses=READ_PROBLEMS
)
def list_rounds(
    reading: TheReading,
    key: TheKey,
    status: Annotated[Phase | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[RoundView]:
    """Rounds with their status on the day, in the order of their beginnings."""
    with reading.view() as view:
        found = rounds.rounds(
            view,
            effective=reading.effective,
            status=status,
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(
            view, found, limit, key=lambda each: (each.begins_on.isoformat(), each.round)
        )


@router.get(
    "/{round}",
    operation_id="rounds.get",
    summary="一轮评定 · One round",
    responses=READ_PROBLEMS,
)
def get_round(round: RoundId, reading: TheReading) -> RoundInFull:
    """A round on the day with its rules, rubrics and windows. The ETag is its version."""
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        reading.tag(view, f"round:{round}")
        return rounds.in_full(view, its_round, effective=day)


add_timeline(
    router, "/{round}/timeline", "rounds.timeline", Round, "评定大事记 · A round's timeline"
)


@router.get(
    "/{round}/absent",
    operation_id="rounds.absent",
    summary="未参评社区 · Communities that do not take part",
    responses=READ_PROBLEMS,
)
def list_absent(
    round: RoundId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[AbsenceView]:
    """The urban communities on the cut-off day that are not in the round on the day asked for,
    ordered by code.

    A community without a type on the cut-off day cannot enter: classify it first.
    """
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        found = review_board.absent(view, its_round, effective=day, after=key, limit=limit + 1)
        return reading.page(view, found, limit, key=lambda each: (each.code or "", each.community))


@router.get(
    "/{round}/ranking",
    operation_id="rounds.ranking",
    summary="排名及理由 · The ranking with its explanation",
    responses=READ_PROBLEMS,
)
def get_ranking(
    round: RoundId,
    reading: TheReading,
    key: TheKey,
    type: Annotated[TypeSlug | None, Query()] = None,
    unit: Annotated[JurisdictionId | None, Query(description="District, county or park.")] = None,
    grade: Annotated[GradeSlug | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[RankedView]:
    """The communities whose stages are all done on the day, by type and rank: by the scores and as
    recorded."""
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        found = [
            each
            for each in ranking.ranked(view, round, effective=day)
            if type in (None, each.placing.type)
            and unit in (None, each.placing.unit)
            and grade in (None, each.placing.grade)
        ]
        page, next_key = paged(found, _place, after=key, limit=limit)
        return reading.listing(view, ranking.named(view, its_round, page), next_key=next_key)


def round_on_record(view: View, round: str, day: date = date.max) -> RoundView:
    """The round on a day; NotOnRecord if there is none."""
    found = rounds.one(view, round, effective=day)
    if found is None:
        raise not_there(f"round:{round}")
    return found


def _place(each: Ranked) -> tuple[str, str]:
    return each.placing.type, f"{each.placing.rank:06}/{each.placing.community}"
