"""What distinguishes units: a name in a place, and a unified social credit code."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.kernel.event import Event
from domain.kernel.ids import derive_id
from domain.kernel.refusal import Refused
from domain.kernel.reservation import Key
from domain.kernel.text import comparable
from domain.kernel.timeline import DateSpan
from domain.unit.events import CreditCodeReserved, UnitNameReserved


@dataclass(frozen=True)
class UnitName(Key):
    """A name under a jurisdiction or a superior unit: two offices may each have a 办公室."""

    place: str
    name: str

    def streams(self) -> Iterator[str]:
        """The stream of the name and place; spaces in the name do not matter."""
        yield f"reservation:{derive_id('unit-name', self.place, comparable(self.name))}"

    def reserved(self, id: str) -> Event:
        """The reservation of the name for this unit."""
        return UnitNameReserved(unit=id, place=self.place, name=self.name)

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: another unit has the name."""
        return Refused("unit.name-taken", name=self.name, place=self.place, unit=stream, held=held)


@dataclass(frozen=True)
class UnitCode(Key):
    """A unified social credit code."""

    credit_code: str

    def streams(self) -> Iterator[str]:
        """The stream of the code."""
        yield f"reservation:{derive_id('credit-code', self.credit_code)}"

    def reserved(self, id: str) -> Event:
        """The reservation of the code for this unit."""
        return CreditCodeReserved(unit=id, credit_code=self.credit_code)

    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal: another unit has the code."""
        return Refused("unit.code-taken", credit_code=self.credit_code, unit=stream, held=held)
