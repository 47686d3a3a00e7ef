"""Households' titles, and entries on the red and black boards, as of any day, as known at any
moment."""

from datetime import date
from typing import Literal, NamedTuple, get_args

from pydantic import Field

from domain.honour.events import BoardEntryPosted, HonourEvent
from domain.honour.state import Honour
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.shape import Shape
from projections.engine.staged_subjects import Fact, StagedSubjects, Stretch, listed
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("honour", "effective_from"), indexes=("community",), scope=lies_in("community"))
class HonourLine(NamedTuple):
    """A household's title over the days on which it had one status."""

    honour: str
    effective_from: date
    effective_until: date | None
    status: str
    community: str
    household: str
    title: str
    stars: int | None
    awarded_on: date
    held_until: date | None
    position: int


@row(key=("honour", "effective_from"), indexes=("community",), scope=lies_in("community"))
class BoardLine(NamedTuple):
    """An entry of a board over the days on which it had one status."""

    honour: str
    effective_from: date
    effective_until: date | None
    status: str
    community: str
    board: str
    place: str | None
    conduct: str
    legal_basis: str | None
    posted_on: date
    posted_until: date | None
    result: str | None
    position: int


@row(key=("subject", "version"), scope=BelongsTo("honour"))
class HonourFact(Fact):
    """What one entry of an honour states."""

    __slots__ = ()


class Honours(StagedSubjects):
    """Titles of households and entries of boards."""

    name = "honours"
    subject = Honour
    fact = HonourFact
    kinds = (HonourLine, BoardLine, HonourFact)
    events = get_args(HonourEvent)
    module_file = __file__

    def line(self, id: str, stretch: Stretch) -> HonourLine | BoardLine:
        """The title's status, or the posting's."""
        posted = isinstance(stretch.opening, BoardEntryPosted)
        return _posting(id, stretch) if posted else _title(id, stretch)


def _title(id: str, stretch: Stretch) -> HonourLine:
    opening = stretch.opening
    return HonourLine(
        honour=id,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        status=stretch.stage,
        community=opening.community,
        household=opening.household,
        title=opening.honour,
        stars=opening.stars,
        awarded_on=opening.awarded_on,
        held_until=opening.held_until,
        position=stretch.position,
    )


def _posting(id: str, stretch: Stretch) -> BoardLine:
    opening = stretch.opening
    return BoardLine(
        honour=id,
        effective_from=stretch.effective_from,
        effective_until=stretch.effective_until,
        status=stretch.stage,
        community=opening.community,
        board=opening.board,
        place=opening.place,
        conduct=opening.conduct,
        legal_basis=opening.legal_basis,
        posted_on=opening.posted_on,
        posted_until=opening.posted_until,
        result=stretch.value("result"),
        position=stretch.position,
    )


PostingStatus = Literal["posted", "rectified", "removed"]


class HonourView(Shape):
    """A household's title on the requested day; the household is named by its door only."""

    honour: str
    status: Literal["awarded", "withdrawn"]
    effective_from: date = Field(description="Since when it has this status.")
    effective_until: date | None
    in_force: bool = Field(description="Neither withdrawn nor run out on the day.")
    community: str
    community_name: str | None
    household: str
    title: str
    stars: int | None
    awarded_on: date
    held_until: date | None
    position: int = Field(description="The position of the entry that brought it to this status.")


class PostingView(Shape):
    """An entry of a board on the requested day."""

    honour: str
    status: PostingStatus
    effective_from: date = Field(description="Since when it has this status.")
    effective_until: date | None
    in_force: bool = Field(description="Neither removed nor run out on the day.")
    community: str
    community_name: str | None
    board: str
    place: str | None
    conduct: str
    legal_basis: str | None
    posted_on: date
    posted_until: date | None
    result: str | None = Field(description="How it was put right.")
    position: int


def titles(
    view: View,
    *,
    effective: date,
    community: str | None = None,
    title: str | None = None,
    in_force: bool | None = None,
    honour: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[HonourView]:
    """Households' titles on a day, ordered by (award, id), from after `after`."""
    return listed(
        view,
        SQL["titles"],
        HonourView,
        effective=effective,
        community=community,
        title=title,
        in_force=in_force,
        honour=honour,
        after=after,
        limit=limit,
    )


def postings(
    view: View,
    *,
    effective: date,
    community: str | None = None,
    board: str | None = None,
    status: str | None = None,
    in_force: bool | None = None,
    honour: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[PostingView]:
    """Entries of the boards on a day, ordered by (posting, id), from after `after`."""
    return listed(
        view,
        SQL["postings"],
        PostingView,
        effective=effective,
        community=community,
        board=board,
        status=status,
        in_force=in_force,
        honour=honour,
        after=after,
        limit=limit,
    )
