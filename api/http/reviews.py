"""The review of a community in a round over HTTP: its stages, corrections, objections, its grade.

What is read of them is in api/http/review_board.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
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

COMMANDS = (
    CommandRoute(
        "/appraisals",
        "reviews.appraise",
        RecordAppraisal,
        "大会评议 · Record the appraisal by the assemblies",
    ),
    CommandRoute(
        "/self-assessments",
        "reviews.self-assess",
        SelfAssess,
        "社区自评 · Record the self-assessment",
    ),
    CommandRoute(
        "/subdistrict-scores",
        "reviews.score-by-subdistrict",
        ScoreBySubdistrict,
        "街道初评 · Record the subdistrict's score",
    ),
    CommandRoute(
        "/district-scores",
        "reviews.score-by-district",
        ScoreByDistrict,
        "县级复评 · Record the district's score",
    ),
    CommandRoute(
        "/returns", "reviews.return", ReturnReview, "退回 · Return a review to the stage before"
    ),
    CommandRoute(
        "/withdrawals",
        "reviews.withdraw",
        WithdrawReview,
        "退出评定 · Withdraw a community from the round",
    ),
    CommandRoute(
        "/appraisal-corrections",
        "reviews.correct-appraisal",
        CorrectAppraisal,
        "更正评议 · Correct attendance and votes",
    ),
    CommandRoute(
        "/score-corrections", "reviews.correct-score", CorrectScore, "更正得分 · Correct a score"
    ),
    CommandRoute("/vetoes", "reviews.impose-veto", ImposeVeto, "一票否决 · Impose a veto"),
    CommandRoute("/veto-liftings", "reviews.lift-veto", LiftVeto, "解除一票否决 · Lift a veto"),
    CommandRoute("/objections", "reviews.object", FileObjection, "提出异议 · Object to a result"),
    CommandRoute(
        "/objection-decisions",
        "reviews.decide-objection",
        DecideObjection,
        "裁定异议 · Decide an objection",
    ),
    CommandRoute(
        "/objection-settlements",
        "reviews.settle-objection",
        SettleObjection,
        "办结异议 · Say what settled an objection",
    ),
    CommandRoute(
        "/objection-withdrawals",
        "reviews.withdraw-objection",
        WithdrawObjection,
        "撤回异议 · Withdraw an objection",
    ),
    CommandRoute(
        "/objection-annulments",
        "reviews.annul-objection-step",
        AnnulObjectionStep,
        "撤销裁定 · Annul a decision, settlement or withdrawal of an objection",
    ),
    CommandRoute(
        "/grade-corrections", "reviews.correct-grade", CorrectGrade, "更正等次 · Correct a grade"
    ),
    CommandRoute(
        "/grade-annulments", "reviews.annul-grade", AnnulGrade, "撤销等次 · Annul a grade"
    ),
)
router = command_router("/api/v1/rounds/{round}/reviews/{community}", "评定 Reviews", COMMANDS)
