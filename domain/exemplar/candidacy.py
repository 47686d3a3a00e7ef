"""How often a community is an exemplar of one type: once at a time, from its nomination on."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.exemplar.events import NominationReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.timeline import DateSpan
from domain.policy import called


@dataclass(frozen=True)
class Candidacy(Key):
    """Which community is, or is to be, an exemplar of which type."""

    community: str
    type: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The community and the type of a nomination."""
        return cls(stated.community, stated.type)

    def streams(self) -> Iterator[str]:
        """The stream of the community: its type is not known before it has been read."""
        yield f"reservation:{derive_id('exemplar', self.community)}"

    def same(self, other: Self) -> bool:
        """Whether it is the same community in the same type."""
        return self == other

    def reserved(self, id: str) -> Event:
        """That the exemplar is this community's."""
        return NominationReserved(exemplar=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """That the community is nominated or designated already."""
        return Refused(
            "exemplar.already-nominated",
            community=self.community,
            type=called("type", self.type),
            exemplar=id_of(stream),
            held=held,
        )
