"""Rounds, the review board, and the ranking with its explanation over HTTP. Reads only.

Where a round stands is known at a moment and holds on no days, so `effective` is refused there:
what the board showed on a day is asked with `known`. Grades hold on days: api/http/grade_board.py.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

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
from api.http.register import SLUG, CommunityNamed
from api.http.review_shapes import (
    LimitShown,
    ObjectionShown,
    Phase,
    QuotaShown,
    RankedShown,
    ReviewInFull,
    ReviewShown,
    RoundInFull,
    RoundShown,
    ShareShown,
    StageInFull,
    StageShown,
    VetoShown,
    WindowShown,
)
from api.http.timelines import TimelineLine, timeline_of
from domain.kernel.ids import CommunityId, JurisdictionId, RoundId
from domain.kernel.refusal import NotOnRecord
from domain.round.plan import Mark, Plan
from domain.round.ranking import Placing, rounded
from projections import organisation, ranking, register, reviews, rounds
from projections.engine.view import View
from projections.ranking import Ranked
from projections.reviews import Filter, ReviewObjection, ReviewScore, ReviewView
from projections.rounds import RoundLine

router = APIRouter(prefix="/api/v1", tags=["评定 Reviews"])

Slug = Annotated[str | None, Query(pattern=SLUG, max_length=64)]


@router.get(
    "/rounds", operation_id="rounds.list", summary="评定轮次 · List rounds", responses=READ_PROBLEMS
)
def list_rounds(
    reading: TheReading,
    key: TheKey,
    phase: Annotated[Phase | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[RoundShown]:
    """Rounds in the order in which they begin.

    No day but today is taken for `effective`: ask with `known` for how it stood.
    """
    reading.require_present()
    with reading.view() as view:
        found = rounds.rounds(view, phase=phase, after=day_of_key(key), limit=limit + 1)
        return reading.page(
            view,
            RoundShown,
            found,
            limit,
            key=lambda each: (each.begins_on.isoformat(), each.round),
        )


@router.get(
    "/rounds/{round}",
    operation_id="rounds.get",
    summary="一轮评定 · One round",
    responses=READ_PROBLEMS,
)
def get_round(round: RoundId, reading: TheReading) -> RoundInFull:
    """A round with its rules, rubrics and windows. The ETag is its version.

    No day but today is taken for `effective`: ask with `known` for how it stood.
    """
    reading.require_present()
    with reading.view() as view:
        line = _round(view, round)
        plan, policy = rounds.plan(view, round)
        reading.tag(view, f"round:{round}")
        return RoundInFull(
            round=RoundShown.model_validate(line._asdict()),
            policy=policy,
            rules=plan.rules,
            rubrics=list(plan.rubrics),
            windows=[
                WindowShown.model_validate(_without(each, "round"))
                for each in rounds.windows(view, round)
            ],
            position=view.stands_at,
        )


@router.get(
    "/rounds/{round}/timeline",
    operation_id="rounds.timeline",
    summary="评定大事记 · A round's timeline",
    responses=READ_PROBLEMS,
)
def round_timeline(
    round: RoundId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened in the round, in the order of the days it is about."""
    return timeline_of(reading, f"round:{round}", key, limit)


@router.get(
    "/rounds/{round}/reviews",
    operation_id="reviews.list",
    summary="评定进度 · The review board",
    responses=READ_PROBLEMS,
)
def list_reviews(
    round: RoundId,
    reading: TheReading,
    key: TheKey,
    type: Slug = None,
    unit: Annotated[JurisdictionId | None, Query(description="District, county or park.")] = None,
    subdistrict: Annotated[JurisdictionId | None, Query(description="Or town.")] = None,
    grade: Slug = None,
    waits_for: Annotated[
        str | None, Query(pattern=SLUG, max_length=64, description="The stage that comes next.")
    ] = None,
    limit: Limit = 50,
) -> Listing[ReviewShown]:
    """The communities of a round with what each stage recorded, in the order of their codes.

    No day but today is taken for `effective`: ask with `known` for how it stood.
    """
    reading.require_present()
    with reading.view() as view:
        line = _round(view, round)
        plan, _ = rounds.plan(view, round)
        stages = [stage.stage for stage in plan.rules.stages]
        done = None if waits_for is None else stages.index(plan.stage(waits_for).stage)
        found = reviews.of_round(
            view,
            round,
            on=line.cutoff_on,
            where=Filter(type, unit, subdistrict, grade, done),
            after=key,
            limit=limit + 1,
        )
        last = found[limit - 1] if len(found) > limit else None
        shown = found[:limit]
        scores = reviews.scores(view, round, [each.line.review for each in shown])
        return reading.listing(
            view,
            [_review(plan, line, each, scores) for each in shown],
            next_key=(last.code or "", last.line.community) if last else None,
        )


@router.get(
    "/rounds/{round}/reviews/{community}",
    operation_id="reviews.get",
    summary="一个社区的评定 · One review",
    responses=READ_PROBLEMS,
)
def get_review(round: RoundId, community: CommunityId, reading: TheReading) -> ReviewInFull:
    """The review of a community in a round, with items, evidence, vetoes and objections.

    The ETag is its version. No day but today is taken for `effective`: ask with `known` for how
    it stood.
    """
    reading.require_present()
    with reading.view() as view:
        line = _round(view, round)
        plan, _ = rounds.plan(view, round)
        found = reviews.of_round(view, round, on=line.cutoff_on, community=community)
        if not found:
            raise NotOnRecord("read.not-in-round", community=community, round=line.title)
        review = found[0].line.review
        scores = reviews.scores(view, round, [review])
        shown = _review(plan, line, found[0], scores)
        details = {score.stage: json.loads(score.detail) for score in scores}
        reading.tag(view, f"review:{review}")
        return ReviewInFull(
            review=shown,
            stages=[
                StageInFull(**stage.model_dump(), detail=details[stage.stage])
                for stage in shown.stages
            ],
            vetoes=[
                VetoShown.model_validate(_without(each, "review"))
                for each in reviews.vetoes(view, round)
                if each.review == review
            ],
            objections=_objections(
                view, line, reviews.objections(view, round, community=community)
            ),
            position=view.stands_at,
        )


@router.get(
    "/rounds/{round}/reviews/{community}/timeline",
    operation_id="reviews.timeline",
    summary="社区评定大事记 · A review's timeline",
    responses=READ_PROBLEMS,
)
def review_timeline(
    round: RoundId, community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened in the review, in the order of the days it is about."""
    return timeline_of(reading, f"review:{round}.{community}", key, limit)


@router.get(
    "/rounds/{round}/objections",
    operation_id="reviews.objections",
    summary="异议 · The objections in a round",
    responses=READ_PROBLEMS,
)
def list_objections(
    round: RoundId,
    reading: TheReading,
    key: TheKey,
    unsettled: Annotated[bool, Query(description="Only those that wait for something.")] = False,
    limit: Limit = 50,
) -> Listing[ObjectionShown]:
    """All objections in the order in which they were filed.

    No day but today is taken for `effective`: ask with `known` for how it stood.
    """
    reading.require_present()
    with reading.view() as view:
        its_round = _round(view, round)
        found = reviews.objections(view, round, unsettled=unsettled)
        page, next_key = paged(found, _filed, after=key, limit=limit)
        return reading.listing(view, _objections(view, its_round, page), next_key=next_key)


@router.get(
    "/rounds/{round}/ranking",
    operation_id="rounds.ranking",
    summary="排名及理由 · The ranking, and how it comes about",
    responses=READ_PROBLEMS,
)
def get_ranking(
    round: RoundId,
    reading: TheReading,
    key: TheKey,
    type: Slug = None,
    unit: Annotated[JurisdictionId | None, Query(description="District, county or park.")] = None,
    grade: Slug = None,
    limit: Limit = 50,
) -> Listing[RankedShown]:
    """The communities whose stages are all done, by type and rank: by the scores, and on record.

    No day but today is taken for `effective`: ask with `known` for how it stood.
    """
    reading.require_present()
    with reading.view() as view:
        its_round = _round(view, round)
        found = [
            each
            for each in ranking.ranked(view, round)
            if type in (None, each.placing.type)
            and unit in (None, each.placing.unit)
            and grade in (None, each.placing.grade)
        ]
        page, next_key = paged(found, _place, after=key, limit=limit)
        return reading.listing(view, _ranking(view, its_round, page), next_key=next_key)


def _round(view: View, round: str) -> RoundLine:
    line = rounds.one(view, round)
    if line is None:
        raise not_there(f"round:{round}")
    return line


def _without(row: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name not in names}


def _review(
    plan: Plan, its_round: RoundLine, each: ReviewView, scores: list[ReviewScore]
) -> ReviewShown:
    line = each.line
    own = {score.stage: score for score in scores if score.review == line.review}
    marks = ranking.marks_of(plan, [line], own.values())[line.review]
    void = its_round.phase == "annulled"
    waits = line.grade is None and line.withdrawn_on is None and not void
    return ReviewShown.model_validate(
        {
            **_without(line, "review", "among", "graded_on"),
            **_without(each, "line", "stages_done"),
            "code": each.code or None,
            "of": line.among,
            "round_annulled_on": its_round.annulled_on,
            "next_stage": ranking.next_stage(plan, own).stage if waits else None,
            "stages": [
                _stage(plan, own[rule.stage], marks[rule.stage])
                for rule in plan.scored
                if rule.stage in own
            ],
        }
    )


def _objections(
    view: View, its_round: RoundLine, found: Sequence[ReviewObjection]
) -> list[ObjectionShown]:
    communities = [each.review.partition(".")[2] for each in found]
    cutoff = its_round.cutoff_on
    names = register.names(view, [(community, cutoff) for community in communities])
    return [
        ObjectionShown.model_validate(
            {
                **_without(each, "review", "ended_on"),
                "community": community,
                "community_name": names.get((community, cutoff)),
                "corrections": json.loads(each.corrections) if each.corrections else None,
            }
        )
        for each, community in zip(found, communities, strict=True)
    ]


def _stage(plan: Plan, score: ReviewScore, mark: Mark) -> StageShown:
    percent = rounded(mark.percent, plan.rules.score_places)
    return StageShown.model_validate({**_without(score, "review", "detail"), "percent": percent})


def _filed(objection: ReviewObjection) -> tuple[str, str]:
    return objection.filed_on.isoformat(), f"{objection.review}/{objection.objection}"


def _place(each: Ranked) -> tuple[str, str]:
    return each.placing.type, f"{each.placing.rank:06}/{each.placing.community}"


def _ranking(view: View, its_round: RoundLine, page: Sequence[Ranked]) -> list[RankedShown]:
    """Names are those of the cut-off day."""
    on = its_round.cutoff_on
    placings = [each.placing for each in page]
    ids = {id for p in placings for id in (p.community, *p.tied, *p.shares_with)}
    communities = register.names(view, [(id, on) for id in sorted(ids)])
    units = organisation.names(view, [(p.unit, on) for p in placings])
    names = {id: name for (id, _), name in (*communities.items(), *units.items())}
    return [_ranked(each, names) for each in page]


def _ranked(each: Ranked, names: Mapping[str, str]) -> RankedShown:
    placing, line = each.placing, each.line
    stated = {field: getattr(placing, field) for field in Placing.__dataclass_fields__}
    return RankedShown.model_validate(
        {
            **stated,
            "stages": [ShareShown(**share._asdict()) for share in placing.stages],
            "limits": [LimitShown.model_validate(limit._asdict()) for limit in placing.limits],
            "quota": placing.quota and QuotaShown.model_validate(placing.quota._asdict()),
            "decided_by": list(placing.decided_by),
            **{
                field: [
                    CommunityNamed(community=id, community_name=names.get(id))
                    for id in stated[field]
                ]
                for field in ("tied", "shares_with")
            },
            "community_name": names.get(placing.community),
            "unit_name": names.get(placing.unit),
            "recorded_grade": line.grade,
            "recorded_rank": line.rank,
            "recorded_total": line.total,
            "differs": each.differs,
        }
    )
