"""Where a unit belongs: under a jurisdiction or a superior unit, which exists, without a circle."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self, cast

from domain.jurisdiction.state import Jurisdiction
from domain.kernel.context import DecisionContext
from domain.kernel.lifetime import SubjectWithLifetime
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.unit.state import Unit

RECORD = Permission(
    "units.may_record",
    doing=Bilingual(zh="登记单位", en="keep the register of units"),
    governs=False,
)
NAME = Bilingual(zh="名称", en="name")
CODE = Bilingual(zh="统一社会信用代码", en="unified social credit code")
KIND = Bilingual(zh="类别", en="kind")
PLACE = Bilingual(zh="隶属关系", en="place")


@dataclass(frozen=True)
class Place:
    """What a command says a unit belongs to: one of the two."""

    jurisdiction: str | None
    superior: str | None

    @classmethod
    def of(cls, stated: object) -> Self:
        """The place that a command states."""
        return cls(getattr(stated, "jurisdiction", None), getattr(stated, "superior", None))

    @property
    def stream(self) -> str:
        """The stream of what it belongs to."""
        return f"unit:{self.superior}" if self.superior else f"jurisdiction:{self.jurisdiction}"

    def streams(self) -> Iterator[str]:
        """The streams of all that is stated."""
        if self.jurisdiction:
            yield f"jurisdiction:{self.jurisdiction}"
        if self.superior:
            yield f"unit:{self.superior}"

    def require_existing_on(self, day: date, context: DecisionContext) -> None:
        """Refused unless exactly one is stated, and it exists on that day."""
        if bool(self.jurisdiction) == bool(self.superior):
            raise Refused("unit.not-in-one-place")
        above: SubjectWithLifetime
        if self.superior:
            above = context.state(Unit, self.superior)
        else:
            above = context.state(Jurisdiction, str(self.jurisdiction))
        above.require_existing_on(day)


class PlacingCommand(ReservingCommand):
    """A base for commands by which a unit may belong to another superior unit on some day.

    They name the superior units among what they consult.
    """

    def consults_further(self, state: Unit, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """The others that have a key, and all superiors up the tree, on whichever day."""
        yield from super().consults_further(state, consulted)
        ahead, passed = [*state.superiors(), *Place.of(self).streams()], {state.stream}
        while ahead:
            above = consulted.get(stream := ahead.pop())
            if stream not in passed and (above is None or isinstance(above, Unit)):
                passed.add(stream)
                yield stream
                ahead += above.superiors() if above else ()


def require_no_circle(after: Unit, context: DecisionContext) -> None:
    """Refused if the unit would be its own superior on some day, itself or through others.

    `after` is its state after the command, which is a `PlacingCommand`.
    """
    units = {after.stream: after}
    ahead = list(after.superiors())
    while ahead:
        if (stream := ahead.pop()) not in units:
            units[stream] = cast(Unit, context.consulted[stream])
            ahead += units[stream].superiors()
    days = {change.effective_from for each in units.values() for change in each.places.stated()}
    for day in sorted(days):
        passed = [after.stream]
        while (above := units[passed[-1]].superior_on(day)) and above not in passed:
            passed.append(above)
        if above == after.stream:
            raise Refused("unit.under-itself", title=after.title, superiors=passed[1:], day=day)
