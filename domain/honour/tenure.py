"""One title of a household, and one posting of a matter, at a time."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.honour.events import HonourReserved, PostingReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.policy import called
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.text import comparable
from domain.kernel.timeline import DateSpan


@dataclass(frozen=True)
class Tenure(Key):
    """A household and a title."""

    community: str
    household: str
    honour: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The household and the title that an award, or the command for it, names."""
        return cls(stated.community, str(stated.household), str(stated.honour))

    def streams(self) -> Iterator[str]:
        """The stream of the door and the title; the width of digits does not matter."""
        key = (self.community, comparable(self.household), self.honour)
        yield f"reservation:{derive_id('honour', *key)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the title for this honour."""
        return HonourReserved(award=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: the household already has the title."""
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
    """A matter posted on a board about a place."""

    community: str
    board: str
    place: Any
    conduct: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The matter of a posting, or of the command for it."""
        return cls(stated.community, stated.board, stated.place, str(stated.conduct))

    def streams(self) -> Iterator[str]:
        """The stream of the matter; the width of letters does not matter."""
        key = (
            self.community,
            self.board,
            comparable(str(self.place or "")),
            comparable(self.conduct),
        )
        yield f"reservation:{derive_id('posting', *key)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the matter for this posting."""
        return PostingReserved(
            posting=id, community=self.community, board=self.board, place=self.place
        )

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: the matter is already posted."""
        return Refused(
            "posting.already-posted",
            community=self.community,
            board=called("board", self.board),
            posting=id_of(stream),
            held=held,
        )
