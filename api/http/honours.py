"""Titles of households and the red and black boards over HTTP: commands and reads."""

from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
)
from api.http.timelines import add_timeline
from domain.honour.board import PostOnBoard, RectifyBoardEntry, RemoveBoardEntry
from domain.honour.events import BoardSlug, HonourTitleSlug
from domain.honour.household import (
    AnnulHonourEntry,
    CorrectHonourEntry,
    HonourHousehold,
    WithdrawHonour,
)
from domain.honour.state import Honour
from domain.kernel.ids import CommunityId, Id
from projections import honours
from projections.honours import HonourView, PostingStatus, PostingView

COMMANDS = (
    CommandRoute(
        "/households", "honours.award", HonourHousehold, "评选文明户 · Award a title to a household"
    ),
    CommandRoute(
        "/{honour}/withdrawals", "honours.withdraw", WithdrawHonour, "取消称号 · Withdraw a title"
    ),
    CommandRoute("/postings", "honours.post", PostOnBoard, "红黑榜张榜 · Post on a board"),
    CommandRoute(
        "/{honour}/rectifications",
        "honours.rectify",
        RectifyBoardEntry,
        "整改 · Record a rectification",
    ),
    CommandRoute(
        "/{honour}/removals",
        "honours.remove",
        RemoveBoardEntry,
        "撤榜 · Remove an entry from its board",
    ),
    CommandRoute(
        "/{honour}/corrections",
        "honours.correct",
        CorrectHonourEntry,
        "更正条目 · Correct an entry",
    ),
    CommandRoute(
        "/{honour}/annulments", "honours.annul", AnnulHonourEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1/honours", "荣誉 Honours", COMMANDS)


@router.get(
    "/households",
    operation_id="honours.households",
    summary="星级文明户与文明家庭 · Titles of households",
    responses=READ_PROBLEMS,
)
def list_titles(
    reading: TheReading,
    key: TheKey,
    community: Annotated[CommunityId | None, Query()] = None,
    title: Annotated[HonourTitleSlug | None, Query()] = None,
    in_force: Annotated[bool | None, Query(description="Whether it is held on the day.")] = None,
    limit: Limit = 50,
) -> Listing[HonourView]:
    """Households' titles on the day, in the order of award."""
    with reading.view() as view:
        found = honours.titles(
            view,
            effective=reading.effective,
            community=community,
            title=title,
            in_force=in_force,
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(
            view,
            found,
            limit,
            key=lambda each: (each.awarded_on.isoformat(), each.honour),
        )


@router.get(
    "/postings",
    operation_id="honours.postings",
    summary="红黑榜 · Entries on the boards",
    responses=READ_PROBLEMS,
)
def list_postings(
    reading: TheReading,
    key: TheKey,
    community: Annotated[CommunityId | None, Query()] = None,
    board: Annotated[BoardSlug | None, Query()] = None,
    status: Annotated[PostingStatus | None, Query()] = None,
    in_force: Annotated[
        bool | None, Query(description="Whether it is in force on the day.")
    ] = None,
    limit: Limit = 50,
) -> Listing[PostingView]:
    """Entries on the boards on the day, in the order of posting."""
    with reading.view() as view:
        found = honours.postings(
            view,
            effective=reading.effective,
            community=community,
            board=board,
            status=status,
            in_force=in_force,
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(
            view,
            found,
            limit,
            key=lambda each: (each.posted_on.isoformat(), each.honour),
        )


@router.get(
    "/{honour}",
    operation_id="honours.get",
    summary="一项荣誉或榜单条目 · One title or posting",
    responses=READ_PROBLEMS,
)
def get_honour(honour: Id, reading: TheReading) -> HonourView | PostingView:
    """The title or the board entry on the day."""
    with reading.view() as view:
        reading.tag(view, f"honour:{honour}")
        for title in honours.titles(view, effective=reading.effective, honour=honour):
            return title
        for posting in honours.postings(view, effective=reading.effective, honour=honour):
            return posting
    raise not_there(f"honour:{honour}", reading.effective)


add_timeline(
    router, "/{honour}/timeline", "honours.timeline", Honour, "荣誉大事记 · An honour's timeline"
)
