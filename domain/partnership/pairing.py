"""Which partnerships one community, or subdistrict, has with one unit: no two hold on one day."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from domain.kernel.event import Event
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key, Reservation, normalized
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.partnership.events import PartnersPaired


@dataclass(frozen=True, kw_only=True)
class Pairing(Reservation):
    """Two partners, whether the unit is known by its code or by its name."""

    kind: ClassVar[str] = "pairing"
    what: ClassVar[Bilingual] = Bilingual(
        zh="同一双方的共建登记", en="registration of the same partners"
    )


@dataclass(frozen=True)
class Partners(Key):
    """Whose partnership it is, and with which unit."""

    place: str
    unit_name: str
    unit_code: str | None

    @classmethod
    def of(cls, stated: Any) -> Self:
        """The partners that a signing, or the command for it, names."""
        return cls(
            str(stated.community or stated.subdistrict), str(stated.unit_name), stated.unit_code
        )

    def streams(self) -> Iterator[str]:
        """The streams of their pairings."""
        yield f"pairing:{derive_id('pairing', self.place, 'name', normalized(self.unit_name))}"
        if self.unit_code:
            yield f"pairing:{derive_id('pairing', self.place, 'code', self.unit_code)}"

    def same(self, other: Self) -> bool:
        """Whether they are the same two: by the unit's code, or by its name where one has none."""
        if self.place != other.place:
            return False
        if self.unit_code and other.unit_code:
            return self.unit_code == other.unit_code
        return normalized(self.unit_name) == normalized(other.unit_name)

    def reserved(self, id: str) -> Event:
        """That the partnership is theirs."""
        return PartnersPaired(partnership=id, **asdict(self))

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """That they have an agreement already."""
        return Refused(
            "agreement.already-held",
            unit_name=self.unit_name,
            place=self.place,
            agreement=id_of(stream),
            held=held,
        )
