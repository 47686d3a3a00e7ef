"""Entries on the red and black boards (红黑榜, 三(六)1): posted for a while, rectified, removed.

The policy says what an entry needs. A place is identified by its door, and nobody is named.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.honour.events import (
    BoardEntryPosted,
    BoardEntryRectified,
    BoardEntryRemoved,
    BoardSlug,
    Door,
)
from domain.honour.state import POSTING, Honour
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, Reason, Title
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved, streams_of
from domain.kernel.text import Bilingual

POST = Permission(
    "honours.boards[].may_post", doing=Bilingual(zh="张榜或撤榜", en="post on this board")
)


class PostOnBoard(ReservingCommand, Command[Honour]):
    """Post an entry on one of the policy's boards. Never include a person's name.

    The same entry about the same place is on a board once at a time.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = POST

    community: CommunityId
    board: BoardSlug
    place: Door | None = None
    conduct: Reason
    legal_basis: Title | None = None
    posted_on: date
    posted_until: date | None = None

    def consults(self, state: Honour) -> Iterable[str]:
        """The community, and the reservations of the same matter."""
        yield f"community:{self.community}"
        yield from streams_of(state.key_of(self))

    def roles(self, state: Honour, context: DecisionContext) -> Iterable[str]:
        """Those who may post on this board."""
        boards = (each for each in context.policy.honours.boards if each.code == self.board)
        board = next(boards, None)
        return board.may_post if board else self.permission.roles(context.policy)

    def decide(self, state: Honour, context: DecisionContext) -> list[Event | StreamEvent]:
        posted = state.stating(BoardEntryPosted(**vars(self)), context)
        return [*posted, *reserved(state.fold(posted), context)]


class RectifyBoardEntry(Command[Honour]):
    """Record that the matter of an entry was put right. The entry should then be removed.

    It can be recorded after the entry has ended, too.
    """

    permission: ClassVar[Permission] = POST

    rectified_on: date
    result: Reason

    def roles(self, state: Honour, context: DecisionContext) -> Iterable[str]:
        """Those who may post on its board."""
        return state.keepers(context)

    def decide(self, state: Honour, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(POSTING, "", "posted")
        board = context.policy.board(state.opening.board)
        if not board.rectifiable:
            raise Refused("posting.not-rectifiable", board=board.title)
        event = BoardEntryRectified(community=state.community, **vars(self))
        return [*state.stating(event, context)]


class RemoveBoardEntry(Command[Honour]):
    """Remove an entry from its board before its end."""

    permission: ClassVar[Permission] = POST

    removed_on: date
    reason: Reason

    def roles(self, state: Honour, context: DecisionContext) -> Iterable[str]:
        """Those who may post on its board."""
        return state.keepers(context)

    def decide(self, state: Honour, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_stage(POSTING, "", "posted", "rectified")
        event = BoardEntryRemoved(community=state.community, **vars(self))
        return [*state.stating(event, context)]
