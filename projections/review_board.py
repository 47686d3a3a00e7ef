"""The review board: for each community in a round, the results of its stages, the next stage
(see ranking.py), its grade and its objections; and absent communities. It has no table."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from pydantic import Field

from domain.kernel.ids import CommunityId, RoundId
from domain.review.events import Became, Outcome
from domain.round.plan import Plan
from domain.round.ranking import rounded
from projections import irregular, people, ranking, register, reviews
from projections.engine.scope import WHOLE_CITY
from projections.engine.shape import Shape
from projections.engine.view import View
from projections.irregular import MarkedEntryView
from projections.ranking import RankedView
from projections.reviews import ReviewScore
from projections.reviews_on_day import on_day
from projections.rounds import RoundView
from record.sql import statements

SQL = statements(__file__)

Names = Mapping[tuple[str, date], str]  # of persons, by id and day

ObjectionStatus = Literal["filed", Became]


class StageView(Shape):
    """The result of one stage; `percent` is of full marks or full satisfaction."""

    stage: str
    done_on: date
    by_person: str
    by_person_name: str | None
    points: Decimal | None = Field(description="Null if the assemblies voted.")
    points_max: int | None
    percent: Decimal
    version: int = Field(description="The entry that a correction has to name.")
    position: int


class ReviewView(Shape):
    """A community in a round: completed stages, the next stage, and its grade."""

    round: RoundId
    community: CommunityId
    community_name: str | None = Field(description="As on the cut-off day.")
    code: str | None
    type: str
    unit: str = Field(description="The district, county or park that reviews it.")
    unit_name: str | None
    subdistrict: str = Field(description="The subdistrict or town that reviews it.")
    subdistrict_name: str | None
    withdrawn_on: date | None = Field(description="The day on which it left the round.")
    round_annulled_on: date | None = Field(description="Null unless the round is void.")
    next_stage: str | None = Field(
        description="Null if it is graded, was withdrawn, or its round was annulled."
    )
    returned_to: str | None = Field(description="The stage to which it was returned.")
    stages: list[StageView]
    grade: str | None
    rank: int | None
    among: int | None = Field(serialization_alias="of")
    total: Decimal | None
    decided: bool = Field(description="The grade was corrected individually.")
    objections_open: int
    position: int


class StageInFull(StageView):
    """A stage with its items and evidence, or its votes."""

    detail: list[dict[str, Any]] = Field(description="Items with points, or assemblies' votes.")


class VetoView(Shape):
    """A veto in force."""

    veto: str
    imposed_on: date
    reason: str
    version: int
    position: int


class CorrectingEntryView(Shape):
    """A correction or annulment in this round: the community and the entry of its review."""

    community: CommunityId
    community_name: str | None = Field(description="On the cut-off day.")
    version: int


class ObjectionView(Shape):
    """An objection and its status."""

    community: CommunityId
    community_name: str | None = Field(description="On the cut-off day.")
    objection: str
    filed_on: date
    filed_by: str
    filed_by_name: str | None
    grounds: str
    status: ObjectionStatus = Field(
        description="Filed while it is to be decided; upheld while it is to be settled."
    )
    outcome: Outcome | None
    decided_on: date | None
    decided_by: str | None
    decided_by_name: str | None
    reason: str | None = Field(description="The reason for the decision.")
    settled_on: date | None
    settled_by: str | None
    settled_by_name: str | None
    settled_for: str | None
    corrections: list[CorrectingEntryView] | None = Field(
        description="The corrections that settled it; empty if none was needed."
    )
    withdrawn_on: date | None
    withdrawn_for: str | None
    version: int = Field(description="The entry behind its status: what an annulment names.")
    position: int


class ReviewInFull(Shape):
    """A review with all its details."""

    review: ReviewView
    ranked: RankedView | None = Field(
        description="Why it has its grade: total, rank, what bars it from a better one and the "
        "quota, by the entries in `stages` and `vetoes`. Null until all its stages are done."
    )
    stages: list[StageInFull]
    vetoes: list[VetoView]
    objections: list[ObjectionView]
    irregular: list[MarkedEntryView] = Field(
        description="What broke a procedure in it, with the reason."
    )
    position: int


class AbsenceView(Shape):
    """An urban community on the cut-off day that is not in the round. Without a type on that day it
    cannot enter."""

    community: CommunityId
    community_name: str | None
    code: str | None
    type: str | None = Field(description="Null if it was not classified by then.")
    subdistrict: str
    subdistrict_name: str | None
    unit: str | None
    unit_name: str | None
    withdrawn: bool = Field(description="Whether it was in the round and left it.")


class Filter(NamedTuple):
    """The filters of a board; `stages_done` selects those that wait for the stage after this
    number, as stages follow their order."""

    type: str | None = None
    unit: str | None = None
    subdistrict: str | None = None
    grade: str | None = None
    stages_done: int | None = None


EVERY = Filter()


def of_round(
    view: View,
    its_round: RoundView,
    plan: Plan,
    *,
    where: Filter = EVERY,
    effective: date = date.max,
    community: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[ReviewView]:
    """The reviews of a round on a day, ordered by (code, id), with names as of the cut-off day."""
    seen = on_day(view, its_round.round, effective)
    rows = seen.rows(
        SQL["list"],
        round=its_round.round,
        cutoff_on=its_round.cutoff_on,
        community=community,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    scores: dict[str, list[ReviewScore]] = defaultdict(list)
    for score in reviews.scores(seen, its_round.round, [row["review"] for row in rows]):
        scores[score.review].append(score)
    acted = ((score.by_person, score.done_on) for each in scores.values() for score in each)
    names = people.names(view, acted)
    return [_review(its_round, plan, row, scores[row["review"]], names) for row in rows]


def in_full(
    view: View, its_round: RoundView, plan: Plan, community: str, *, effective: date = date.max
) -> ReviewInFull | None:
    """The review of a community in a round on a day; None if it does not take part."""
    found = of_round(view, its_round, plan, community=community, effective=effective)
    if not found:
        return None
    (review,) = found
    id = f"{its_round.round}.{community}"
    seen = on_day(view, its_round.round, effective)
    details = {s.stage: s.detail for s in reviews.scores(seen, its_round.round, [id])}
    return ReviewInFull(
        review=review,
        ranked=ranking.explained(view, its_round, community, effective=effective),
        stages=[
            StageInFull.of({**dict(stage), "detail": json.loads(details[stage.stage])})
            for stage in review.stages
        ],
        vetoes=[
            VetoView.of(veto._asdict())
            for veto in reviews.vetoes(seen, its_round.round)
            if veto.review == id
        ],
        objections=objections(view, its_round, community=community, effective=effective),
        irregular=[mark for _, mark in irregular.marks(view, f"review:{id}")],
        position=view.stands_at,
    )


def absent(
    view: View,
    its_round: RoundView,
    *,
    effective: date = date.max,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[AbsenceView]:
    """The urban communities on the cut-off day that do not take part in a round on a day, by
    (code, id)."""
    rows = view.rows(
        SQL["absent"],
        round=its_round.round,
        effective=effective,
        cutoff_on=its_round.cutoff_on,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [AbsenceView.of(row) for row in rows]


def objections(
    view: View,
    its_round: RoundView,
    *,
    effective: date = date.max,
    community: str | None = None,
    unsettled: bool = False,
) -> list[ObjectionView]:
    """The objections in a round on a day, or to one community's result, in the order of filing."""
    rows = on_day(view, its_round.round, effective).rows(
        SQL["objections"], round=its_round.round, community=community, unsettled=unsettled
    )
    cutoff = its_round.cutoff_on
    corrections = [json.loads(row["corrections"] or "null") for row in rows]
    corrected = (each["community"] for found in corrections for each in found or ())
    asked = [(id, cutoff) for id in (*(row["community"] for row in rows), *corrected)]
    names = {id: name for (id, _), name in register.names(view, asked).items()}
    return [
        ObjectionView.of(
            {
                **row,
                "community_name": names.get(row["community"]),
                "corrections": found
                and [
                    {**each, "community_name": names.get(each["community"])}
                    for each in found
                    if view.scope == WHOLE_CITY or each["community"] in names
                ],
            }
        )
        for row, found in zip(rows, corrections, strict=True)
    ]


def _review(
    its_round: RoundView,
    plan: Plan,
    row: Mapping[str, Any],
    scores: Iterable[ReviewScore],
    names: Names,
) -> ReviewView:
    done = {score.stage: score for score in scores}
    void = its_round.status == "annulled"
    waits = row["grade"] is None and row["withdrawn_on"] is None and not void
    return ReviewView.of(
        {
            **row,
            "round_annulled_on": its_round.annulled_on,
            "next_stage": ranking.next_stage(plan, done).stage if waits else None,
            "stages": [
                _stage(plan, row["type"], done[rule.stage], names)
                for rule in plan.scored
                if rule.stage in done
            ],
        }
    )


def _stage(plan: Plan, type: str, score: ReviewScore, names: Names) -> StageView:
    percent = ranking.mark_of(plan, type, score).percent
    return StageView.of(
        {
            **score._asdict(),
            "by_person_name": names.get((score.by_person, score.done_on)),
            "percent": rounded(percent, plan.rules.score_places),
        }
    )
