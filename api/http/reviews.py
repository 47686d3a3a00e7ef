"""The review of a community in a round over HTTP: stages, corrections, objections, grade."""

from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, paged
from api.http.rounds import round_on_record
from api.http.timelines import add_timeline
from domain.kernel.ids import CommunityId, GradeSlug, JurisdictionId, RoundId, StageSlug, TypeSlug
from domain.kernel.refusal import NotOnRecord
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
from domain.review.state import Review
from projections import review_board, rounds
from projections.review_board import Filter, ObjectionView, ReviewInFull, ReviewView

COMMANDS = (
    CommandRoute(
        "/reviews/{community}/appraisals",
        "reviews.appraise",
        RecordAppraisal,
        "大会评议 · Record the appraisal by the assemblies",
    ),
    CommandRoute(
        "/reviews/{community}/self-assessments",
        "reviews.self-assess",
        SelfAssess,
        "社区自评 · Record the self-assessment",
    ),
    CommandRoute(
        "/reviews/{community}/subdistrict-scores",
        "reviews.score-by-subdistrict",
        ScoreBySubdistrict,
        "街道初评 · Record the subdistrict's score",
    ),
    CommandRoute(
        "/reviews/{community}/district-scores",
        "reviews.score-by-district",
        ScoreByDistrict,
        "县级复评 · Record the district's score",
    ),
    CommandRoute(
        "/reviews/{community}/returns",
        "reviews.return",
        ReturnReview,
        "退回 · Return a review to the previous stage",
    ),
    CommandRoute(
        "/reviews/{community}/withdrawals",
        "reviews.withdraw",
        WithdrawReview,
        "退出评定 · Withdraw a community from the round",
    ),
    CommandRoute(
        "/reviews/{community}/appraisal-corrections",
        "reviews.correct-appraisal",
        CorrectAppraisal,
        "更正评议 · Correct attendance and votes",
    ),
    CommandRoute(
        "/reviews/{community}/score-corrections",
        "reviews.correct-score",
        CorrectScore,
        "更正得分 · Correct a score",
    ),
    CommandRoute(
        "/reviews/{community}/vetoes", "reviews.impose-veto", ImposeVeto, "一票否决 · Impose a veto"
    ),
    CommandRoute(
        "/reviews/{community}/veto-liftings",
        "reviews.lift-veto",
        LiftVeto,
        "解除一票否决 · Lift a veto",
    ),
    CommandRoute(
        "/reviews/{community}/objections",
        "reviews.object",
        FileObjection,
        "提出异议 · Object to a result",
    ),
    CommandRoute(
        "/reviews/{community}/objection-decisions",
        "reviews.decide-objection",
        DecideObjection,
        "裁定异议 · Decide an objection",
    ),
    CommandRoute(
        "/reviews/{community}/objection-settlements",
        "reviews.settle-objection",
        SettleObjection,
        "办结异议 · Settle an objection",
    ),
    CommandRoute(
        "/reviews/{community}/objection-withdrawals",
        "reviews.withdraw-objection",
        WithdrawObjection,
        "撤回异议 · Withdraw an objection",
    ),
    CommandRoute(
        "/reviews/{community}/objection-annulments",
        "reviews.annul-objection-step",
        AnnulObjectionStep,
        "撤销裁定 · Annul a decision, settlement or withdrawal of an objection",
    ),
    CommandRoute(
        "/reviews/{community}/grade-corrections",
        "reviews.correct-grade",
        CorrectGrade,
        "更正等次 · Correct a grade",
    ),
    CommandRoute(
        "/reviews/{community}/grade-annulments",
        "reviews.annul-grade",
        AnnulGrade,
        "撤销等次 · Annul a grade",
    ),
)
router = command_router("/api/v1/rounds/{round}", "评定 Reviews", COMMANDS)


@router.get(
    "/reviews",
    operation_id="reviews.list",
    summary="评定进度 · The review board",
    responses=READ_PROBLEMS,
)
def list_reviews(
    round: RoundId,
    reading: TheReading,
    key: TheKey,
    type: Annotated[TypeSlug | None, Query()] = None,
    unit: Annotated[JurisdictionId | None, Query(description="District, county or park.")] = None,
    subdistrict: Annotated[JurisdictionId | None, Query(description="Or town.")] = None,
    grade: Annotated[GradeSlug | None, Query()] = None,
    waits_for: Annotated[StageSlug | None, Query(description="The next stage.")] = None,
    limit: Limit = 50,
) -> Listing[ReviewView]:
    """The communities of a round with the results of each stage by the day, ordered by code."""
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        plan, _ = rounds.plan(view, round)
        stages = [stage.stage for stage in plan.rules.stages]
        done = None if waits_for is None else stages.index(plan.stage(waits_for).stage)
        found = review_board.of_round(
            view,
            its_round,
            plan,
            where=Filter(type, unit, subdistrict, grade, done),
            effective=day,
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (each.code or "", each.community))


@router.get(
    "/reviews/{community}",
    operation_id="reviews.get",
    summary="一个社区的评定 · One review",
    responses=READ_PROBLEMS,
)
def get_review(round: RoundId, community: CommunityId, reading: TheReading) -> ReviewInFull:
    """The review of a community in a round on the day, with items, evidence, vetoes and objections.

    The ETag is its version.
    """
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        plan, _ = rounds.plan(view, round)
        found = review_board.in_full(view, its_round, plan, community, effective=day)
        if found is None:
            raise NotOnRecord("read.not-in-round", community=community, round=its_round.title)
        reading.tag(view, f"review:{round}.{community}")
        return found


add_timeline(
    router,
    "/reviews/{community}/timeline",
    "reviews.timeline",
    Review,
    "社区评定大事记 · A review's timeline",
)


@router.get(
    "/objections",
    operation_id="reviews.objections",
    summary="异议 · The objections in a round",
    responses=READ_PROBLEMS,
)
def list_objections(
    round: RoundId,
    reading: TheReading,
    key: TheKey,
    unsettled: Annotated[bool, Query(description="Only those that are not finished.")] = False,
    limit: Limit = 50,
) -> Listing[ObjectionView]:
    """The objections that were filed by the day, as they were then, in the order of filing."""
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        found = review_board.objections(view, its_round, effective=day, unsettled=unsettled)
        page, next_key = paged(
            found,
            lambda each: (each.filed_on.isoformat(), f"{round}.{each.community}/{each.objection}"),
            after=key,
            limit=limit,
        )
        return reading.listing(view, page, next_key=next_key)
