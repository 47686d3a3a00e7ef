"""Which grade each community has, on any day, as known at any moment: from the day on which a round
was published until the next round's. A correction holds from that same day: void from the start.
What people see of them is in grade_board.py."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, assert_never, cast, get_args

from domain.kernel.event import Event
from domain.review.events import (
    CommunityGraded,
    CommunityRegraded,
    GradeAnnulled,
    GradeCorrected,
    ReviewGradingEvent,
)
from domain.review.standing import Given, given_after
from domain.round.events import ResultsAnnulled, ResultsListed
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.scope import lies_in
from projections.engine.seen import Seen

GradesEvent = ResultsListed | ResultsAnnulled | ReviewGradingEvent


@row(key=("community", "round"), scope=lies_in("community"))
class GradePeriod(NamedTuple):
    """A community's grade by one round and the days on which it holds; null when it was annulled.

    `decided` says that it was decided by itself, whatever the ranking gives.
    """

    community: str
    round: str
    effective_from: date
    effective_until: date | None
    grade: str | None
    type: str
    unit: str
    rank: int | None
    among: int | None
    total: Decimal | None
    decided: bool
    position: int


class Grades(Projection):
    """Grades, by community."""

    name = "grades"
    kinds = (GradePeriod,)
    events = cast(tuple[type[Event], ...], get_args(GradesEvent))
    module_file = __file__

    def keys(self, entry: Seen) -> Iterable[str]:
        """The communities whose results it lists or annuls, or the one whose grade it states."""
        event = cast(GradesEvent, entry.event)
        match event:
            case ResultsListed():
                return [result.community for result in event.results]
            case ResultsAnnulled():
                return event.communities
            case CommunityGraded() | CommunityRegraded() | GradeCorrected() | GradeAnnulled():
                return (event.community,)
            case _:
                assert_never(event)

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the community's grades after this entry; what is not published yet is none."""
        event = cast(GradesEvent, entry.event)
        was = page.row(GradePeriod, key, event.round)
        match event:
            case ResultsListed():
                period = _listed(key, event, entry.position)
            case _ if was is None:
                return
            case ResultsAnnulled():
                period = _stated(was, None, entry.position)
            case CommunityGraded() | CommunityRegraded() | GradeCorrected() | GradeAnnulled():
                given = given_after(_given(was), event, entry.version)
                period = _stated(was, given, entry.position)
            case _:
                assert_never(event)
        others = (each for each in page.of(GradePeriod) if each.round != event.round)
        page.put(*_in_turn([*others, period]))


def _listed(community: str, event: ResultsListed, at: int) -> GradePeriod:
    result = next(each for each in event.results if each.community == community)
    return GradePeriod(
        community=community,
        round=event.round,
        effective_from=event.published_on,
        effective_until=None,
        grade=result.grade,
        type=result.type,
        unit=result.unit,
        rank=result.rank,
        among=result.of,
        total=result.total,
        decided=result.decided,
        position=at,
    )


def _given(row: GradePeriod) -> Given | None:
    """The grade as far as a row shows it."""
    if row.grade is None or row.rank is None or row.among is None or row.total is None:
        return None
    return Given(
        version=0,
        grade=row.grade,
        rank=row.rank,
        of=row.among,
        total=row.total,
        graded_on=row.effective_from,
        decided_by=0 if row.decided else None,
    )


def _stated(row: GradePeriod, given: Given | None, at: int) -> GradePeriod:
    place = (given.grade, given.rank, given.of, given.total) if given else (None,) * 4
    grade, rank, among, total = place
    return row._replace(
        grade=grade,
        rank=rank,
        among=among,
        total=total,
        decided=given is not None and given.decided,
        position=at,
    )


def _in_turn(periods: Sequence[GradePeriod]) -> list[GradePeriod]:
    """Each holds until the next one that is a grade."""
    ordered = sorted(periods, key=lambda p: (p.effective_from, p.round))
    turns, until = [], None
    for period in reversed(ordered):
        turns.append(period._replace(effective_until=until))
        if period.grade is not None:
            until = period.effective_from
    return turns[::-1]
