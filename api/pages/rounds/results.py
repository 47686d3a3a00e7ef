"""The results of a round: the ranking with its reasons, what is published, and the objections."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import Reading, TheReading, unfit
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.http.rounds import round_on_record
from api.pages.forms.operations import Operation, permitted
from api.pages.page import page_router, show
from api.pages.recorded import LineShown, shown_lines
from api.pages.rounds.board import STORY_MAX, ThePlace, TheType, reviews_of
from api.pages.titles import Titles
from domain.kernel.ids import RoundId
from domain.kernel.policy import Policy
from domain.round.plan import Plan, QuotaRule
from domain.round.ranking import quota_places
from projections import ranking, review_board, rounds, timeline
from projections.engine.view import View
from projections.ranking import Ranked
from projections.review_board import ReviewView
from projections.rounds import RoundView

router = page_router()

GRADINGS = ("CityGraded", "CityRegraded")
ANYWHERE = {"type": "", "district": "", "subdistrict": ""}
# The next step of an objection, by its status.
STEPS: Mapping[str, tuple[str, ...]] = {
    "filed": ("reviews.decide-objection", "reviews.withdraw-objection"),
    "upheld": ("reviews.settle-objection",),
}


class Meter(NamedTuple):
    """How many of a type, or of a unit of it, have a grade; and the places that a quota gives."""

    grade: str
    used: int
    places: int | None
    among: int
    bound: str


@router.get("/rounds/{round}/ranking")
def show_ranking(
    request: Request,
    round: RoundId,
    reading: TheReading,
    type: TheType = "",
    district: ThePlace = "",
    grade: TheType = "",
) -> HTMLResponse:
    """The communities of one type by rank, each with the reasons for its rank and its grade."""
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        policy = policy_asked(reading, view)
        plan, _ = rounds.plan(view, round)
        every = view.once(
            ("ranking", round, day), lambda: ranking.ranked(view, round, effective=day)
        )
        counts = Counter(each.placing.type for each in every)
        types = [each.code for each in policy.types if counts[each.code]]
        if type and type not in types:
            raise unfit("type", "parameter.unknown-value", value=type)
        type = type or (types[0] if types else "")
        of_type = [each for each in every if each.placing.type == type]
        shown = [
            each
            for each in of_type
            if district in ("", each.placing.unit) and grade in ("", each.placing.grade)
        ]
        lines = ranking.named(view, its_round, shown)
        return show(
            reading,
            view,
            "rounds/ranking.html",
            here="rounds",
            round=its_round,
            asked={"type": type, "district": district, "grade": grade},
            types=[(each, counts[each]) for each in types],
            lines=lines,
            units=_units(view, its_round, of_type),
            meters=_meters(plan, of_type),
            stages=plan.scored,
            rules=plan.rules,
            gradings=_gradings(view, reading, its_round),
            titles=Titles(policy, page_language(request)),
        )


@router.get("/rounds/{round}/publication")
def show_publication(request: Request, round: RoundId, reading: TheReading) -> HTMLResponse:
    """The notice of the results, to be printed: every graded community by type and rank."""
    with reading.view() as view:
        its_round = round_on_record(view, round, reading.effective)
        policy = policy_asked(reading, view)
        plan, _ = rounds.plan(view, round)
        graded = [e for e in reviews_of(view, reading, its_round, plan, ANYWHERE) if e.grade]
        return show(
            reading,
            view,
            "rounds/publication.html",
            here="rounds",
            round=its_round,
            types=_by_type(graded, policy),
            counts=Counter(each.grade for each in graded),
            rules=plan.rules,
            titles=Titles(policy, page_language(request)),
        )


@router.get("/rounds/{round}/objections")
def show_objections(
    request: Request,
    round: RoundId,
    reading: TheReading,
    unsettled: Annotated[str, Query(pattern=r"^(yes)?$")] = "",
) -> HTMLResponse:
    """The objections to the results of a round, with what is to be done about each."""
    by = reading_as(request)
    with reading.view() as view:
        day = reading.effective
        its_round = round_on_record(view, round, day)
        policy = policy_asked(reading, view)
        found = review_board.objections(view, its_round, effective=day)
        waiting = [each for each in found if each.status in STEPS]
        return show(
            reading,
            view,
            "rounds/objections.html",
            here="rounds",
            round=its_round,
            unsettled=bool(unsettled),
            all=len(found),
            left=len(waiting),
            lines=waiting if unsettled else found,
            steps=_steps(by.authority.role, policy),
            titles=Titles(policy, page_language(request)),
        )


def _steps(role: str, policy: Policy) -> dict[str, list[Operation]]:
    return {status: permitted(role, policy, *names) for status, names in STEPS.items()}


def _units(view: View, its_round: RoundView, found: Sequence[Ranked]) -> list[tuple[str, str]]:
    """The districts of these communities, by name."""
    named = ranking.named(view, its_round, found)
    return sorted(
        {(each.unit, each.unit_name or each.unit) for each in named}, key=lambda each: each[1]
    )


def _meters(plan: Plan, found: Sequence[Ranked]) -> list[Meter]:
    """Of each grade the places used of one type; a quota of units is theirs, not the type's."""
    used = Counter(each.placing.grade for each in found)
    quotas: dict[str, QuotaRule] = {q.grade: q for q in plan.rules.quotas if q.per == "type"}
    among = max((each.placing.of for each in found), default=0)
    return [
        Meter(
            rule.grade,
            used[rule.grade],
            quota_places(quotas[rule.grade], among) if rule.grade in quotas else None,
            among,
            quotas[rule.grade].bound if rule.grade in quotas else "none",
        )
        for rule in plan.rules.grades
    ]


def _gradings(view: View, reading: Reading, its_round: RoundView) -> list[LineShown]:
    """When the city graded, and graded again: the newest first."""
    stream = f"round:{its_round.round}"
    every = timeline.history(view, stream, until=reading.effective, limit=STORY_MAX)
    own = [e for e in every if e.entry.stream == stream and e.entry.name in GRADINGS]
    return shown_lines(view, own[::-1], every, page_language(reading.request))


def _by_type(found: Sequence[ReviewView], policy: Policy) -> list[tuple[str, list[Any]]]:
    """The graded communities under their types, in the order of the policy, by rank."""
    ordered = sorted(found, key=lambda each: (each.rank or 0, each.code or ""))
    types = [(type.code, [e for e in ordered if e.type == type.code]) for type in policy.types]
    return [(code, lines) for code, lines in types if lines]
