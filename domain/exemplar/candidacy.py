"""A community is an exemplar of a type once at a time, from its nomination on."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from domain.exemplar.events import NominationReserved
from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.policy import called
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.timeline import DateSpan


@dataclass(frozen=True)
class Candidacy(Key):
    """A community and the type of which it is, or is nominated as, an exemplar."""

    community: str
    type: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The community and the type of a nomination."""
        return cls(stated.community, stated.type)

    def streams(self) -> Iterator[str]:
        """The stream of the community, whose type is known only once it has been read."""
        yield f"reservation:{derive_id('exemplar', self.community)}"

    def same(self, other: Self) -> bool:
        """Whether it is the same community in the same type."""
        return self == other

    def reserved(self, id: str) -> Event:
        """The reservation of the exemplar for this community."""
        return NominationReserved(exemplar=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: the community is already nominated or designated."""
        return Refused(
            "exemplar.already-nominated",
            community=self.community,
            type=called("type", self.type),
            exemplar=id_of(stream),
            held=held,
        )
