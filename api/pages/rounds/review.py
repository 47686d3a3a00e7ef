"""The review of one community in a round: its stages side by side, its grade, what it rests on."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import TheReading
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.http.rounds import round_on_record
from api.pages.forms.operations import Operation, permitted
from api.pages.page import page_router, show
from api.pages.recorded import by_year, of_matter, shown_lines
from api.pages.titles import Titles
from domain.kernel.ids import CommunityId, RoundId
from domain.kernel.policy import Policy, StageAct, StageUnit
from domain.kernel.refusal import NotOnRecord
from domain.round.plan import ItemRule, Plan
from projections import review_board, rounds, timeline
from projections.review_board import ReviewInFull, StageInFull
from projections.rounds import RoundView

router = page_router()

STORY_MAX = 500
# The command of each stage but the last, in which the city grades all communities at once.
NEXT: Mapping[tuple[StageAct, StageUnit], str] = {
    ("appraise", "community"): "reviews.appraise",
    ("self-assess", "community"): "reviews.self-assess",
    ("score", "subdistrict"): "reviews.score-by-subdistrict",
    ("score", "district"): "reviews.score-by-district",
}


class ItemShown(NamedTuple):
    """An item of the rubrics with what each stage gave for it, in the order of the stages."""

    rule: ItemRule
    scores: Sequence[tuple[str, Mapping[str, Any] | None]]

    @property
    def said(self) -> list[tuple[str, str]]:
        """What each stage gave as evidence."""
        return [(stage, one["evidence"]) for stage, one in self.scores if one and one["evidence"]]


@router.get("/rounds/{round}/reviews/{community}")
def one_review(
    request: Request, round: RoundId, community: CommunityId, reading: TheReading
) -> HTMLResponse:
    """A community in a round on the day."""
    by = reading_as(request)
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        plan, _ = rounds.plan(view, round)
        found = review_board.in_full(view, its_round, plan, community, effective=day)
        if found is None:
            raise NotOnRecord("read.not-in-round", community=community, round=its_round.title)
        policy = policy_asked(reading, view)
        stream = f"review:{round}.{community}"
        every = timeline.history(view, stream, until=day, limit=STORY_MAX)
        own = [each for each in every if each.entry.stream == stream]
        language = page_language(request)
        done = {each.stage: each for each in found.stages}
        next_one, offered = _offered(found, its_round, plan, by.authority.role, policy)
        return show(
            reading,
            view,
            "rounds/review.html",
            here="rounds",
            round=its_round,
            found=found,
            review=found.review,
            stages=[(rule, done.get(rule.stage)) for rule in plan.scored],
            weights={s.stage: plan.rubric(s.stage, found.review.type).weight for s in plan.scored},
            items=_items(plan, found.review.type, done),
            votes=[(done[s.stage], s) for s in plan.scored if _is_vote(s.acts, done, s.stage)],
            next_one=next_one,
            offered=offered,
            subject_id=f"{round}.{community}",
            titles=Titles(policy, language),
            reasons=plan.rules,
            years=by_year(shown_lines(view, of_matter(own, "all"), own, language)),
        )


def _is_vote(acts: StageAct, done: Mapping[str, StageInFull], stage: str) -> bool:
    return acts == "appraise" and stage in done


def _items(plan: Plan, type: str, done: Mapping[str, StageInFull]) -> list[ItemShown]:
    """All items of the rubrics for a type, each with its points in the stages that score items."""
    stages = [each for each in plan.scored if each.acts != "appraise"]
    rules = {item.item: item for s in stages for item in plan.rubric(s.stage, type).items}
    given = {
        s.stage: {each["item"]: each for each in done[s.stage].detail} if s.stage in done else {}
        for s in stages
    }
    return [
        ItemShown(rule, [(stage, found.get(code)) for stage, found in given.items()])
        for code, rule in rules.items()
    ]


def _offered(
    found: ReviewInFull, its_round: RoundView, plan: Plan, role: str, policy: Policy
) -> tuple[Operation | None, list[Operation]]:
    """The next step's form, if this role takes it, and what else it may do with the review."""
    review = found.review
    if its_round.status == "annulled" or review.withdrawn_on:
        return None, []
    names: list[str] = []
    first: list[Operation] = []
    if review.next_stage:
        rule = plan.stage(review.next_stage)
        step = NEXT.get((rule.acts, rule.unit))
        first = permitted(role, policy, step) if step else []
        names += ["reviews.return"] if review.stages else []
        names += ["reviews.withdraw"]
    acts = {plan.stage(each.stage).acts for each in review.stages}
    names += ["reviews.correct-appraisal"] if "appraise" in acts else []
    names += ["reviews.correct-score"] if acts - {"appraise"} else []
    names += ["reviews.impose-veto"]
    names += ["reviews.lift-veto"] if found.vetoes else []
    if review.grade:
        names += ["reviews.correct-grade", "reviews.object"]
        supported = {each.grade for each in plan.rules.grades if each.supported}
        names += ["supports.begin"] if review.grade in supported else []
    names += _about_objections([each.status for each in found.objections])
    return (first[0] if first else None), permitted(role, policy, *names)


def _about_objections(statuses: Sequence[str]) -> list[str]:
    names = []
    if "filed" in statuses:
        names += ["reviews.decide-objection", "reviews.withdraw-objection"]
    if "upheld" in statuses:
        names += ["reviews.settle-objection"]
    return names
