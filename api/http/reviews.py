"""The review of a community in a round over HTTP: its stages, corrections, objections, its grade.

What is read of them is in api/http/review_board.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
from domain.kernel.ids import CommunityId, RoundId
from domain.review.corrections import CorrectAppraisal, CorrectScore, ImposeVeto, LiftVeto
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.objections import DecideObjection, FileObjection
from domain.review.opening import WithdrawReview
from domain.review.settling import AnnulObjectionStep, SettleObjection, WithdrawObjection
from domain.review.stages import (
    RecordAppraisal,
    ReturnReview,
    ScoreByDistrict,
    ScoreBySubdistrict,
    SelfAssess,
)
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/rounds/{round}/reviews/{community}", tags=["评定 Reviews"])


@states(router, "/appraisals", "reviews.appraise")
def record_appraisal(
    round: RoundId, community: CommunityId, statement: Statement[RecordAppraisal], door: TheDoor
) -> Receipt:
    """大会评议 · Record the appraisal by the assemblies"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/self-assessments", "reviews.self-assess")
def self_assess(
    round: RoundId, community: CommunityId, statement: Statement[SelfAssess], door: TheDoor
) -> Receipt:
    """社区自评 · Record the self-assessment"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/subdistrict-scores", "reviews.score-by-subdistrict")
def score_by_subdistrict(
    round: RoundId, community: CommunityId, statement: Statement[ScoreBySubdistrict], door: TheDoor
) -> Receipt:
    """街道初评 · Record the subdistrict's score"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/district-scores", "reviews.score-by-district")
def score_by_district(
    round: RoundId, community: CommunityId, statement: Statement[ScoreByDistrict], door: TheDoor
) -> Receipt:
    """县级复评 · Record the district's score"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/returns", "reviews.return")
def return_review(
    round: RoundId, community: CommunityId, statement: Statement[ReturnReview], door: TheDoor
) -> Receipt:
    """退回 · Return a review to the stage before"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/withdrawals", "reviews.withdraw")
def withdraw(
    round: RoundId, community: CommunityId, statement: Statement[WithdrawReview], door: TheDoor
) -> Receipt:
    """退出评定 · Withdraw a community from the round"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/appraisal-corrections", "reviews.correct-appraisal")
def correct_appraisal(
    round: RoundId, community: CommunityId, statement: Statement[CorrectAppraisal], door: TheDoor
) -> Receipt:
    """更正评议 · Correct attendance and votes"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/score-corrections", "reviews.correct-score")
def correct_score(
    round: RoundId, community: CommunityId, statement: Statement[CorrectScore], door: TheDoor
) -> Receipt:
    """更正得分 · Correct a score"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/vetoes", "reviews.impose-veto")
def impose_veto(
    round: RoundId, community: CommunityId, statement: Statement[ImposeVeto], door: TheDoor
) -> Receipt:
    """一票否决 · Impose a veto"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/veto-liftings", "reviews.lift-veto")
def lift_veto(
    round: RoundId, community: CommunityId, statement: Statement[LiftVeto], door: TheDoor
) -> Receipt:
    """解除一票否决 · Lift a veto"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/objections", "reviews.object")
def file_objection(
    round: RoundId, community: CommunityId, statement: Statement[FileObjection], door: TheDoor
) -> Receipt:
    """提出异议 · Object to a result"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/objection-decisions", "reviews.decide-objection")
def decide_objection(
    round: RoundId, community: CommunityId, statement: Statement[DecideObjection], door: TheDoor
) -> Receipt:
    """裁定异议 · Decide an objection"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/objection-settlements", "reviews.settle-objection")
def settle_objection(
    round: RoundId, community: CommunityId, statement: Statement[SettleObjection], door: TheDoor
) -> Receipt:
    """办结异议 · Say what settled an objection"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/objection-withdrawals", "reviews.withdraw-objection")
def withdraw_objection(
    round: RoundId, community: CommunityId, statement: Statement[WithdrawObjection], door: TheDoor
) -> Receipt:
    """撤回异议 · Withdraw an objection"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/objection-annulments", "reviews.annul-objection-step")
def annul_objection_step(
    round: RoundId, community: CommunityId, statement: Statement[AnnulObjectionStep], door: TheDoor
) -> Receipt:
    """撤销裁定 · Annul a decision, settlement or withdrawal of an objection"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/grade-corrections", "reviews.correct-grade")
def correct_grade(
    round: RoundId, community: CommunityId, statement: Statement[CorrectGrade], door: TheDoor
) -> Receipt:
    """更正等次 · Correct a grade"""
    return door.carry_out(_stream(round, community), statement)


@states(router, "/grade-annulments", "reviews.annul-grade")
def annul_grade(
    round: RoundId, community: CommunityId, statement: Statement[AnnulGrade], door: TheDoor
) -> Receipt:
    """撤销等次 · Annul a grade"""
    return door.carry_out(_stream(round, community), statement)


def _stream(round: str, community: str) -> str:
    return f"review:{round}.{community}"
