"""A community or subdistrict has at most one partnership with a unit on a day."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key, Reservation
from domain.kernel.text import Bilingual, comparable
from domain.kernel.timeline import DateSpan
from domain.partnership.events import PartnersPaired


@dataclass(frozen=True, kw_only=True)
class Pairing(Reservation):
    """The reservations of two partners, the unit being identified by its code or its name."""

    kind: ClassVar[str] = "pairing"
    what: ClassVar[Bilingual] = Bilingual(
        zh="同一双方的共建登记", en="registration of the same partners"
    )


@dataclass(frozen=True)
class Partners(Key):
    """The two partners: a place and a unit."""

    place: str
    unit_name: str
    unit_code: str | None

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The partners that an agreement, or the command for it, names."""
        return cls(
            str(stated.community or stated.subdistrict), str(stated.unit_name), stated.unit_code
        )

    def streams(self) -> Iterator[str]:
        """The streams of their reservations, by the unit's code and by its name."""
        yield f"pairing:{derive_id('pairing', self.place, 'name', comparable(self.unit_name))}"
        if self.unit_code:
            yield f"pairing:{derive_id('pairing', self.place, 'code', self.unit_code)}"

    def same(self, other: Self) -> bool:
        """Whether they are the same: by the unit's code, or by its name if one has no code."""
        if self.place != other.place:
            return False
        if self.unit_code and other.unit_code:
            return self.unit_code == other.unit_code
        return comparable(self.unit_name) == comparable(other.unit_name)

    def reserved(self, id: str) -> Event:
        """The reservation of the partnership for these partners."""
        return PartnersPaired(partnership=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: the partners already have an agreement."""
        return Refused(
            "agreement.already-held",
            unit_name=self.unit_name,
            place=self.place,
            agreement=id_of(stream),
            held=held,
        )
