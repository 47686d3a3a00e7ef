"""The reviews: for each community in each round what every stage recorded, the objections, and the
grade. What people see of them is in review_board.py."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, assert_never, cast, get_args

from domain.kernel.event import Event
from domain.review.events import (
    AppraisalCorrected,
    AppraisalRecorded,
    Became,
    CommunityGraded,
    CommunityRegraded,
    CommunityScored,
    CommunitySelfAssessed,
    GradeAnnulled,
    GradeCorrected,
    ObjectionDecided,
    ObjectionFiled,
    ObjectionSettled,
    ObjectionStepAnnulled,
    ObjectionWithdrawn,
    ReviewEvent,
    ReviewGradingEvent,
    ReviewOpened,
    ReviewReturned,
    ReviewWithdrawn,
    ScoreCorrected,
    VetoImposed,
    VetoLifted,
)
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.seen import Seen
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("review",), indexes=("round",))
class ReviewLine(NamedTuple):
    """One community in one round. `among` is how many of its type were ranked; `decided` says that
    its grade was decided by itself; `returned_to` names the stage to be done again."""

    review: str
    round: str
    community: str
    type: str
    unit: str
    subdistrict: str
    withdrawn_on: date | None
    returned_to: str | None
    grade: str | None
    rank: int | None
    among: int | None
    total: Decimal | None
    decided: bool
    graded_on: date | None
    position: int


@row(key=("review", "stage"))
class ReviewScore(NamedTuple):
    """What stands of one stage: `detail` is JSON, items with points or the assemblies' votes."""

    review: str
    stage: str
    done_on: date
    by_person: str
    points: Decimal | None
    points_max: int | None
    detail: str
    version: int
    position: int


@row(key=("review", "veto"))
class ReviewVeto(NamedTuple):
    """A veto that stands."""

    review: str
    veto: str
    imposed_on: date
    reason: str
    version: int
    position: int


@row(key=("review", "objection"))
class ReviewObjection(NamedTuple):
    """An objection and its outcome, with the version of the entry that states it.

    `corrections` is JSON, the entries that settled it; `ended_on` is the day from which on nothing
    remains to be done about it.
    """

    review: str
    objection: str
    filed_on: date
    filed_by: str
    grounds: str
    became: str | None
    outcome: str | None
    decided_on: date | None
    decided_by: str | None
    reason: str | None
    settled_on: date | None
    settled_by: str | None
    settled_because: str | None
    corrections: str | None
    withdrawn_on: date | None
    withdrawn_because: str | None
    ended_on: date | None
    version: int
    position: int


class Reviews(Projection):
    """Reviews, each on a page of its own."""

    name = "reviews"
    kinds = (ReviewLine, ReviewScore, ReviewVeto, ReviewObjection)
    events = cast(tuple[type[Event], ...], get_args(ReviewEvent))
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the review as it is after this entry."""
        event = cast(ReviewEvent, entry.event)
        if isinstance(event, ReviewOpened):
            # Anew after a withdrawal, the stages begin again.
            page.put(_opened(key, event, entry.position))
            page.drop(*page.of(ReviewScore))
            return
        line = page.row(ReviewLine, key)
        assert line is not None, "a review was opened"
        changes: dict[str, Any] = {"position": entry.position}
        match event:
            case ReviewWithdrawn():
                changes["withdrawn_on"] = event.withdrawn_on
            case ReviewReturned():
                changes["returned_to"] = event.stage
                if was := page.row(ReviewScore, key, event.stage):
                    page.drop(was)
            case AppraisalRecorded() | CommunitySelfAssessed() | CommunityScored():
                changes["returned_to"] = None
                page.put(_score(key, event, entry))
            case ScoreCorrected() | AppraisalCorrected():
                page.put(_corrected(key, page, event, entry))
            case VetoImposed():
                page.put(_veto(key, event, entry))
            case VetoLifted():
                page.drop(*(v for v in page.of(ReviewVeto) if v.version == event.annuls))
            case ObjectionFiled():
                page.put(_filed(key, event, entry))
            case (
                ObjectionDecided()
                | ObjectionSettled()
                | ObjectionWithdrawn()
                | ObjectionStepAnnulled()
            ):
                objection = page.row(ReviewObjection, key, event.objection)
                assert objection is not None, "what is decided was filed"
                became = {**_became(event), "version": entry.version, "position": entry.position}
                page.put(objection._replace(**became))
            case CommunityGraded() | CommunityRegraded() | GradeCorrected() | GradeAnnulled():
                changes |= _graded(event)
            case _:
                assert_never(event)
        page.put(line._replace(**changes))


def _graded(event: ReviewGradingEvent) -> dict[str, Any]:
    match event:
        case CommunityGraded() | CommunityRegraded():
            return {
                "grade": event.grade,
                "rank": event.rank,
                "among": event.of,
                "total": event.total,
                "graded_on": event.graded_on,
            }
        case GradeCorrected():
            return {"grade": event.grade, "decided": True}
        case GradeAnnulled():
            nones = dict.fromkeys(("grade", "rank", "among", "total", "graded_on"))
            return {**nones, "decided": False}
        case _:
            assert_never(event)


def _opened(key: str, event: ReviewOpened, at: int) -> ReviewLine:
    return ReviewLine(
        review=key,
        round=event.round,
        community=event.community,
        type=event.type,
        unit=event.unit,
        subdistrict=event.subdistrict,
        withdrawn_on=None,
        returned_to=None,
        grade=None,
        rank=None,
        among=None,
        total=None,
        decided=False,
        graded_on=None,
        position=at,
    )


def _score(
    key: str, event: AppraisalRecorded | CommunitySelfAssessed | CommunityScored, entry: Seen
) -> ReviewScore:
    stands: dict[str, Any] = {
        "review": key,
        "stage": event.stage,
        "version": entry.version,
        "position": entry.position,
    }
    match event:
        case AppraisalRecorded():
            return ReviewScore(
                **stands,
                done_on=event.held_on,
                by_person=event.recorded_by,
                points=None,
                points_max=None,
                detail=_detail(event, "assemblies"),
            )
        case CommunitySelfAssessed(assessed_by=by) | CommunityScored(scored_by=by):
            return ReviewScore(
                **stands,
                done_on=event.scored_on,
                by_person=by,
                points=event.points,
                points_max=event.points_max,
                detail=_detail(event, "items"),
            )
        case _:
            assert_never(event)


def _corrected(
    key: str, page: Page, event: ScoreCorrected | AppraisalCorrected, entry: Seen
) -> ReviewScore:
    was = page.row(ReviewScore, key, event.stage)
    assert was is not None, "what is corrected stands"
    was = was._replace(version=entry.version, position=entry.position)
    match event:
        case ScoreCorrected():
            return was._replace(points=event.points, detail=_detail(event, "items"))
        case AppraisalCorrected():
            held_on = max(each.held_on for each in event.assemblies)
            return was._replace(done_on=held_on, detail=_detail(event, "assemblies"))
        case _:
            assert_never(event)


def _detail(event: Event, field: str) -> str:
    return _json(event.model_dump(mode="json", include={field})[field])


def _veto(key: str, event: VetoImposed, entry: Seen) -> ReviewVeto:
    return ReviewVeto(
        review=key,
        veto=event.veto,
        imposed_on=event.imposed_on,
        reason=event.reason,
        version=entry.version,
        position=entry.position,
    )


def _filed(key: str, event: ObjectionFiled, entry: Seen) -> ReviewObjection:
    nones: dict[str, Any] = dict.fromkeys(_BECAME)
    return ReviewObjection(
        review=key,
        objection=event.objection,
        filed_on=event.filed_on,
        filed_by=event.filed_by,
        grounds=event.grounds,
        version=entry.version,
        position=entry.position,
        **nones,
    )


_DECIDED = ("outcome", "decided_on", "decided_by", "reason")
_SETTLED = ("settled_on", "settled_by", "settled_because", "corrections")
_WITHDRAWN = ("withdrawn_on", "withdrawn_because")
_BECAME = ("became", *_DECIDED, *_SETTLED, *_WITHDRAWN, "ended_on")


def _became(
    event: ObjectionDecided | ObjectionSettled | ObjectionWithdrawn | ObjectionStepAnnulled,
) -> dict[str, Any]:
    match event:
        case ObjectionDecided(outcome=outcome, decided_on=day):
            stated: tuple[Any, ...] = (outcome, day, event.decided_by, event.reason)
            ended_on = None if outcome == "upheld" else day
            return {**dict(zip(_DECIDED, stated, strict=True)), **_at(outcome, ended_on)}
        case ObjectionSettled(settled_on=day):
            entries = _json(event.model_dump(mode="json")["corrections"])
            stated = (day, event.settled_by, event.reason, entries)
            return {**dict(zip(_SETTLED, stated, strict=True)), **_at("settled", day)}
        case ObjectionWithdrawn(withdrawn_on=day):
            return {
                **dict(zip(_WITHDRAWN, (day, event.reason), strict=True)),
                **_at("withdrawn", day),
            }
        case ObjectionStepAnnulled(became="settled"):
            return {**dict.fromkeys(_SETTLED), **_at("upheld", None)}
        case ObjectionStepAnnulled():
            # Its decision or its withdrawal is void: it is to be decided.
            return dict.fromkeys(_BECAME)
        case _:
            assert_never(event)


def _at(became: Became, ended_on: date | None) -> dict[str, Any]:
    return {"became": became, "ended_on": ended_on}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def lines(view: View, round: str) -> list[ReviewLine]:
    """All reviews of a round, in the order of their ids."""
    return [ReviewLine(**row) for row in view.rows(SQL["lines"], round=round)]


def scores(view: View, round: str, reviews: Iterable[str] | None = None) -> list[ReviewScore]:
    """What stands of all stages of a round's reviews, or of these."""
    ids = None if reviews is None else list(reviews)
    return [ReviewScore(**row) for row in view.rows(SQL["scores"], round=round, ids=ids)]


def vetoes(view: View, round: str) -> list[ReviewVeto]:
    """The vetoes that stand in a round."""
    return [ReviewVeto(**row) for row in view.rows(SQL["vetoes"], round=round)]
