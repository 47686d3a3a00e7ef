"""Entries on the red and black boards (红黑榜, 三(六)1): posted for a while, rectified, removed.

The policy says what an entry of each board needs; a place is named by its door, nobody by name.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from domain.command import Command
from domain.dossier import require_order
from domain.event import Event, On
from domain.honour.household import Door
from domain.ids import CommunityId, Names, Reason, Slug, Title
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.reservation import KeepsOne, reserved, streams_of
from domain.words import Number, Words

if TYPE_CHECKING:
    from domain.honour.state import Honour

BoardSlug = Annotated[Slug, Names("board")]

POSTING = Words(zh="榜单条目", en="posting")
POST = Words(zh="张榜或撤榜", en="post on this board")


class BoardEntryPosted(Event):
    """Something was posted on a public board, from a day, until a day that is not included."""

    sentence = Words(
        zh="{posted_on}在{board}公示（{place}）：{conduct}（依据：{legal_basis}；"
        "截止：{posted_until}）",
        en="Posted on the {board} on {posted_on} ({place}): {conduct} (legal basis: "
        "{legal_basis}; until: {posted_until})",
    )

    community: CommunityId
    board: BoardSlug
    place: Door | None = None
    conduct: Reason
    legal_basis: Title | None = None
    posted_on: date
    posted_until: date | None = None


class BoardEntryRectified(Event):
    """What was posted has been put right."""

    sentence = Words(
        zh="{rectified_on}已整改：{result}", en="Rectified on {rectified_on}: {result}"
    )

    community: CommunityId
    rectified_on: date
    result: Reason


class BoardEntryRemoved(Event):
    """The entry no longer stands on the board from this day on."""

    sentence = Words(
        zh="{removed_on}撤榜：{reason}", en="Removed from the board on {removed_on}: {reason}"
    )

    community: CommunityId
    removed_on: date
    reason: Reason


BoardEvent = BoardEntryPosted | BoardEntryRectified | BoardEntryRemoved


class PostOnBoard(KeepsOne, Command["Honour"]):
    """Post something on one of the policy's boards. Never write anybody's name into it.

    The same of the same place stands on a board once at a time.
    """

    begins: ClassVar[bool] = True

    community: CommunityId
    board: BoardSlug
    place: Door | None = None
    conduct: Reason
    legal_basis: Title | None = None
    posted_on: date
    posted_until: date | None = None

    def consults(self, state: "Honour") -> Iterable[str]:
        """The community, and what is posted of the same matter."""
        yield f"community:{self.community}"
        yield from streams_of(state.key_of(self))

    def decide(self, state: "Honour", occasion: Occasion) -> list[Event | On]:
        """Posted."""
        occasion.require_role(occasion.policy.board(self.board).may_post, POST)
        posted = state.stating(BoardEntryPosted(**vars(self)), occasion)
        return [*posted, *reserved(state.fold(posted), occasion)]


class RectifyBoardEntry(Command["Honour"]):
    """Record that what was posted has been put right; while it stands, it is then to be removed.

    What was put right only after the posting ended was put right all the same.
    """

    rectified_on: date
    result: Reason

    def decide(self, state: "Honour", occasion: Occasion) -> list[Event | On]:
        """Rectified."""
        occasion.require_role(state.keepers(occasion), POST)
        state.require_stage(POSTING, "", "posted")
        board = occasion.policy.board(state.opening.board)
        if not board.rectifiable:
            raise Refused(
                f"There is nothing to rectify on the {board.title.en}; remove the entry instead.",
                f"{board.title.zh}条目无需整改；如需撤下请撤榜。",
            )
        event = BoardEntryRectified(community=state.community, **vars(self))
        return [*state.stating(event, occasion)]


class RemoveBoardEntry(Command["Honour"]):
    """Remove an entry from its board before its end."""

    removed_on: date
    reason: Reason

    def decide(self, state: "Honour", occasion: Occasion) -> list[Event | On]:
        """Removed."""
        occasion.require_role(state.keepers(occasion), POST)
        state.require_stage(POSTING, "", "posted", "rectified")
        event = BoardEntryRemoved(community=state.community, **vars(self))
        return [*state.stating(event, occasion)]


def require_sound_posting(event: BoardEntryPosted, occasion: Occasion) -> None:
    """Refused unless the posting has what its board asks for: a legal basis, and an end in time."""
    board = occasion.policy.board(event.board)
    if board.needs_legal_basis and event.legal_basis is None:
        raise Refused(
            f"An entry on the {board.title.en} needs a legal basis; name the law or rule.",
            f"{board.title.zh}条目须有依据条款；请填写所依据的法律或规定。",
        )
    if board.needs_end and event.posted_until is None:
        raise Refused(
            f"An entry on the {board.title.en} needs a day on which it ends; give one.",
            f"{board.title.zh}条目须有公示截止日期；请填写。",
        )
    require_order(event.posted_on, event.posted_until, POSTING)
    if board.days_max and event.posted_until:
        latest = event.posted_on + timedelta(days=board.days_max)
        if event.posted_until > latest:
            raise Refused(
                f"An entry on the {board.title.en} stands {Number(board.days_max):day|days} at "
                f"most; end it by {latest}.",
                f"{board.title.zh}公示至多 {board.days_max} 天；截止日期请不晚于 {latest}。",
            )
