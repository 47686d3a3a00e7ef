"""The ranking of a round by its scores, with explanations, beside what was
published; and the next stage of each review. Computed on request, by the domain's rule."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pydantic import Field

from domain.kernel.ids import CommunityId
from domain.round.plan import Mark, Plan, StageRule
from domain.round.ranking import Candidate, Limit, Placing, QuotaEffect, StageShare, rank
from projections import organisation, register, reviews, rounds
from projections.engine.shape import Shape
from projections.engine.view import View
from projections.register import NamedCommunityView
from projections.reviews import ReviewLine, ReviewScore
from projections.reviews_on_day import on_day
from projections.rounds import RoundView


class Ranked(NamedTuple):
    """A community's place by its scores, and the grade on record."""

    placing: Placing
    line: ReviewLine

    @property
    def differs(self) -> bool:
        """Whether the record differs from what the scores give, because of a correction after which
        the city has not graded again, or because the grade was decided by itself."""
        line, placing = self.line, self.placing
        recorded = (line.rank, line.among, line.total, line.grade)
        return recorded != (placing.rank, placing.of, placing.total, placing.grade)


class RankedView(Shape):
    """A community's rank and grade by its scores, explained, beside what is on record."""

    community: CommunityId
    community_name: str | None
    type: str
    unit: str
    unit_name: str | None
    stages: tuple[StageShare, ...]
    total: Decimal
    rank: int
    among: int = Field(serialization_alias="of")
    tied_with: list[NamedCommunityView] = Field(
        description="Those of its type with the same total."
    )
    decided_by: tuple[str, ...] = Field(description="The stages that decided between them.")
    shares_with: list[NamedCommunityView] = Field(description="Those that share its rank.")
    deserved: str = Field(description="The grade by the total alone.")
    limits: tuple[Limit, ...]
    quota: QuotaEffect | None
    grade: str
    recorded_grade: str | None
    recorded_rank: int | None
    recorded_total: Decimal | None
    recorded_decided: bool = Field(description="The recorded grade was decided individually.")
    differs: bool = Field(
        description="Whether the record differs from what the scores give: grade again, unless only"
        " the grade differs and was decided individually."
    )


def ranked(view: View, round: str, *, effective: date = date.max) -> list[Ranked]:
    """The communities in scope of a round whose stages are all done on a day, by type and rank;
    none of an annulled round, whose grades are void.

    A rank is among all of the city. How many these are, and what the quota allows, is published;
    which they are is told of those in scope only.
    """
    found = rounds.one(view, round, effective=effective)
    if found is None or found.status == "annulled":
        return []
    seen = on_day(view, round, effective)
    shown = {each.community for each in reviews.lines(seen, round)}
    with view.whole_city():
        every = _ranked(view, round, effective)
    return [_within(shown, each) for each in every if each.placing.community in shown]


def _within(shown: Collection[str], each: Ranked) -> Ranked:
    placing = each.placing
    tied = tuple(id for id in placing.tied if id in shown)
    shares_with = tuple(id for id in placing.shares_with if id in shown)
    return each._replace(placing=replace(placing, tied=tied, shares_with=shares_with))


def _ranked(view: View, round: str, effective: date) -> list[Ranked]:
    plan, _ = rounds.plan(view, round)
    seen = on_day(view, round, effective, whole=True)
    lines = {each.community: each for each in reviews.lines(seen, round) if not each.withdrawn_on}
    types = {line.review: line.type for line in lines.values()}
    marks: dict[str, dict[str, Mark]] = {review: {} for review in types}
    for score in reviews.scores(seen, round):
        if score.review in types:
            marks[score.review][score.stage] = mark_of(plan, types[score.review], score)
    vetoes: dict[str, list[str]] = defaultdict(list)
    for veto in reviews.vetoes(seen, round):
        vetoes[veto.review].append(veto.veto)
    candidates = [
        Candidate(line.community, line.type, line.unit, marked, tuple(vetoes[line.review]))
        for line in lines.values()
        if len(marked := marks[line.review]) == len(plan.scored)
    ]
    return [Ranked(placing, lines[placing.community]) for placing in rank(plan, candidates)]


def explained(
    view: View, its_round: RoundView, community: str, *, effective: date = date.max
) -> RankedView | None:
    """Why a community has its grade by the scores of a day; None until all its stages are done."""
    round = its_round.round
    every = view.once(
        ("ranking", round, effective), lambda: ranked(view, round, effective=effective)
    )
    found = [each for each in every if each.placing.community == community]
    return named(view, its_round, found)[0] if found else None


def named(view: View, its_round: RoundView, page: Sequence[Ranked]) -> list[RankedView]:
    """These places for display, with names as of the cut-off day."""
    on = its_round.cutoff_on
    placings = [each.placing for each in page]
    ids = {id for p in placings for id in (p.community, *p.tied, *p.shares_with)}
    communities = register.names(view, [(id, on) for id in sorted(ids)])
    units = organisation.names(view, [(p.unit, on) for p in placings])
    names = {id: name for (id, _), name in (*communities.items(), *units.items())}
    return [_view_of(each, names) for each in page]


def mark_of(plan: Plan, type: str, score: ReviewScore) -> Mark:
    """The mark of a stage that is done."""
    detail = json.loads(score.detail)
    if plan.stage(score.stage).acts == "appraise":
        return plan.mark_of_votes({each["assembly"]: each["votes"] for each in detail})
    points = {each["item"]: Decimal(each["points"]) for each in detail}
    return plan.mark_of_points(score.stage, type, points)


def next_stage(plan: Plan, done: Iterable[str]) -> StageRule:
    """The next stage; the grading if all others are done."""
    stages = set(done)
    return next((each for each in plan.scored if each.stage not in stages), plan.grading)


def _view_of(each: Ranked, names: Mapping[str, str]) -> RankedView:
    placing, line = each.placing, each.line
    return RankedView.of(
        {
            **vars(placing),
            "among": placing.of,
            "community_name": names.get(placing.community),
            "unit_name": names.get(placing.unit),
            "tied_with": _named(placing.tied, names),
            "shares_with": _named(placing.shares_with, names),
            "recorded_grade": line.grade,
            "recorded_rank": line.rank,
            "recorded_total": line.total,
            "recorded_decided": line.decided,
            "differs": each.differs,
        }
    )


def _named(ids: Iterable[str], names: Mapping[str, str]) -> list[NamedCommunityView]:
    return [NamedCommunityView(community=id, community_name=names.get(id)) for id in ids]
