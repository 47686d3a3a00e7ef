"""The review board: for each community in each round what every stage recorded, the objections, and
the grade. Which stage comes next follows from the round's plan (see projections/ranking.py)."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, cast, get_args

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
    ObjectionEvent,
    ObjectionFiled,
    ObjectionSettled,
    ObjectionStepAnnulled,
    ObjectionWithdrawn,
    OpeningEvent,
    ReviewCorrectionEvent,
    ReviewGradingEvent,
    ReviewOpened,
    ReviewReturned,
    ReviewWithdrawn,
    ScoreCorrected,
    StageEvent,
    VetoImposed,
    VetoLifted,
)
from projections.engine.projection import Page, Projection
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry

SQL = statements(__file__)


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


class ReviewVeto(NamedTuple):
    """A veto that stands."""

    review: str
    veto: str
    imposed_on: date
    reason: str
    version: int
    position: int


class ReviewObjection(NamedTuple):
    """An objection and what became of it, with the version of the entry that says so.

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
    events = cast(
        tuple[type[Event], ...],
        tuple(
            event
            for union in (
                OpeningEvent,
                StageEvent,
                ReviewCorrectionEvent,
                ObjectionEvent,
                ReviewGradingEvent,
            )
            for event in get_args(union)
        ),
    )
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The review after this entry."""
        event = entry.event
        if isinstance(event, ReviewOpened):
            # Anew after a withdrawal, the stages begin again.
            lines = [_opened(key, event, entry.position)]
            return page.having(ReviewLine, lines).having(ReviewScore, ())
        (line,) = page.of(ReviewLine)
        page = page.having(ReviewLine, [line._replace(**_changes(event, entry))])
        if isinstance(event, StageEvent | ScoreCorrected | AppraisalCorrected):
            page = page.having(ReviewScore, _scores(key, page.of(ReviewScore), entry))
        if isinstance(event, VetoImposed | VetoLifted):
            page = page.having(ReviewVeto, _vetoes(key, page.of(ReviewVeto), entry))
        objections = _objections(key, page.of(ReviewObjection), entry)
        return page.having(ReviewObjection, objections)


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


def _changes(event: Event, entry: AnyEntry) -> Mapping[str, Any]:
    at: dict[str, Any] = {"position": entry.position}
    match event:
        case ReviewWithdrawn():
            return {**at, "withdrawn_on": event.withdrawn_on}
        case ReviewReturned():
            return {**at, "returned_to": event.stage}
        case AppraisalRecorded() | CommunitySelfAssessed() | CommunityScored():
            return {**at, "returned_to": None}
        case CommunityGraded() | CommunityRegraded():
            return {
                **at,
                "grade": event.grade,
                "rank": event.rank,
                "among": event.of,
                "total": event.total,
                "graded_on": event.graded_on,
            }
        case GradeCorrected():
            return {**at, "grade": event.grade, "decided": True}
        case GradeAnnulled():
            nones = dict.fromkeys(("grade", "rank", "among", "total", "graded_on"))
            return {**at, **nones, "decided": False}
        case _:
            return at


def _scores(key: str, scores: tuple[ReviewScore, ...], entry: AnyEntry) -> Iterable[ReviewScore]:
    event: Any = entry.event
    others = [score for score in scores if score.stage != event.stage]
    was = next((score for score in scores if score.stage == event.stage), None)
    body = event.model_dump(mode="json")
    places: dict[str, Any] = {"version": entry.version, "position": entry.position}
    match event:
        case ReviewReturned():
            return others
        case AppraisalRecorded():
            detail = _json(body["assemblies"])
            stated: tuple[Any, ...] = (event.held_on, event.recorded_by, None, None, detail)
        case CommunitySelfAssessed(assessed_by=by) | CommunityScored(scored_by=by):
            detail = _json(body["items"])
            stated = (event.scored_on, by, event.points, event.points_max, detail)
        case ScoreCorrected():
            assert was is not None, "a score that is corrected stands"
            detail = _json(body["items"])
            return [*others, was._replace(points=event.points, detail=detail, **places)]
        case _:
            assert was is not None, "an appraisal that is corrected stands"
            held_on = max(each.held_on for each in event.assemblies)
            detail = _json(body["assemblies"])
            return [*others, was._replace(done_on=held_on, detail=detail, **places)]
    return [*others, ReviewScore(key, event.stage, *stated, **places)]


def _vetoes(key: str, vetoes: tuple[ReviewVeto, ...], entry: AnyEntry) -> Iterable[ReviewVeto]:
    event = entry.event
    if isinstance(event, VetoLifted):
        return [veto for veto in vetoes if veto.version != event.annuls]
    assert isinstance(event, VetoImposed)
    what = (event.veto, event.imposed_on, event.reason)
    return [*vetoes, ReviewVeto(key, *what, entry.version, entry.position)]


def _objections(
    key: str, objections: tuple[ReviewObjection, ...], entry: AnyEntry
) -> tuple[ReviewObjection, ...]:
    event, at = entry.event, entry.position
    if isinstance(event, ObjectionFiled):
        what = (event.objection, event.filed_on, event.filed_by, event.grounds)
        nones: dict[str, Any] = dict.fromkeys(_BECAME)
        filed = ReviewObjection(key, *what, version=entry.version, position=at, **nones)
        return (*objections, filed)
    if not isinstance(event, ObjectionEvent):
        return objections
    changes = {**_became(event), "version": entry.version, "position": at}
    return tuple(
        each._replace(**changes) if each.objection == event.objection else each
        for each in objections
    )


_DECIDED = ("outcome", "decided_on", "decided_by", "reason")
_SETTLED = ("settled_on", "settled_by", "settled_because", "corrections")
_WITHDRAWN = ("withdrawn_on", "withdrawn_because")
_BECAME = ("became", *_DECIDED, *_SETTLED, *_WITHDRAWN, "ended_on")


def _became(event: ObjectionEvent) -> dict[str, Any]:
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
        case _:
            # Its decision or its withdrawal is void: it is to be decided.
            return dict.fromkeys(_BECAME)


def _at(became: Became, ended_on: date | None) -> dict[str, Any]:
    return {"became": became, "ended_on": ended_on}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class Filter(NamedTuple):
    """What a board is narrowed to; `stages_done` finds those that wait for the stage behind so
    many, because stages come in their order."""

    type: str | None = None
    unit: str | None = None
    subdistrict: str | None = None
    grade: str | None = None
    stages_done: int | None = None


EVERY = Filter()


class ReviewView(NamedTuple):
    """A review with what its community and place were called on the cut-off day, how many of its
    stages are done and how many of its objections are not settled."""

    line: ReviewLine
    community_name: str | None
    code: str | None
    unit_name: str | None
    subdistrict_name: str | None
    objections_open: int
    stages_done: int


def of_round(
    view: View,
    round: str,
    *,
    on: date,
    where: Filter = EVERY,
    community: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[ReviewView]:
    """The reviews of a round in the order of (code, id), with names as of the day `on`."""
    rows = view.rows(
        SQL["list"],
        round=round,
        effective=on,
        community=community,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    return [
        ReviewView(
            ReviewLine(**{name: row[name] for name in ReviewLine._fields}),
            row["community_name"],
            row["code"],
            row["unit_name"],
            row["subdistrict_name"],
            row["objections_open"],
            row["stages_done"],
        )
        for row in rows
    ]


class Absence(NamedTuple):
    """An urban community that is not in a round, as it was on the cut-off day; `withdrawn` says
    that it was, and left. Without a type it cannot enter."""

    community: str
    name: str | None
    code: str
    type: str | None
    subdistrict: str
    subdistrict_name: str | None
    unit: str | None
    unit_name: str | None
    withdrawn: bool


def absent(
    view: View,
    round: str,
    *,
    on: date,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[Absence]:
    """The urban communities of the day `on` that take no part in a round, by (code, id)."""
    rows = view.rows(
        SQL["absent"],
        round=round,
        effective=on,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [Absence(**row) for row in rows]


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


def objections(
    view: View, round: str, *, community: str | None = None, unsettled: bool = False
) -> list[ReviewObjection]:
    """The objections in a round, or against one community's result, in the order of filing."""
    rows = view.rows(SQL["objections"], round=round, community=community, unsettled=unsettled)
    return [ReviewObjection(**row) for row in rows]
