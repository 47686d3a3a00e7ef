"""Which honours of one title a household has, and which postings one matter: each once on a day."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.event import Event
from domain.honour.board import BoardSlug
from domain.honour.household import Door, HonourTitleSlug
from domain.ids import CommunityId, Id, id_of, mint
from domain.policy import called
from domain.refusals import Refused
from domain.reservation import Key, Reserving, plain
from domain.words import Words


class HonourReserved(Reserving, Event):
    """The honour is this household's. Recorded behind its award or correction."""

    sentence = Words(
        zh="登记{household}的一份{honour}；同一日不得另有一份。",
        en="An award of {honour} to {household} is noted; no other of it may hold on the same "
        "days.",
    )

    award: Id
    community: CommunityId
    household: Door
    honour: HonourTitleSlug

    @property
    def holder(self) -> str:
        """The honour's stream."""
        return f"honour:{self.award}"


@dataclass(frozen=True)
class Tenure(Key):
    """Which household bears which title."""

    community: str
    household: str
    honour: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The household and the title that an award, or the command for it, names."""
        return cls(stated.community, str(stated.household), str(stated.honour))

    def streams(self) -> Iterator[str]:
        """The stream of the door, however wide its digits are, and the title."""
        key = (self.community, plain(self.household), self.honour)
        yield f"reservation:{mint('honour', *key)}"

    def reserved(self, id: str) -> Event:
        """That the household bears the title by this honour."""
        return HonourReserved(award=id, **asdict(self))

    def taken(self, stream: str, held: Words) -> Refused:
        """That the household bears the title already."""
        title = called("honour", self.honour)
        return Refused(
            f"{self.household} in community:{self.community} bears {title.en} by {stream} already, "
            f"{held.en}; correct that one, or withdraw it before the title is awarded anew.",
            f"community:{self.community} 的 {self.household} 已获得“{title.zh}”"
            f"（编号 {id_of(stream)}），{held.zh}有效；请更正该条，或先取消该称号再行授予。",
        )


class PostingReserved(Reserving, Event):
    """The posting is the one of its matter. Recorded behind the posting or its correction."""

    sentence = Words(
        zh="登记{board}的一条公示（{place}）；同一事由在同一日不得另有一条。",
        en="A posting on the {board} is noted ({place}); no other of the same matter may stand on "
        "the same days.",
    )

    posting: Id
    community: CommunityId
    board: BoardSlug
    place: Door | None = None

    @property
    def holder(self) -> str:
        """The posting's stream."""
        return f"honour:{self.posting}"


@dataclass(frozen=True)
class Posting(Key):
    """What is posted on which board about which place: it stands there once."""

    community: str
    board: str
    place: Any
    conduct: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """What a posting, or the command for it, posts."""
        return cls(stated.community, stated.board, stated.place, str(stated.conduct))

    def streams(self) -> Iterator[str]:
        """The stream of the matter, however wide its letters are."""
        key = (self.community, self.board, plain(str(self.place or "")), plain(self.conduct))
        yield f"reservation:{mint('posting', *key)}"

    def reserved(self, id: str) -> Event:
        """That the matter is posted by this entry."""
        return PostingReserved(
            posting=id, community=self.community, board=self.board, place=self.place
        )

    def taken(self, stream: str, held: Words) -> Refused:
        """That the matter is posted already."""
        board = called("board", self.board)
        return Refused(
            f"The {board.en} of community:{self.community} has the very same entry by {stream} "
            f"already, {held.en}; correct or remove that one before it is posted anew.",
            f"community:{self.community} 的{board.zh}已有相同条目（编号 {id_of(stream)}），"
            f"{held.zh}公示；请更正该条，或先撤榜再重新张榜。",
        )
