"""The list of rounds, and one round as a board: its stages, and each community in them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.reading import Reading, TheKey, TheReading, paged, unfit
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.http.rounds import round_on_record
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, show
from api.pages.recorded import by_year, of_matter, shown_lines
from api.pages.titles import Titles
from domain.kernel.ids import SLUG_PATTERN, JurisdictionId, RoundId
from domain.kernel.policy import Policy
from domain.kernel.policy.working_days import working_days
from domain.round.plan import Plan, StageRule
from domain.round.state import Phase
from projections import organisation, review_board, rounds, timeline
from projections.engine.view import View
from projections.review_board import Filter, ReviewView
from projections.rounds import RoundView, WindowView

router = page_router()

CARDS_MAX = 60
STORY_MAX = 500
# What can be done with a round in each phase; who may is the policy's matter.
OFFERED: Mapping[Phase, tuple[str, ...]] = {
    "planned": ("rounds.open", "rounds.annul"),
    "open": ("rounds.open-stage", "rounds.close-stage", "rounds.admit", "rounds.grade"),
    "graded": ("rounds.publish", "rounds.regrade", "rounds.annul"),
    "published": ("rounds.regrade", "rounds.close"),
    "closed": ("rounds.regrade",),
    "annulled": (),
}
TheType = Annotated[str, Query(pattern=rf"^$|{SLUG_PATTERN}", max_length=64)]
ThePlace = Annotated[JurisdictionId | str, Query(max_length=64)]


class StageShown(NamedTuple):
    """A column of the board. `days` are the working days that are left of an open one."""

    rule: StageRule
    done: int
    status: Literal["coming", "open", "over"]
    first: date
    last: date
    days: int | None


@router.get("/rounds")
def list_of_rounds(request: Request, reading: TheReading) -> HTMLResponse:
    """All rounds, the newest first."""
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = rounds.rounds(view, effective=reading.effective, limit=LINES_MAX)
        return show(
            reading,
            view,
            "rounds/list.html",
            here="rounds",
            lines=found[::-1],
            offered=permitted(by.authority.role, policy, "rounds.plan"),
            titles=Titles(policy, page_language(request)),
        )


@router.get("/rounds/{round}")
def one_round(
    request: Request,
    round: RoundId,
    reading: TheReading,
    key: TheKey,
    type: TheType = "",
    district: ThePlace = "",
    subdistrict: ThePlace = "",
    waits_for: TheType = "",
    stage: TheType = "",
) -> HTMLResponse:
    """A round on the day: how far each stage is, and how far each community.

    `waits_for` narrows the cards to those whose next stage it is, `stage` to those that did it.
    """
    by = reading_as(request)
    asked = {"type": type, "district": district, "subdistrict": subdistrict}
    with reading.view() as view:
        its_round = round_on_record(view, round, reading.effective)
        policy = policy_asked(reading, view)
        plan, _ = rounds.plan(view, round)
        codes = [each.stage for each in plan.rules.stages]
        for name, value in (("waits_for", waits_for), ("stage", stage)):
            if value and value not in codes:
                raise unfit(name, "parameter.unknown-value", value=value)
        every = reviews_of(view, reading, its_round, plan, asked)
        cards = [
            each
            for each in every
            if waits_for in ("", each.next_stage) and (not stage or is_done(each, plan, stage))
        ]
        page, following = paged(
            cards, lambda e: (e.code or "", e.community), after=key, limit=CARDS_MAX
        )
        titles = Titles(policy, page_language(request))
        return show(
            reading,
            view,
            "rounds/board.html",
            here="rounds",
            round=its_round,
            asked={**asked, "waits_for": waits_for, "stage": stage},
            columns=stages_shown(view, reading, its_round, plan, every, policy),
            among=sum(each.withdrawn_on is None for each in every),
            found=len(cards),
            lines=page,
            places=_places(view, reading, founded(request).city, district),
            types=[(each.code, each.title.in_(titles.language)) for each in policy.types],
            marked={each.community: _percents(each) for each in page},
            offered=permitted(by.authority.role, policy, *OFFERED[its_round.status]),
            titles=titles,
            paging=paging(reading, view, key, following),
            years=_story(view, reading, its_round),
        )


def reviews_of(
    view: View,
    reading: Reading,
    its_round: RoundView,
    plan: Plan,
    asked: Mapping[str, str],
) -> Sequence[ReviewView]:
    """All reviews of a round that the filter asks for, by code."""
    where = Filter(
        type=asked["type"] or None,
        unit=asked["district"] or None,
        subdistrict=asked["subdistrict"] or None,
    )
    day = reading.effective

    def read() -> list[ReviewView]:
        return review_board.of_round(view, its_round, plan, where=where, effective=day)

    return view.once(("reviews-shown", its_round.round, day, where), read)


def is_done(review: ReviewView, plan: Plan, stage: str) -> bool:
    """Whether a community has done a stage of its round."""
    if stage == plan.grading.stage:
        return review.grade is not None
    return any(each.stage == stage for each in review.stages)


def stages_shown(
    view: View,
    reading: Reading,
    its_round: RoundView,
    plan: Plan,
    found: Sequence[ReviewView],
    policy: Policy,
) -> list[StageShown]:
    """The stages of a round with the number of communities that have done each."""
    opened = {
        each.stage: each
        for each in rounds.windows(view, its_round.round, effective=reading.effective)
    }
    there = [each for each in found if each.withdrawn_on is None]
    return [
        _column(
            rule,
            sum(is_done(each, plan, rule.stage) for each in there),
            opened.get(rule.stage),
            its_round,
            reading.effective,
            policy,
        )
        for rule in plan.rules.stages
    ]


def _column(
    rule: StageRule,
    done: int,
    window: WindowView | None,
    its_round: RoundView,
    day: date,
    policy: Policy,
) -> StageShown:
    first, last = rule.planned_from, rule.planned_until - timedelta(days=1)
    closed_on = window.closed_on if window else None
    if rule.acts == "grade":
        closed_on = its_round.graded_on
    if window:
        first, last = window.opened_on, closed_on or last
    if closed_on:
        return StageShown(rule, done, "over", first, closed_on, None)
    if window is None:
        return StageShown(rule, done, "coming", first, last, None)
    left = working_days(day, last, policy.calendar).days
    if last < day:
        left = -working_days(last, day, policy.calendar).days
    return StageShown(rule, done, "open", first, last, left)


def _percents(review: ReviewView) -> dict[str, Any]:
    return {each.stage: each for each in review.stages}


def _places(
    view: View, reading: Reading, city: str | None, district: str
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The districts, and the subdistricts of the chosen one."""

    def under(parent: str | None) -> list[tuple[str, str]]:
        found = organisation.jurisdictions(
            view, effective=reading.effective, parent=parent, limit=LINES_MAX
        )
        return [(each.jurisdiction, each.name) for each in found]

    return under(city), under(district) if district else []


def _story(view: View, reading: Reading, its_round: RoundView) -> list[Any]:
    stream = f"round:{its_round.round}"
    every = timeline.history(view, stream, until=reading.effective, limit=STORY_MAX)
    own = [each for each in every if each.entry.stream == stream]
    return by_year(shown_lines(view, of_matter(own, "all"), own, page_language(reading.request)))
