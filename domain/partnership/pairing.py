"""A community or subdistrict has at most one partnership with a unit on a day."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key, Reservation
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.partnership.events import PartnersPaired


@dataclass(frozen=True, kw_only=True)
class Pairing(Reservation):
    """The reservations of two partners."""

    kind: ClassVar[str] = "pairing"
    what: ClassVar[Bilingual] = Bilingual(
        zh="同一双方的共建登记", en="registration of the same partners"
    )


@dataclass(frozen=True)
class Partners(Key):
    """The two partners: a place and a unit."""

    place: str
    unit: str

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The partners that an agreement, or the command for it, names."""
        return cls(str(stated.community or stated.subdistrict), str(stated.unit))

    def streams(self) -> Iterator[str]:
        """The stream of their reservation."""
        yield f"pairing:{derive_id('pairing', self.place, self.unit)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the partnership for these partners."""
        return PartnersPaired(partnership=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: the partners already have an agreement."""
        return Refused(
            "agreement.already-held",
            unit=self.unit,
            place=self.place,
            agreement=id_of(stream),
            held=held,
        )
