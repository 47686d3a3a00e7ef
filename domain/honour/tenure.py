"""Which honours of one title a household has, and which postings one matter: each once on a day."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.honour.events import HonourReserved, PostingReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key, normalized
from domain.kernel.timeline import DateSpan
from domain.policy import called


@dataclass(frozen=True)
class Tenure(Key):
    """Which household has which title."""

    community: str
    household: str
    honour: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The household and the title that an award, or the command for it, names."""
        return cls(stated.community, str(stated.household), str(stated.honour))

    def streams(self) -> Iterator[str]:
        """The stream of the door, however wide its digits are, and the title."""
        key = (self.community, normalized(self.household), self.honour)
        yield f"reservation:{derive_id('honour', *key)}"

    def reserved(self, id: str) -> Event:
        """That the household has the title by this honour."""
        return HonourReserved(award=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """That the household has the title already."""
        return Refused(
            "award.already-held",
            community=self.community,
            household=self.household,
            title=called("honour", self.honour),
            award=id_of(stream),
            held=held,
        )


@dataclass(frozen=True)
class Posting(Key):
    """What is posted on which board about which place: it is there once."""

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
        key = (
            self.community,
            self.board,
            normalized(str(self.place or "")),
            normalized(self.conduct),
        )
        yield f"reservation:{derive_id('posting', *key)}"

    def reserved(self, id: str) -> Event:
        """That the matter is posted by this entry."""
        return PostingReserved(
            posting=id, community=self.community, board=self.board, place=self.place
        )

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """That the matter is posted already."""
        return Refused(
            "posting.already-posted",
            community=self.community,
            board=called("board", self.board),
            posting=id_of(stream),
            held=held,
        )
