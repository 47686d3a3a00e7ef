"""Rounds of grading over HTTP: planned, opened, graded all at once, published, closed, annulled.

What is read of them is in api/http/review_board.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
from domain.kernel.ids import RoundId, derive_id
from domain.round.annulment import AnnulRound
from domain.round.entering import AdmitCommunities, OpenRound
from domain.round.grading import GradeCity, RegradeCity
from domain.round.planning import CloseStage, OpenStage, PlanRound
from domain.round.publication import CloseRound, PublishResults
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/rounds", tags=["评定 Rounds"])


@states(router, "", "rounds.plan")
def plan_round(statement: Statement[PlanRound], door: TheDoor) -> Receipt:
    """安排一轮评定 · Plan a round"""
    round = derive_id("round", door.key)
    return door.carry_out(_stream(round), statement, location=f"{router.prefix}/{round}")


@states(router, "/{round}/openings", "rounds.open")
def open_round(round: RoundId, statement: Statement[OpenRound], door: TheDoor) -> Receipt:
    """启动评定 · Open a round"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/admissions", "rounds.admit")
def admit(round: RoundId, statement: Statement[AdmitCommunities], door: TheDoor) -> Receipt:
    """补列社区 · Admit more communities"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/windows", "rounds.open-stage")
def open_stage(round: RoundId, statement: Statement[OpenStage], door: TheDoor) -> Receipt:
    """启动环节 · Open a stage"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/window-closings", "rounds.close-stage")
def close_stage(round: RoundId, statement: Statement[CloseStage], door: TheDoor) -> Receipt:
    """结束环节 · Close a stage"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/gradings", "rounds.grade")
def grade(round: RoundId, statement: Statement[GradeCity], door: TheDoor) -> Receipt:
    """市级评定 · Grade the city"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/regradings", "rounds.regrade")
def regrade(round: RoundId, statement: Statement[RegradeCity], door: TheDoor) -> Receipt:
    """重新排名 · Grade the city anew"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/publications", "rounds.publish")
def publish(round: RoundId, statement: Statement[PublishResults], door: TheDoor) -> Receipt:
    """公布结果 · Publish the results"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/closings", "rounds.close")
def close_round(round: RoundId, statement: Statement[CloseRound], door: TheDoor) -> Receipt:
    """结束评定 · Close a round"""
    return door.carry_out(_stream(round), statement)


@states(router, "/{round}/annulments", "rounds.annul")
def annul_round(round: RoundId, statement: Statement[AnnulRound], door: TheDoor) -> Receipt:
    """撤销评定 · Annul a round"""
    return door.carry_out(_stream(round), statement)


def _stream(round: str) -> str:
    return f"round:{round}"
