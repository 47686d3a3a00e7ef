"""A community has one support at a time, whatever rounds they rest on."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.timeline import DateSpan
from domain.support.events import SupportReserved


@dataclass(frozen=True)
class Succession(Key):
    """The supported community."""

    community: str

    def streams(self) -> Iterator[str]:
        """The stream of the community's supports."""
        yield f"reservation:{derive_id('support', self.community)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the support for the community."""
        return SupportReserved(support=id, community=self.community)

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: the community is already supported."""
        return Refused(
            "support.one-at-a-time", community=self.community, support=id_of(stream), held=held
        )
