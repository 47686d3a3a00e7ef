"""Which honours of one title a household has: it bears a title once on one day."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.event import Event
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

    def same(self, other: Self) -> bool:
        """Whether it is the same title of the same door."""
        return list(self.streams()) == list(other.streams())

    def reserved(self, id: str) -> Event:
        """That the household bears the title by this honour."""
        return HonourReserved(award=id, **asdict(self))

    def taken(self, stream: str, held: Words) -> Refused:
        """That the household bears the title already."""
        title = called("honour", self.honour)
        return Refused(
            f"{self.household} in community:{self.community} bears {title.en} by {stream} already, "
            f"{held.en}; correct that one, or withdraw it before the title is awarded anew.",
            f"community:{self.community} 的 {self.household} 已获得“{title.zh}”（编号 "
            f"{id_of(stream)}），"
            f"{held.zh}有效；请更正该条，或先取消该称号再行授予。",
        )
