"""Which supports a community has: one lasts at a time, whatever round each rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.text import Bilingual
from domain.support.events import SupportReserved


@dataclass(frozen=True)
class Succession(Key):
    """Whose support it is."""

    community: str

    def streams(self) -> Iterator[str]:
        """The stream of the community's supports."""
        yield f"reservation:{derive_id('support', self.community)}"

    def reserved(self, id: str) -> Event:
        """That the support is the community's."""
        return SupportReserved(support=id, community=self.community)

    def taken(self, stream: str, held: Bilingual) -> Refused:
        """That the community is supported already."""
        return Refused(
            f"community:{self.community} is supported by {stream} already, {held.en}; there is one "
            "support at a time. Conclude that one by its next round, or end it, and choose days "
            "that lie outside it.",
            f"community:{self.community} 已有帮扶（编号 {id_of(stream)}），{held.zh}；"
            "同一时间只有一项帮扶，请先以下一轮结果办结该项或提前结束，并选择其以外的日期。",
        )
