"""The ranking of a round as its scores give it, with how every rank came about, beside what was
published; and of each review which stage comes next. Computed when asked, by the domain's rule."""

import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from domain.round.plan import Mark, Plan, StageRule
from domain.round.ranking import Candidate, Placing, rank
from projections import reviews, rounds
from projections.engine.view import View
from projections.reviews import ReviewLine, ReviewScore


class Ranked(NamedTuple):
    """A community's place by its scores now, and the grade on record; `differs` when a correction
    has moved it and the city has not graded anew."""

    placing: Placing
    line: ReviewLine

    @property
    def differs(self) -> bool:
        """Whether what is on record is not what the scores give."""
        line, placing = self.line, self.placing
        return (line.rank, line.among, line.total) != (placing.rank, placing.of, placing.total) or (
            not line.decided and line.grade != placing.grade
        )


def ranked(view: View, round: str) -> list[Ranked]:
    """All communities of a round whose stages are all done, by type and rank; none of an annulled
    round, whose grades are void."""
    found = rounds.one(view, round)
    if found is None or found.phase == "annulled":
        return []
    plan, _ = rounds.plan(view, round)
    lines = {each.community: each for each in reviews.lines(view, round) if not each.withdrawn_on}
    marks = marks_of(plan, lines.values(), reviews.scores(view, round))
    vetoes: dict[str, list[str]] = defaultdict(list)
    for veto in reviews.vetoes(view, round):
        vetoes[veto.review].append(veto.veto)
    candidates = [
        Candidate(line.community, line.type, line.unit, marked, tuple(vetoes[line.review]))
        for line in lines.values()
        if len(marked := marks[line.review]) == len(plan.scored)
    ]
    return [Ranked(placing, lines[placing.community]) for placing in rank(plan, candidates)]


def marks_of(
    plan: Plan, lines: Iterable[ReviewLine], scores: Iterable[ReviewScore]
) -> dict[str, dict[str, Mark]]:
    """By review, what each stage that is done came to."""
    types = {line.review: line.type for line in lines}
    marks: dict[str, dict[str, Mark]] = {review: {} for review in types}
    for score in scores:
        if score.review in types:
            marks[score.review][score.stage] = _mark(plan, types[score.review], score)
    return marks


def next_stage(plan: Plan, done: Iterable[str]) -> StageRule:
    """The stage whose act comes next: the grading when all others are done."""
    stages = set(done)
    return next((each for each in plan.scored if each.stage not in stages), plan.grading)


def _mark(plan: Plan, type: str, score: ReviewScore) -> Mark:
    detail = json.loads(score.detail)
    if plan.stage(score.stage).acts == "appraise":
        return plan.mark_of_votes({each["assembly"]: each["votes"] for each in detail})
    points = {each["item"]: Decimal(each["points"]) for each in detail}
    return plan.mark_of_points(score.stage, type, points)
